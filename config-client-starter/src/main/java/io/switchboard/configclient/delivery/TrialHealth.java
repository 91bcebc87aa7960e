package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.ClientReport.Health;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How the application is while it runs a canary; at other times nobody asks. It is called {@code DOWN} once it was so at two
 * looks in a row: one check of something remote may fail by itself.
 */
final class TrialHealth {

    private static final Duration EACH = Duration.ofSeconds(2);

    private final Turns turns;
    private final Supplier<Health> check;
    private final Runnable onChange;

    private boolean asked;
    private boolean during;
    private Health last = Health.UNKNOWN;
    private volatile Health now = Health.UNKNOWN;

    /** @param onChange runs in a turn */
    TrialHealth(Turns turns, Supplier<Health> check, Runnable onChange) {
        this.turns = turns;
        this.check = check;
        this.onChange = onChange;
    }

    Health now() {
        return now;
    }

    /** In a turn: whether a canary runs from now on. */
    void during(boolean canary) {
        during = canary;
        if (!during) {
            last = Health.UNKNOWN;
            now = Health.UNKNOWN;
        } else if (!asked) {
            ask();
        }
    }

    private void ask() {
        asked = true;
        Turns.apart("switchboard-config-health", () -> {
            Health found = check();
            turns.now(() -> found(found));
        });
    }

    private Health check() {
        try {
            return check.get();
        } catch (RuntimeException | LinkageError e) {
            return Health.UNKNOWN;
        }
    }

    private void found(Health found) {
        if (!during || turns.closed()) {
            asked = false;
            return;
        }
        Health told = found == Health.DOWN && last != Health.DOWN ? now : found;
        last = found;
        if (told != now) {
            now = told;
            onChange.run();
        }
        turns.later(EACH, () -> {
            if (during) {
                ask();
            } else {
                asked = false;
            }
        });
    }
}
