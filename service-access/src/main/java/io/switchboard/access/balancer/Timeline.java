package io.switchboard.access.balancer;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** When which revision came to be known, within a few hundredths of a second and never too late. */
final class Timeline {

    private static final Duration GRAIN = Duration.ofMillis(50);
    private static final int MOST = 10_000;

    private final TreeMap<Long, Instant> known = new TreeMap<>();

    /** Takes note of the newest revision. */
    void note(long revision, Instant at) {
        var last = known.lastEntry();
        if (last != null && last.getKey() >= revision) {
            return;
        }
        if (last != null && last.getValue().plus(GRAIN).isAfter(at)) {
            known.remove(last.getKey());
            known.put(revision, last.getValue());
        } else {
            known.put(revision, at);
        }
        if (known.size() > MOST) {
            var first = known.pollFirstEntry();
            known.put(known.firstKey(), first.getValue());
        }
    }

    /** Since when the oldest revision after this one is known; empty if there is none. */
    Optional<Instant> oldestAfter(long revision) {
        return Optional.ofNullable(known.higherEntry(revision)).map(Map.Entry::getValue);
    }

    /** Nobody asks for revisions up to this one any more; the newest of all is kept. */
    void forgetUpTo(long revision) {
        while (known.size() > 1 && known.firstKey() <= revision) {
            known.pollFirstEntry();
        }
    }
}
