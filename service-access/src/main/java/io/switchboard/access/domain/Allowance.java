package io.switchboard.access.domain;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** How often somebody may do something: a few times at once, and then as soon as what was used comes back. */
final class Allowance {

    private final int most;
    private final Duration backAfter;
    private final Clock clock;
    /** When all that was used will be back, of those who have used any. */
    private final Map<String, Instant> whole = new HashMap<>();

    /**
     * @param most at once, at least 1
     * @param backAfter how long it takes one of them to come back
     */
    Allowance(int most, Duration backAfter, Clock clock) {
        this.most = most;
        this.backAfter = backAfter;
        this.clock = clock;
    }

    /** Uses one, unless none is left. */
    synchronized boolean take(String who) {
        var now = clock.instant();
        whole.values().removeIf(at -> !at.isAfter(now));
        var at = whole.getOrDefault(who, now);
        if (at.isAfter(now.plus(backAfter.multipliedBy(most - 1)))) {
            return false;
        }
        whole.put(who, at.plus(backAfter));
        return true;
    }
}
