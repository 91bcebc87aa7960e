package io.switchboard.console.instance;

import io.switchboard.console.order.OrderRow;
import io.switchboard.console.page.Lamps;
import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.page.Tone;
import io.switchboard.contracts.ordering.InstanceView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One instance with all the console knows of it. A part whose service gives no answer says so and leaves the rest.
 *
 * @param deployment null while the scheduler knows none, or if it gave no answer
 * @param deploymentProblem why the deployment is missing; null if it isn't, or there is none yet
 */
record InstancePage(
        InstanceView instance,
        Tone tone,
        Lamps lamps,
        Map<String, Object> parameters,
        @Nullable DeploymentPart deployment,
        @Nullable ProblemPage deploymentProblem,
        List<OrderRow> orders,
        @Nullable ProblemPage ordersProblem) {

    static InstancePage of(InstanceView instance, Looked<DeploymentPart> deployment, Looked<List<OrderRow>> orders) {
        return new InstancePage(
                instance,
                Tone.of(instance.state()),
                new Lamps(instance.readyTasks(), instance.wantedTasks()),
                new TreeMap<>(instance.parameters()),
                deployment.found(),
                deployment.problem(),
                orders.found() == null ? List.of() : orders.found(),
                orders.problem());
    }

    /** Whether anything can still be ordered for it. */
    public boolean isOpenForOrders() {
        return switch (instance.state()) {
            case OPENING, RUNNING, CHANGING, STUCK -> true;
            case DELETING, DELETED -> false;
        };
    }

    /** Whether what this page shows is about to change by itself. */
    public boolean isMoving() {
        return instance.state() != InstanceView.State.DELETED;
    }

    /** What a look at another service brought: the thing, a problem, or neither if it isn't there yet. */
    record Looked<T>(@Nullable T found, @Nullable ProblemPage problem) {}
}
