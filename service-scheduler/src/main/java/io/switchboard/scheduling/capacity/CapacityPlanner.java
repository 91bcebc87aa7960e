package io.switchboard.scheduling.capacity;

import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.scheduling.ConsumptionModel;
import io.switchboard.contracts.scheduling.ConsumptionModel.Linear;
import io.switchboard.contracts.scheduling.Resources;
import java.util.Locale;

/**
 * From a load profile to tasks and their size.
 *
 * <ol>
 *   <li>The calls to carry at once are {@link LoadProfile#callsAtOnce}.
 *   <li>Tasks = as many as carry these calls within the range the model was measured in, at least the plan's minimum,
 *       plus the spare ones.
 *   <li>The size of a task is the model at its share of the calls (with one task lost, if there are spare ones) plus
 *       the model's margin, rounded up, so that small changes of the load don't change the size.
 * </ol>
 */
public final class CapacityPlanner {

    static final int CPU_GRAIN_MILLIS = 50;
    static final int MEMORY_GRAIN_MIB = 32;
    static final int CPU_FLOOR_MILLIS = 50;
    static final int MEMORY_FLOOR_MIB = 64;

    private CapacityPlanner() {}

    /** Plans the load within the limits; the same values give the same plan, and more load never gives less. */
    public static Planning plan(LoadProfile load, ConsumptionModel model, PlanLimits limits) {
        int calls = load.callsAtOnce();
        long carrying = Math.max(limits.minTasks(), ceilDiv(calls, model.maxCallsPerTask()));
        long tasks = carrying + limits.spareTasks();
        if (tasks > limits.maxTasks()) {
            return tooMuch(load, calls, tasks, model, limits);
        }
        int left = limits.spareTasks() > 0 ? (int) tasks - 1 : (int) tasks;
        int callsPerTask = ceilDiv(calls, left);
        var perTask = new Resources(
                size(model.cpu(), callsPerTask, model.marginPercent(), CPU_FLOOR_MILLIS, CPU_GRAIN_MILLIS),
                size(model.memory(), callsPerTask, model.marginPercent(), MEMORY_FLOOR_MIB, MEMORY_GRAIN_MIB));
        var explanation = String.join(
                " ",
                traffic(load, calls),
                division(calls, (int) tasks, left, callsPerTask, limits),
                cores(perTask.cpuMillis(), model, callsPerTask),
                memory(perTask.memoryMib(), model, callsPerTask));
        return new Planning.Planned(new CapacityPlan(calls, (int) tasks, callsPerTask, perTask, explanation));
    }

    private static Planning.TooMuch tooMuch(
            LoadProfile load, int calls, long tasks, ConsumptionModel model, PlanLimits limits) {
        int carrying = limits.maxTasks() - limits.spareTasks();
        if (carrying < limits.minTasks()) {
            return new Planning.TooMuch("The plan asks for at least %s and %d spare but allows only %d in all."
                    .formatted(count(limits.minTasks(), "task"), limits.spareTasks(), limits.maxTasks()));
        }
        int nearest = load.mostCallsPerHour((long) carrying * model.maxCallsPerTask());
        return new Planning.TooMuch(("%s at once take %s (at most %s each, %d spare), but the plan allows %d,"
                        + " which is enough for %s an hour of %d s each.")
                .formatted(
                        count(calls, "call"),
                        count(tasks, "task"),
                        count(model.maxCallsPerTask(), "call"),
                        limits.spareTasks(),
                        limits.maxTasks(),
                        count(nearest, "call"),
                        load.averageHandlingSeconds()));
    }

    private static int size(Linear model, int calls, int marginPercent, int floor, int grain) {
        double needed = model.at(calls) * (100 + marginPercent) / 100;
        // A billionth less, so that 900.0000000001 from binary fractions stays 900.
        double grains = Math.ceil(Math.max(floor, needed) / grain - 1e-9);
        return (int) Math.min(Integer.MAX_VALUE - grain, grains * grain);
    }

    private static int ceilDiv(int a, int b) {
        return (int) (((long) a + b - 1) / b);
    }

    private static String traffic(LoadProfile load, int calls) {
        return say(
                "%s at once = %.1f erlangs (%s an hour × %d s) + 2 × √%.1f for peaks.",
                count(calls, "call"),
                load.erlangs(),
                count(load.callsPerHour(), "call"),
                load.averageHandlingSeconds(),
                load.erlangs());
    }

    private static String division(int calls, int tasks, int left, int callsPerTask, PlanLimits limits) {
        var lost = left < tasks ? ", with one of them lost" : "";
        return say(
                "%s (%d spare, at least %d, at most %d) %s up to %s%s.",
                count(tasks, "task"),
                limits.spareTasks(),
                limits.minTasks(),
                limits.maxTasks(),
                tasks == 1 ? "carries" : "carry",
                count(callsPerTask, "call") + (tasks == 1 ? "" : " each"),
                lost);
    }

    private static String cores(int cpuMillis, ConsumptionModel model, int calls) {
        return say(
                "%.2f core = %.2f fixed + %.4f × %s + %d %% margin, rounded up to %.2f.",
                cpuMillis / 1000.0,
                model.cpu().fixed() / 1000,
                model.cpu().perCall() / 1000,
                count(calls, "call"),
                model.marginPercent(),
                CPU_GRAIN_MILLIS / 1000.0);
    }

    private static String memory(int memoryMib, ConsumptionModel model, int calls) {
        return say(
                "%d MiB = %.0f fixed + %.2f × %s + %d %% margin, rounded up to %d.",
                memoryMib,
                model.memory().fixed(),
                model.memory().perCall(),
                count(calls, "call"),
                model.marginPercent(),
                MEMORY_GRAIN_MIB);
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String say(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures);
    }
}
