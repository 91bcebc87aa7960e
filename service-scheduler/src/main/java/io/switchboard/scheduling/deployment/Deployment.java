package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What should run for a service instance, and what was said about it so far.
 *
 * @param revision number of the wanted revision, 0 before the first
 * @param wantedTasks tasks of that revision
 * @param perTask the size of each task
 * @param explanation how the capacity plan came about
 * @param order the last order that changed the deployment
 * @param traffic what the balancer was told
 * @param told what the order's owner was told
 * @param revisions those the engine may still know, oldest first
 * @param version of the stored row, to notice another writer
 */
public record Deployment(
        Instance instance,
        Goal goal,
        long revision,
        int wantedTasks,
        Resources perTask,
        String explanation,
        Order order,
        Traffic traffic,
        Told told,
        List<Revision> revisions,
        long version) {

    /** The least there is; the size in deployments that never had a plan. */
    static final Resources NO_SIZE = new Resources(1, 16);

    public Deployment {
        revisions = List.copyOf(revisions);
    }

    public record Instance(UUID id, String tenant, String name, String serviceType) {}

    /** @param acceptedAt when the order was taken, before the queue */
    public record Order(UUID id, Instant acceptedAt) {}

    /**
     * @param sequence of the last event, 0 before the first
     * @param status what the deployment does
     * @param settled nothing is left to do until an order or the engine says otherwise
     * @param progressAt when something last got further
     * @param changedAt when the status last changed
     */
    public record Told(
            long sequence, DeploymentStatus status, boolean settled, Instant progressAt, Instant changedAt) {}

    public UUID id() {
        return instance.id();
    }

    /** The revision that is wanted; empty before the first, and once removal has gone that far. */
    public Optional<Revision> wanted() {
        return revisions.stream().filter(one -> one.number() == revision).findFirst();
    }

    /** With a new task snapshot, in which the named tasks are draining for good. */
    public Deployment publish(List<ServingTask> serving, Iterable<String> newlyDraining, Instant now) {
        return with(traffic.published(serving, newlyDraining, now)).progressed(now);
    }

    /** With the named tasks asked to finish their calls. */
    public Deployment ask(Iterable<String> taskIds, Instant now) {
        return with(traffic.asked(taskIds, now)).progressed(now);
    }

    /** With the balancer's word that it has taken over a snapshot. */
    public Deployment takenOver(long sequence) {
        return with(traffic.takenOver(sequence));
    }

    /** Without a workload the engine has forgotten. */
    public Deployment retire(String workload, Instant now) {
        var left = revisions.stream()
                .filter(one -> !one.workload().equals(workload))
                .toList();
        return new Deployment(
                        instance,
                        goal,
                        revision,
                        wantedTasks,
                        perTask,
                        explanation,
                        order,
                        traffic,
                        told,
                        left,
                        version)
                .progressed(now);
    }

    /** With another status, which is an event. */
    public Deployment tell(DeploymentStatus status, boolean settled, boolean progress, Instant now) {
        return with(new Told(told.sequence() + 1, status, settled, progress ? now : told.progressAt(), now));
    }

    /** With the same status as before, and whether anything is left to do. */
    public Deployment settle(boolean settled) {
        return with(new Told(told.sequence(), told.status(), settled, told.progressAt(), told.changedAt()));
    }

    Deployment withRevisions(List<Revision> known) {
        return new Deployment(
                instance, goal, revision, wantedTasks, perTask, explanation, order, traffic, told, known, version);
    }

    Deployment versioned(long next) {
        return new Deployment(
                instance, goal, revision, wantedTasks, perTask, explanation, order, traffic, told, revisions, next);
    }

    /** The last status as an event. */
    public DeploymentEvent event() {
        return event(order.id(), told.status());
    }

    DeploymentEvent event(UUID orderId, DeploymentStatus status) {
        return new DeploymentEvent(
                instance.id(), orderId, instance.tenant(), told.sequence(), told.changedAt(), status);
    }

    /** The last task snapshot. */
    public TaskSnapshot snapshot() {
        var ports = wanted().map(Revision::ports)
                .or(() -> revisions.stream().findFirst().map(Revision::ports))
                .orElse(List.of());
        return new TaskSnapshot(
                instance.id(),
                instance.tenant(),
                instance.name(),
                instance.serviceType(),
                traffic.sequence(),
                ports,
                traffic.tasks(),
                told.status() instanceof DeploymentStatus.Removed);
    }

    private Deployment progressed(Instant now) {
        return with(new Told(told.sequence(), told.status(), told.settled(), now, told.changedAt()));
    }

    private Deployment with(Traffic other) {
        return new Deployment(
                instance, goal, revision, wantedTasks, perTask, explanation, order, other, told, revisions, version);
    }

    private Deployment with(Told other) {
        return new Deployment(
                instance, goal, revision, wantedTasks, perTask, explanation, order, traffic, other, revisions, version);
    }
}
