package io.switchboard.capacity.plan;

import io.switchboard.capacity.model.ConsumptionModel;
import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Knee;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.model.Resource;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The size of one task at a load: what the models bound, and enough CPU to stay clear of the knee.
 *
 * <p>Near the knee of a saturation run a task is held back most of the time while its mean is still below its limit, so
 * mean CPU stays below {@value #CLEAR} of the limit: no harm was seen there in any measured service.
 */
final class Sizing {

    static final double CLEAR = 0.65;
    static final int CPU_GRAIN_MILLIS = 50;
    static final int MEMORY_GRAIN_MIB = 32;
    static final int MEMORY_FLOOR_MIB = 64;
    private static final double MB_PER_MIB = 1.048576;

    private final ConsumptionModel cpu;
    private final ConsumptionModel memory;
    private final List<Knee> knees;

    /** @throws IllegalArgumentException if CPU or memory has no model */
    Sizing(Map<Resource, ConsumptionModel> models, List<Knee> knees) {
        this.cpu = model(models, Resource.CPU);
        this.memory = model(models, Resource.MEMORY);
        this.knees = List.copyOf(knees);
    }

    private static ConsumptionModel model(Map<Resource, ConsumptionModel> models, Resource resource) {
        var model = models.get(resource);
        if (model == null) {
            throw new IllegalArgumentException(
                    "there is no model of " + resource.code() + " for this service and mode");
        }
        return model;
    }

    /** Calls that one task was measured with at most: a plan gives no task more. */
    double mostCalls() {
        return cpu.measured(Driver.CALLS);
    }

    TaskSize at(Load load) {
        double millis = 1000 * Math.max(bound(load), Math.max(clear(load), knee(load)));
        double mib = memory.reservation(load) / MB_PER_MIB;
        return new TaskSize(
                up(millis, CPU_GRAIN_MILLIS, CPU_GRAIN_MILLIS), up(mib, MEMORY_FLOOR_MIB, MEMORY_GRAIN_MIB));
    }

    List<String> explain(Load load, TaskSize size) {
        double mean = cpu.mean(load);
        double idle = Math.min(cpu.idle(), mean);
        double needed = Math.max(bound(load), Math.max(clear(load), knee(load)));
        double calls = load.values().getOrDefault(Driver.CALLS, 0.0);
        var why = needed > bound(load)
                ? say("%.3f to stay below %.0f %% of the limit", needed - mean, 100 * CLEAR)
                : say("%.3f margin, which one second in a hundred exceeds", needed - mean);
        double mem = memory.reservation(load) / MB_PER_MIB;
        double memMean = memory.mean(load) / MB_PER_MIB;
        double memIdle = Math.min(memory.idle() / MB_PER_MIB, memMean);
        return List.of(
                say(
                        "%.2f core = %.3f idle + %.4f × %.0f calls + %s, rounded up to %.2f.",
                        size.cpuMillis() / 1000.0,
                        idle,
                        calls > 0 ? (mean - idle) / calls : 0,
                        calls,
                        why,
                        CPU_GRAIN_MILLIS / 1000.0),
                say(
                        "%d MiB = %.1f idle + %.4f × %.0f calls + %.1f margin, never exceeded in the measurements, rounded up"
                                + " to %d (at least %d).",
                        size.memoryMib(),
                        memIdle,
                        calls > 0 ? (memMean - memIdle) / calls : 0,
                        calls,
                        mem - memMean,
                        MEMORY_GRAIN_MIB,
                        MEMORY_FLOOR_MIB));
    }

    private double bound(Load load) {
        return cpu.reservation(load);
    }

    private double clear(Load load) {
        return cpu.mean(load) / CLEAR;
    }

    /** The CPU with which the highest load that was good under a limit is still good, in proportion. */
    private double knee(Load load) {
        double calls = load.values().getOrDefault(Driver.CALLS, 0.0);
        return knees.stream()
                .filter(knee -> knee.calls() > 0)
                .mapToDouble(knee -> calls * knee.limit() / knee.calls())
                // Two runs of one service: the one that was good with less shows what is possible.
                .min()
                .orElse(0);
    }

    private static int up(double value, int floor, int grain) {
        // A billionth less, so that 900.0000000001 from binary fractions stays 900.
        double grains = Math.ceil(Math.max(floor, value) / grain - 1e-9);
        return (int) Math.min(Integer.MAX_VALUE - grain, grains * grain);
    }

    private static String say(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures);
    }
}
