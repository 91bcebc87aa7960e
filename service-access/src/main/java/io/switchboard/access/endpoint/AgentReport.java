package io.switchboard.access.endpoint;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * What an agent says of itself and its balancer.
 *
 * @param id of the agent; it takes the place of an earlier one with the same id
 * @param startedAt tells it from such an earlier one
 * @param incarnation of the data in etcd that {@code revision} belongs to
 * @param revision all changes up to this revision are in force, but for instances that are refused
 * @param mode of its balancer
 * @param version of the program that balances; empty where none runs
 * @param instances whose routes it carries
 * @param refused instances that it can't carry
 * @param repairs how often the balancer did something else than it was told, since {@code startedAt}
 * @param oldWorkers processes of the balancer from before a reload; 0 from agents of an earlier version, which don't say
 */
public record AgentReport(
        String id,
        Instant startedAt,
        String incarnation,
        long revision,
        String mode,
        String version,
        int instances,
        Set<UUID> refused,
        long repairs,
        @JsonSetter(nulls = Nulls.AS_EMPTY) int oldWorkers) {

    public AgentReport {
        Objects.requireNonNull(id);
        Objects.requireNonNull(startedAt);
        Objects.requireNonNull(incarnation);
        Objects.requireNonNull(mode);
        Objects.requireNonNull(version);
        refused = Set.copyOf(refused);
    }

    /** The last revision in force, as far as it can be compared with those of other data. */
    public long revisionIn(String otherIncarnation) {
        return incarnation.equals(otherIncarnation) ? revision : 0;
    }

    /** Whether an instance's change of a revision is in force there. */
    public boolean carries(UUID instanceId, String ofIncarnation, long changed) {
        return revisionIn(ofIncarnation) >= changed && !refused.contains(instanceId);
    }

    /** The same but for how far it is. */
    public boolean saysNoMoreThan(AgentReport other) {
        return equals(new AgentReport(
                other.id,
                other.startedAt,
                other.incarnation,
                revision,
                other.mode,
                other.version,
                other.instances,
                other.refused,
                other.repairs,
                other.oldWorkers));
    }
}
