package io.switchboard.scheduling.measurement;

import io.switchboard.engine.Usage;
import java.time.Instant;
import java.util.Optional;

/** Where figures of tasks come from, whatever they are worth. */
@FunctionalInterface
interface Source {

    double BYTES_PER_MIB = 1 << 20;

    /** Without an answer, nothing of any task. */
    TaskUsage.Latest latest();

    /** Empty for what no task can use: negative figures, beyond all bounds, or none. */
    static Optional<Usage> usage(double cores, double bytes, Instant at) {
        double millis = 1_000 * cores;
        double mib = bytes / BYTES_PER_MIB;
        boolean possible = millis >= 0 && mib >= 0 && millis < Integer.MAX_VALUE && mib < Integer.MAX_VALUE;
        return possible
                ? Optional.of(new Usage((int) Math.round(millis), (int) Math.round(mib), at))
                : Optional.empty();
    }
}
