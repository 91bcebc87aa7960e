package io.switchboard.console.page;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A lamp per task, lit when it is ready, like the strip above a switchboard's jacks.
 *
 * @param ready tasks that are ready
 * @param wanted tasks the capacity plan asks for
 */
public record Lamps(int ready, int wanted) {

    /** More lamps than these say nothing more to the eye. */
    private static final int SHOWN = 32;

    public List<Boolean> lit() {
        int lamps = Math.min(SHOWN, Math.max(ready, wanted));
        return IntStream.range(0, lamps).mapToObj(lamp -> lamp < ready).toList();
    }
}
