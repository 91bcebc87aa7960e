package io.switchboard.access.endpoint;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A balancer did something else than it was told.
 *
 * @param rightUntil when it was last seen to be right
 * @param noticedAt when it was seen not to be
 * @param repairedAt when it was seen to be right again; empty if it couldn't be repaired yet
 * @param count how many things differed
 * @param differences the first of them
 */
public record Drift(
        Instant rightUntil, Instant noticedAt, Optional<Instant> repairedAt, int count, List<Difference> differences) {

    /** Of one balancer. */
    public static final int MOST_KEPT = 50;

    /** Of one drift; a swapped configuration may differ in everything. */
    public static final int MOST_DIFFERENCES = 20;

    public Drift {
        Objects.requireNonNull(rightUntil);
        Objects.requireNonNull(noticedAt);
        Objects.requireNonNull(repairedAt);
        differences = List.copyOf(differences);
    }

    /** Noticed now, with as many of the differences as are kept. */
    public static Drift noticed(Instant rightUntil, Instant now, List<Difference> differences) {
        return new Drift(
                rightUntil,
                now,
                Optional.empty(),
                differences.size(),
                differences.stream().limit(MOST_DIFFERENCES).toList());
    }

    public Drift repaired(Instant now) {
        return new Drift(rightUntil, noticedAt, Optional.of(now), count, differences);
    }

    /**
     * @param what a server, a host, a port or a setting
     * @param wanted empty if it should not be there
     * @param found empty if it is not there
     */
    public record Difference(String what, String wanted, String found) {

        public Difference {
            Objects.requireNonNull(what);
            Objects.requireNonNull(wanted);
            Objects.requireNonNull(found);
        }
    }
}
