package io.switchboard.console.instance;

import io.switchboard.console.catalog.Parameter;
import io.switchboard.console.order.OpenForOrders;
import io.switchboard.console.order.OrderRow;
import io.switchboard.console.page.Lamps;
import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.page.Tone;
import io.switchboard.console.rollout.RolloutPart;
import io.switchboard.contracts.ordering.InstanceView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One instance with all the console knows of it. A part whose service gives no answer says so and leaves the rest.
 *
 * @param parameters what was ordered, by its title
 * @param deployment null while the scheduler knows none, or if it gave no answer
 * @param deploymentProblem why the deployment is missing; null if it isn't, or there is none yet
 * @param rollout null if there is nothing to tell of it, or the deployment is missing
 */
record InstancePage(
        InstanceView instance,
        Tone tone,
        Lamps lamps,
        Map<String, Object> parameters,
        @Nullable DeploymentPart deployment,
        @Nullable ProblemPage deploymentProblem,
        @Nullable RolloutPart rollout,
        List<OrderRow> orders,
        @Nullable ProblemPage ordersProblem) {

    static InstancePage of(
            InstanceView instance,
            List<Parameter> known,
            Looked<DeploymentPart> deployment,
            Looked<RolloutPart> rollout,
            Looked<List<OrderRow>> orders) {
        return new InstancePage(
                instance,
                Tone.of(instance.state()),
                new Lamps(instance.readyTasks(), instance.wantedTasks()),
                titled(instance.parameters(), known),
                deployment.found(),
                deployment.problem(),
                rollout.found() != null && rollout.found().isWorthTelling() ? rollout.found() : null,
                orders.found() == null ? List.of() : orders.found(),
                orders.problem());
    }

    /** By title in the catalog's order; what the catalog no longer knows comes last, under its name. */
    private static Map<String, Object> titled(Map<String, Object> parameters, List<Parameter> known) {
        var titled = new LinkedHashMap<String, Object>();
        var rest = new TreeMap<>(parameters);
        for (var parameter : known) {
            @Nullable Object value = rest.remove(parameter.name());
            if (value != null) {
                titled.put(parameter.title(), value);
            }
        }
        titled.putAll(rest);
        return titled;
    }

    /** Whether anything can still be ordered for it. */
    public boolean isOpenForOrders() {
        return OpenForOrders.is(instance);
    }

    /** Whether what this page shows is about to change by itself. */
    public boolean isMoving() {
        return instance.state() != InstanceView.State.DELETED;
    }

    /** How often it is looked at again while it is open, in seconds. */
    public int lookAgain() {
        return rollout == null || !rollout.underWay() ? 5 : 2;
    }
}
