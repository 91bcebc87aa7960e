package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.ClientReport.Health;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the application is while it runs a canary; at other times nobody asks. It is called {@code DOWN} once it was so at two
 * looks in a row: one check of something remote may fail by itself. One that gives no answer is {@code DOWN}, too.
 */
final class CanaryHealth {

    private static final Duration EACH = Duration.ofSeconds(2);

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Turns turns;
    private final Supplier<Health> check;
    private final Runnable onChange;

    private boolean asked;
    private boolean answered = true;
    private long looks;
    private boolean during;
    private Health last = Health.UNKNOWN;
    private volatile Found now = Found.NOTHING;

    /** @param problem what there is to say about it, without values */
    record Found(Health health, Optional<String> problem) {

        private static final Found NOTHING = new Found(Health.UNKNOWN, Optional.empty());
        private static final Found SILENT = new Found(
                Health.DOWN, Optional.of("its health check gave no answer within " + LONGEST.toSeconds() + " seconds"));
    }

    /** @param onChange runs in a turn */
    CanaryHealth(Turns turns, Supplier<Health> check, Runnable onChange) {
        this.turns = turns;
        this.check = check;
        this.onChange = onChange;
    }

    Found now() {
        return now;
    }

    /** In a turn: whether a canary runs from now on. */
    void during(boolean canary) {
        boolean begins = canary && !during;
        during = canary;
        if (!during) {
            last = Health.UNKNOWN;
            now = Found.NOTHING;
        } else if (!asked) {
            ask();
        } else if (begins && !answered) {
            // The look of an earlier canary still hangs.
            limit();
        }
    }

    private void ask() {
        asked = true;
        answered = false;
        looks++;
        limit();
        Turns.apart("switchboard-config-health", () -> {
            Health found = check();
            turns.now(() -> found(found));
        });
    }

    private void limit() {
        long look = looks;
        turns.later(LONGEST, () -> {
            if (during && !answered && look == looks) {
                last = Health.DOWN;
                tell(Found.SILENT);
            }
        });
    }

    private void tell(Found found) {
        if (!found.equals(now)) {
            now = found;
            onChange.run();
        }
    }

    private Health check() {
        try {
            return check.get();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            return Health.UNKNOWN;
        }
    }

    private void found(Health found) {
        answered = true;
        if (!during || turns.closed()) {
            asked = false;
            return;
        }
        boolean first = found == Health.DOWN && last != Health.DOWN;
        last = found;
        tell(first ? now : new Found(found, Optional.empty()));
        turns.later(EACH, () -> {
            if (during) {
                ask();
            } else {
                asked = false;
            }
        });
    }
}
