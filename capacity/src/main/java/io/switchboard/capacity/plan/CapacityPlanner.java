package io.switchboard.capacity.plan;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.capacity.plan.Planning.Limit;
import io.switchboard.capacity.plan.Planning.Planned;
import io.switchboard.capacity.plan.Planning.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

    private final TaskWork work;
    private final Sizing sizing;

    public CapacityPlanner(TaskWork work) {
        this.work = work;
        this.sizing = new Sizing(work);
    }

    /** @throws IllegalArgumentException if the store has no models of that kind */
    public static CapacityPlanner of(Kind kind, ModelStore store) {
        return new CapacityPlanner(TaskWork.of(part(kind, store)));
    }

    private static Part part(Kind kind, ModelStore store) {
        var models = store.find(kind)
                .orElseThrow(() -> new IllegalArgumentException("there are no models of " + kind.service() + ", "
                        + kind.mode() + "; known are " + known(store)));
        return new Part(kind, models, store.knees().getOrDefault(kind, List.of()), 1);
    }

    /** Plans the load within the terms; the same values give the same plan. */
    public Planning plan(Load load, Terms terms) {
        return cheapest(load, terms)
                .<Planning>map(option -> planned(load, option, terms))
                .orElseGet(() -> refused(load, terms));
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

    /** So many equal tasks beside the spare ones. */
    private record Option(int carrying, TaskSize size) {

        int tasks(Terms terms) {
            return carrying + terms.spareTasks();
        }

        double cost(Terms terms) {
            return terms.prices().of(size, tasks(terms));
        }

        boolean fits(Terms terms) {
            return terms.nodes()
                    .map(nodes -> room(nodes, size, tasks(terms)) >= tasks(terms))
                    .orElse(true);
        }
    }

    /** The cheapest of the usual numbers of tasks that fits, or else the fewest tasks beyond those that do. */
    private Optional<Option> cheapest(Load load, Terms terms) {
        int fewest = fewest(load, terms);
        // More than one task for each call carry nothing, whatever rounding makes of their price.
        long most =
                Math.min((long) terms.maxTasks() - terms.spareTasks(), Math.max(fewest, (long) Math.ceil(calls(load))));
        var idle = sizing.at(load.times(0));
        Optional<Option> cheapest = Optional.empty();
        for (int carrying = fewest; carrying <= most && !decided(cheapest, carrying, idle, terms); carrying++) {
            var option = option(load, carrying);
            if (option.fits(terms)
                    && cheapest.map(best -> option.cost(terms) < best.cost(terms))
                            .orElse(true)) {
                cheapest = Optional.of(option);
            }
            boolean usual = carrying - fewest < TRIED;
            // Where nothing fits, smaller tasks may; those as small as idle ones fit or never will.
            if (!usual && (cheapest.isPresent() || option.size.equals(idle))) {
                break;
            }
        }
        return cheapest;
    }

    /** No task takes less than an idle one, so where so many idle ones cost as much already, more can't be cheaper. */
    private static boolean decided(Optional<Option> cheapest, int carrying, TaskSize idle, Terms terms) {
        return cheapest.isPresent()
                && new Option(carrying, idle).cost(terms) >= cheapest.get().cost(terms);
    }

    private Option option(Load load, int carrying) {
        return new Option(carrying, sizing.at(load.times(1.0 / carrying)));
    }

    private int fewest(Load load, Terms terms) {
        return Math.max(terms.minTasks(), ceil(calls(load) / work.limit()));
    }

    private Planned planned(Load load, Option option, Terms terms) {
        var perTask = load.times(1.0 / option.carrying);
        int tasks = option.tasks(terms);
        return new Planned(
                load,
                tasks,
                perTask,
                option.size,
                option.cost(terms),
                explanation(load, perTask, option.size, tasks, terms));
    }

    /** How many of the tasks the nodes hold; counting stops at as many as are needed. */
    private static long room(List<Node> nodes, TaskSize size, long needed) {
        long room = 0;
        for (var node : nodes) {
            room += node.holds(size);
            if (room >= needed) {
                break;
            }
        }
        return room;
    }

    private Refused refused(Load load, Terms terms) {
        var allowed = anyNodes(terms);
        boolean tasks = cheapest(load, allowed).isEmpty();
        var nearest = nearest(load, terms);
        var reasons = new ArrayList<String>();
        if (tasks) {
            reasons.add(tooFewTasks(load, terms));
        }
        // Also where too few tasks are allowed, the nodes may be what holds the nearest plan down.
        boolean nodes = !tasks
                || !nearest.map(Planned::load).equals(nearest(load, allowed).map(Planned::load));
        if (nodes) {
            reasons.add(tooFewNodes(load, terms));
        }
        return new Refused(nodes ? Limit.NODES : Limit.TASKS, String.join(" ", reasons), nearest);
    }

    private static Terms anyNodes(Terms terms) {
        return new Terms(terms.spareTasks(), terms.minTasks(), terms.maxTasks(), Optional.empty(), terms.prices());
    }

    private String tooFewTasks(Load load, Terms terms) {
        int carrying = fewest(load, terms);
        return say(
                "%s take %s (%s, %d spare), but %d may run.",
                count(calls(load), "call"),
                count((long) carrying + terms.spareTasks(), "task"),
                carrying > terms.minTasks()
                        ? count(Math.floor(work.limit()), "call") + " each at most"
                        : "at least " + terms.minTasks(),
                terms.spareTasks(),
                terms.maxTasks());
    }

    /** Names the plan that comes nearest to fitting: of all numbers of tasks, where the nodes hold the largest share. */
    private String tooFewNodes(Load load, Terms terms) {
        var nodes = terms.nodes().orElse(List.of());
        int fewest = fewest(load, terms);
        long most = Math.max(fewest, Math.min((long) fewest + TRIED, (long) terms.maxTasks() - terms.spareTasks()));
        Option closest = option(load, fewest);
        double share = -1;
        for (int carrying = fewest; carrying <= most; carrying++) {
            var option = option(load, carrying);
            int tasks = option.tasks(terms);
            double held = (double) room(nodes, option.size, tasks) / tasks;
            if (held > share) {
                closest = option;
                share = held;
            }
        }
        int tasks = closest.tasks(terms);
        return say(
                "%s take %s of %.2f core and %d MiB, but the %s %d of them.",
                count(calls(load), "call"),
                count(tasks, "task"),
                closest.size.cpuMillis() / 1000.0,
                closest.size.memoryMib(),
                nodes.size() == 1 ? "one node holds" : nodes.size() + " nodes hold",
                room(nodes, closest.size, tasks));
    }

    /** Whatever carries a load carries a smaller one, so halving finds the most whole calls that fit. */
    private Optional<Planned> nearest(Load load, Terms terms) {
        long low = 0;
        long high = (long) Math.ceil(calls(load));
        while (high - low > 1) {
            long middle = (low + high) >>> 1;
            if (cheapest(share(load, middle), terms).isPresent()) {
                low = middle;
            } else {
                high = middle;
            }
        }
        var most = share(load, low);
        return low == 0 ? Optional.empty() : cheapest(most, terms).map(option -> planned(most, option, terms));
    }

    private static Load share(Load load, long calls) {
        return load.times(calls / calls(load));
    }

    private String explanation(Load load, Load perTask, TaskSize size, int tasks, Terms terms) {
        int carrying = tasks - terms.spareTasks();
        var lines = new ArrayList<String>();
        lines.add(say(
                "%s of %s: %d %s %s%s%s%s.",
                count(tasks, "task"),
                work,
                carrying,
                carrying == 1 ? "carries" : "carry",
                count(calls(load), "call"),
                carrying == 1 ? "" : say(", %.0f each", Math.ceil(calls(perTask))),
                terms.spareTasks() == 0 ? "; none is spare" : say(", and %d may be lost", terms.spareTasks()),
                asked(load, carrying, terms)));
        lines.addAll(sizing.explain(perTask, size));
        return String.join("\n", lines);
    }

    /** Whether so many carry calls only because the terms want it. */
    private String asked(Load load, int carrying, Terms terms) {
        return carrying == terms.minTasks() && carrying > ceil(calls(load) / work.limit())
                ? say("; at least %d have to carry", carrying)
                : "";
    }

    private static double calls(Load load) {
        return load.values().getOrDefault(Driver.CALLS, 0.0);
    }

    private static int ceil(double value) {
        return (int) Math.max(1, Math.ceil(value - 1e-9));
    }

    private static String count(double number, String what) {
        return say("%.0f %s%s", number, what, Math.round(number) == 1 ? "" : "s");
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
