package io.switchboard.console.page;

import io.switchboard.contracts.scheduling.Resources;
import java.util.Locale;

/**
 * What one task may use at most, as people read it.
 *
 * @param cores for example {@code 0.25}
 */
public record Size(String cores, int memoryMib) {

    public static Size of(Resources resources) {
        return new Size(cores(resources.cpuMillis()), resources.memoryMib());
    }

    /** Thousandths of a core as cores, for example {@code 0.25}. */
    public static String cores(int millis) {
        return String.format(Locale.ROOT, "%.2f", millis / 1000.0);
    }
}
