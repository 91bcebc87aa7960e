package io.switchboard.capacity.plan;

import io.switchboard.capacity.model.ConsumptionModel;
import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Knee;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.capacity.model.Resource;
import io.switchboard.capacity.plan.Planning.Planned;
import io.switchboard.capacity.plan.Planning.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The number and size of tasks for a load, cheapest first.
 *
 * <p>Tasks of a plan are equal, so every plan is known by how many tasks carry the load: each number from the fewest that
 * stay within the measured range upwards is sized, held against the nodes, and priced. That is exact; a solver has nothing
 * left to decide. Few tasks waste a large spare, many tasks repeat the idle cost, and the cheapest lies between.
 */
public final class CapacityPlanner {

    /** Beyond this many tasks more than needed, the idle cost has long outweighed the smaller spare. */
    private static final int TRIED = 64;

    private final Sizing sizing;
    private final Kind kind;

    /** @throws IllegalArgumentException if CPU or memory has no model */
    public CapacityPlanner(Kind kind, Map<Resource, ConsumptionModel> models, List<Knee> knees) {
        this.kind = kind;
        this.sizing = new Sizing(models, knees);
    }

    /** @throws IllegalArgumentException if the store has no models of that kind */
    public static CapacityPlanner of(Kind kind, ModelStore store) {
        var models = store.find(kind)
                .orElseThrow(() -> new IllegalArgumentException("there are no models of " + kind.service() + ", "
                        + kind.mode() + "; known are " + known(store)));
        return new CapacityPlanner(kind, models, store.knees().getOrDefault(kind, List.of()));
    }

    /** Plans the load within the terms; the same values give the same plan. */
    public Planning plan(Load load, Terms terms) {
        var cheapest = options(load, terms)
                .filter(plan -> fits(plan, terms))
                .min(Comparator.comparingDouble(Planned::cost).thenComparingInt(Planned::tasks));
        return cheapest.isPresent() ? cheapest.get() : refused(load, terms);
    }

    /**
     * Tasks half-hour by half-hour for a plan that follows its load: the size is the one of the busiest half-hour, the
     * number what each half-hour needs, spare ones included.
     *
     * @param loads in order of time; absent where nothing is expected, which needs the fewest tasks allowed
     */
    public List<Integer> elastic(Planned peak, List<Optional<Load>> loads, Terms terms) {
        double each = calls(peak.perTask());
        return loads.stream()
                .map(load -> load.map(CapacityPlanner::calls).orElse(0.0))
                .map(calls -> Math.max(terms.minTasks(), each > 0 ? ceil(calls / each) : 1) + terms.spareTasks())
                .map(tasks -> Math.min(tasks, peak.tasks()))
                .toList();
    }

    private Stream<Planned> options(Load load, Terms terms) {
        double calls = calls(load);
        int fewest = Math.max(terms.minTasks(), ceil(calls / sizing.mostCalls()));
        long most = Math.min((long) fewest + TRIED, (long) terms.maxTasks() - terms.spareTasks());
        return IntStream.rangeClosed(fewest, (int) Math.max(most, fewest - 1L))
                .mapToObj(carrying -> planned(load, carrying, terms));
    }

    private Planned planned(Load load, int carrying, Terms terms) {
        var perTask = load.times(1.0 / carrying);
        var size = sizing.at(perTask);
        int tasks = carrying + terms.spareTasks();
        return new Planned(
                load,
                tasks,
                perTask,
                size,
                terms.prices().of(size, tasks),
                explanation(load, perTask, size, tasks, terms));
    }

    private static boolean fits(Planned plan, Terms terms) {
        return terms.nodes()
                .map(nodes -> room(nodes, plan.size()) >= plan.tasks())
                .orElse(true);
    }

    private static long room(List<Node> nodes, TaskSize size) {
        return nodes.stream().mapToLong(node -> node.holds(size)).sum();
    }

    private Refused refused(Load load, Terms terms) {
        return new Refused(reason(load, terms), nearest(load, terms));
    }

    private String reason(Load load, Terms terms) {
        int needed = Math.max(terms.minTasks(), ceil(calls(load) / sizing.mostCalls())) + terms.spareTasks();
        if (needed > terms.maxTasks()) {
            return say(
                    "%.0f calls need %d tasks (%.0f calls each at most, %d spare), but only %d are allowed.",
                    calls(load), needed, sizing.mostCalls(), terms.spareTasks(), terms.maxTasks());
        }
        var smallest = options(load, terms)
                .min(Comparator.comparingDouble(Planned::cost))
                .orElseThrow();
        var nodes = terms.nodes().orElse(List.of());
        return say(
                "%.0f calls need %d tasks of %.2f core and %d MiB, but the %d nodes hold %d of them.",
                calls(load),
                smallest.tasks(),
                smallest.size().cpuMillis() / 1000.0,
                smallest.size().memoryMib(),
                nodes.size(),
                room(nodes, smallest.size()));
    }

    /** Feasible loads have no gaps that matter, so halving finds the largest to the percent. */
    private Optional<Planned> nearest(Load load, Terms terms) {
        int low = 0;
        int high = 100;
        Optional<Planned> best = Optional.empty();
        while (high - low > 1) {
            int middle = (low + high) / 2;
            var found = options(load.times(middle / 100.0), terms)
                    .filter(plan -> fits(plan, terms))
                    .min(Comparator.comparingDouble(Planned::cost));
            if (found.isPresent()) {
                best = found;
                low = middle;
            } else {
                high = middle;
            }
        }
        return best;
    }

    private String explanation(Load load, Load perTask, TaskSize size, int tasks, Terms terms) {
        var lines = new ArrayList<String>();
        lines.add(say(
                "%d %s of %s (%s): %d carry %.0f calls, %.0f each, and %d may be lost.",
                tasks,
                tasks == 1 ? "task" : "tasks",
                kind.service(),
                kind.mode(),
                tasks - terms.spareTasks(),
                calls(load),
                Math.ceil(calls(perTask)),
                terms.spareTasks()));
        lines.addAll(sizing.explain(perTask, size));
        return String.join("\n", lines);
    }

    private static double calls(Load load) {
        return load.values().getOrDefault(Driver.CALLS, 0.0);
    }

    private static int ceil(double value) {
        return (int) Math.max(1, Math.ceil(value - 1e-9));
    }

    private static String known(ModelStore store) {
        return String.join(
                ", ",
                store.models().keySet().stream()
                        .map(kind -> kind.service() + " (" + kind.mode() + ")")
                        .toList());
    }

    private static String say(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures);
    }
}
