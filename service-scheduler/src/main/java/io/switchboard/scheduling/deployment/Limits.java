package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much may be asked for at once. */
public final class Limits {

    private static final int MOST = 1_000;

    private Limits() {}

    /** @throws Problem {@link RequestProblem#INVALID_REQUEST} naming the parameter */
    public static int entries(String parameter, @Nullable Integer asked, int usual) {
        int most = asked == null ? usual : asked;
        if (most < 1 || most > MOST) {
            throw new Problem(
                    RequestProblem.INVALID_REQUEST,
                    "Between 1 and %,d can be read at once.".formatted(MOST),
                    Map.of("errors", List.of(Map.of("field", parameter, "message", "must be 1 to " + MOST))));
        }
        return most;
    }
}
