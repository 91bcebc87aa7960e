package io.switchboard.request.instance;

import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.ordering.InstanceView.State;
import java.time.Instant;
import java.util.List;

/**
 * How an instance is, as far as scheduler and balancer have told.
 *
 * @param living keeps its name from other instances
 * @param deploymentSequence of the last deployment event that was heeded
 * @param routeSequence of the last route event that was heeded
 * @param steadyOrder number of the youngest order after which all its tasks were ready; 0 if there was none
 * @param tasksRemoved the scheduler has removed every task for good
 * @param routeRemoved the balancer knows nothing of it any more
 */
public record Condition(
        boolean living,
        State state,
        String message,
        List<Address> addresses,
        int readyTasks,
        int wantedTasks,
        long deploymentSequence,
        long routeSequence,
        int steadyOrder,
        boolean tasksRemoved,
        boolean routeRemoved,
        Instant changedAt) {

    public Condition {
        addresses = List.copyOf(addresses);
    }

    public static Condition ordered(Instant at) {
        return new Condition(
                true, State.OPENING, "waiting for the scheduler", List.of(), 0, 0, 0, 0, 0, false, false, at);
    }

    public boolean deleting() {
        return state == State.DELETING || state == State.DELETED;
    }

    public Condition is(State now, String why) {
        return new Condition(
                now != State.DELETED,
                now,
                why,
                addresses,
                readyTasks,
                wantedTasks,
                deploymentSequence,
                routeSequence,
                steadyOrder,
                tasksRemoved,
                routeRemoved,
                changedAt);
    }

    public Condition withTasks(int ready, int wanted) {
        return new Condition(
                living,
                state,
                message,
                addresses,
                ready,
                wanted,
                deploymentSequence,
                routeSequence,
                steadyOrder,
                tasksRemoved,
                routeRemoved,
                changedAt);
    }

    public Condition afterDeployment(long sequence, Instant at) {
        return new Condition(
                living,
                state,
                message,
                addresses,
                readyTasks,
                wantedTasks,
                sequence,
                routeSequence,
                steadyOrder,
                tasksRemoved,
                routeRemoved,
                at);
    }

    public Condition afterRoute(long sequence, List<Address> known, boolean removed, Instant at) {
        return new Condition(
                living,
                state,
                message,
                known,
                readyTasks,
                wantedTasks,
                deploymentSequence,
                sequence,
                steadyOrder,
                tasksRemoved,
                removed,
                at);
    }

    public Condition steadyAfter(int order) {
        return new Condition(
                living,
                state,
                message,
                addresses,
                readyTasks,
                wantedTasks,
                deploymentSequence,
                routeSequence,
                Math.max(order, steadyOrder),
                tasksRemoved,
                routeRemoved,
                changedAt);
    }

    public Condition withoutTasks() {
        return new Condition(
                living,
                state,
                message,
                addresses,
                0,
                0,
                deploymentSequence,
                routeSequence,
                steadyOrder,
                true,
                routeRemoved,
                changedAt);
    }
}
