package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** All deployments, durable. */
public interface Deployments {

    /** Those of the ids that are known, in no order. */
    List<Deployment> find(Collection<UUID> ids);

    /**
     * Stores a deployment as changed from what it was, together with the event and the task snapshot that the change
     * holds, if its sequences grew.
     *
     * @return the stored one, for the next change
     * @throws StaleDeployment if another writer came first; read again and decide again
     */
    default Deployment save(Deployment before, Deployment after) {
        return save(before, after, List.of());
    }

    /** As above, together with what is to be noted about it. */
    Deployment save(Deployment before, Deployment after, List<Note> notes);

    /** Notes what happened without any change of the deployment. */
    void note(UUID instanceId, List<Note> notes);

    /** Notes what the balancer said it has taken over, by instance; lower numbers than the stored ones change nothing. */
    void routed(Map<UUID, Long> sequences, Instant at);

    /** Deployments with something left to do, ordered by id, after the given one. */
    List<UUID> unsettled(Optional<UUID> after, int limit);

    /** Deployments that run and have nothing left to do, ordered by id, after the given one. */
    List<UUID> settled(Optional<UUID> after, int limit);

    /** Which of the workloads belong to which instance; one that no deployment may still run is left out. */
    Map<String, UUID> owners(Set<String> workloads);

    /** What each task of a workload is given; one that no deployment may still run is left out. */
    Map<String, Resources> sizes(Set<String> workloads);

    /** A revision, and until when the engine knew it. */
    record Kept(Revision revision, Instant createdAt, Optional<Instant> retiredAt) {}

    /** Newest first; those that retention has deleted are missing. */
    List<Kept> history(UUID instanceId);

    /** Newest first. */
    List<Note> notes(UUID instanceId, int limit);

    /** Deployments that run or end, of one tenant or of all, ordered by tenant and name. */
    List<Deployment> living(Optional<String> tenant);

    /** The last snapshot of each instance that had one and is not removed. */
    List<TaskSnapshot> snapshots();
}
