package io.switchboard.scheduling.deployment;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.scheduling.capacity.OrderedCapacity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What should run for a service instance, and what was said about it so far.
 *
 * @param desired what was asked for
 * @param order the last order that changed the deployment
 * @param course how it gets to what is desired
 * @param traffic what the balancer was told
 * @param told what the order's owner was told
 * @param revisions those the engine may still know, oldest first
 * @param version of the stored row, to notice another writer
 */
public record Deployment(
        Instance instance,
        Desired desired,
        Order order,
        Course course,
        Traffic traffic,
        Told told,
        List<Revision> revisions,
        long version) {

    public Deployment {
        revisions = List.copyOf(revisions);
    }

    public record Instance(UUID id, String tenant, String name, String serviceType) {}

    /**
     * What was asked for.
     *
     * @param revision number of the wanted revision, 0 before the first
     * @param tasks tasks of that revision
     * @param perTask the size of each task
     * @param ordered what was ordered, which more or fewer tasks may run for at the moment; empty if it isn't known
     * @param explanation how the capacity plan came about
     */
    public record Desired(
            Goal goal,
            long revision,
            int tasks,
            Resources perTask,
            // Absent in what earlier versions stored.
            @JsonSetter(nulls = Nulls.AS_EMPTY) Optional<OrderedCapacity> ordered,
            String explanation) {

        /** The least there is; the size in deployments that never had a plan. */
        private static final Resources NO_SIZE = new Resources(1, 16);

        static Desired nothing() {
            return new Desired(Goal.NOTHING, 0, 0, NO_SIZE, Optional.empty(), "");
        }

        /** The same tasks, whatever is said of how they came about. */
        boolean asksForTheSameAs(Desired other) {
            return goal == other.goal
                    && revision == other.revision
                    && tasks == other.tasks
                    && perTask.equals(other.perTask);
        }

        /** The same with other tasks; what was planned, and how, stays. */
        Desired scaled(int other) {
            return new Desired(goal, revision, other, perTask, ordered, explanation);
        }

        Desired removed() {
            return new Desired(Goal.REMOVE, revision, 0, perTask, ordered, explanation);
        }
    }

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

    /**
     * Whether so many tasks may be wanted instead. A load that grows doesn't wait for a rollout, but for the end of a trial
     * or a pause; fewer may be what a rollout that is stuck has room for.
     */
    public boolean mayScaleTo(int tasks) {
        return course.pause().isEmpty()
                && course.way().canary().isEmpty()
                && (told.settled() || tasks > desired.tasks() || told.status() instanceof DeploymentStatus.Stuck);
    }

    public UUID id() {
        return instance.id();
    }

    public Goal goal() {
        return desired.goal();
    }

    /** The revision that is wanted; empty before the first, and once removal has gone that far. */
    public Optional<Revision> wanted() {
        return revision(desired.revision());
    }

    /** Empty for one that the engine doesn't know any more. */
    public Optional<Revision> revision(long number) {
        return revisions.stream().filter(one -> one.number() == number).findFirst();
    }

    /** With a new task snapshot, in which the named tasks are draining for good. */
    public Deployment publish(List<ServingTask> serving, Iterable<String> newlyDraining, Instant now) {
        return with(traffic.published(
                        serving, newlyDraining, course.way().haste().unhurried(), now))
                .progressed(now);
    }

    /** With nothing new begun until it is resumed. */
    public Deployment paused(String by, Instant now) {
        return with(course.paused(Optional.of(new Course.Pause(by, now))));
    }

    /** With everything as it is desired. */
    public Deployment arrive() {
        return with(course.arrived());
    }

    /** With the canary's tasks carrying calls from now on, all of them. */
    public Deployment beginCanary(Instant now) {
        return with(course.trial(course.way().canary().map(canary -> canary.since(now))))
                .progressed(now);
    }

    /** With the canary's revision for all tasks. */
    public Deployment passCanary(Instant now) {
        return with(course.trial(Optional.empty())).progressed(now);
    }

    /** With the calls noted that these tasks have left and are going to lose. */
    public Deployment cut(Map<String, Integer> calls) {
        return with(course.cut(calls));
    }

    /**
     * Back to what was desired before this rollout, which is an event of the order that wanted it.
     *
     * @throws IllegalStateException if there is nothing to go back to
     */
    public Deployment rollBack(String why, Instant now) {
        var back = course.way().fallback().orElseThrow(() -> new IllegalStateException("nothing to go back to"));
        var after = new Deployment(
                instance,
                back,
                order,
                course.begin(back.revision(), Optional.empty(), Optional.of(back))
                        .cut(course.way().haste().cut()),
                traffic,
                told,
                revisions,
                version);
        return after.tell(new DeploymentStatus.RolledBack(back.revision(), why), false, true, now);
    }

    /** With the named tasks asked to finish their calls. */
    public Deployment ask(Iterable<String> taskIds, Instant now) {
        return with(traffic.asked(taskIds, now)).progressed(now);
    }

    /** With the balancer's word that it has taken over a snapshot. */
    public Deployment takenOver(long sequence, Instant at) {
        return with(traffic.takenOver(sequence, at));
    }

    /** Without a workload the engine has forgotten. */
    public Deployment retire(String workload, Instant now) {
        var left = revisions.stream()
                .filter(one -> !one.workload().equals(workload))
                .toList();
        return new Deployment(instance, desired, order, course, traffic, told, left, version).progressed(now);
    }

    /** With another status, which is an event. Where it was steady stays known until it is so again. */
    public Deployment tell(DeploymentStatus status, boolean settled, boolean progress, Instant now) {
        boolean leaves = goal() == Goal.RUN
                && told.status() instanceof DeploymentStatus.Steady
                && !(status instanceof DeploymentStatus.Steady);
        var known = leaves && course.way().fallback().isEmpty() ? with(course.backTo(desired)) : this;
        return known.with(new Told(told.sequence() + 1, status, settled, progress ? now : told.progressAt(), now));
    }

    /** With the same status as before, and whether anything is left to do. */
    public Deployment settle(boolean settled) {
        return with(new Told(told.sequence(), told.status(), settled, told.progressAt(), told.changedAt()));
    }

    Deployment withRevisions(List<Revision> known) {
        return new Deployment(instance, desired, order, course, traffic, told, known, version);
    }

    Deployment versioned(long next) {
        return new Deployment(instance, desired, order, course, traffic, told, revisions, next);
    }

    /**
     * The last status as an event.
     *
     * @param before what the deployment was: a trial that was given up is its order's, also if another came meanwhile
     */
    public DeploymentEvent event(Deployment before) {
        var trial = before.course.way().canary().flatMap(Course.Canary::order);
        return event(
                told.status() instanceof DeploymentStatus.RolledBack ? trial.orElse(order.id()) : order.id(),
                told.status());
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

    Deployment with(Course other) {
        return new Deployment(instance, desired, order, other, traffic, told, revisions, version);
    }

    private Deployment progressed(Instant now) {
        return with(new Told(told.sequence(), told.status(), told.settled(), now, told.changedAt()));
    }

    Deployment with(Desired other) {
        return new Deployment(instance, other, order, course, traffic, told, revisions, version);
    }

    private Deployment with(Traffic other) {
        return new Deployment(instance, desired, order, course, other, told, revisions, version);
    }

    Deployment with(Told other) {
        return new Deployment(instance, desired, order, course, traffic, other, revisions, version);
    }
}
