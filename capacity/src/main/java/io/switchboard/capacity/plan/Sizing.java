package io.switchboard.capacity.plan;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Load;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The size of one task at a load: what the models bound, and enough CPU to stay clear of the knee.
 *
 * <p>Near the knee of a saturation run a task is held back most of the time while its mean is still below its limit, so
 * mean CPU stays below {@value TaskSize#CLEAR} of the limit: no harm was seen there in any measured service. Bounds of several
 * kinds of work are added, which is more than they need together: they seldom peak in the same second.
 */
final class Sizing {

    static final int CPU_GRAIN_MILLIS = 50;
    static final int MEMORY_GRAIN_MIB = 32;
    static final int MEMORY_FLOOR_MIB = 64;

    private static final double MB_PER_MIB = 1.048576;

    private final TaskWork work;

    Sizing(TaskWork work) {
        this.work = work;
    }

    TaskSize at(Load load) {
        double millis = work.baseCpuMillis() + 1000 * cores(load);
        double mib = work.baseMemoryMib() + mib(part -> part.memory().reservation(part.own(load)));
        return new TaskSize(
                up(millis, CPU_GRAIN_MILLIS, CPU_GRAIN_MILLIS), up(mib, MEMORY_FLOOR_MIB, MEMORY_GRAIN_MIB));
    }

    List<String> explain(Load load, TaskSize size) {
        double calls = load.values().getOrDefault(Driver.CALLS, 0.0);
        return List.of(cpu(load, calls, size), memory(load, calls, size));
    }

    private String cpu(Load load, double calls, TaskSize size) {
        double mean = sum(part -> part.cpu().mean(part.own(load)));
        double idle = Math.min(sum(part -> part.cpu().idle()), mean);
        double bound = sum(part -> part.bound(load));
        double needed = cores(load);
        double clear = sum(part -> part.clear(load));
        var why = needed <= bound
                ? say("%.3f margin, which one second in a hundred exceeds", needed - mean)
                : needed <= clear
                        ? say("%.3f to stay below %.0f %% of the limit", needed - mean, 100 * TaskSize.CLEAR)
                        : say("%.3f to stay clear of where quality broke with less", needed - mean);
        return say(
                "%.2f core = %s%.3f idle + %s × %s calls + %s, rounded up to %.2f.",
                size.cpuMillis() / 1000.0,
                work.baseCpuMillis() == 0 ? "" : say("%.3f base + ", work.baseCpuMillis() / 1000.0),
                idle,
                digits(calls > 0 ? (mean - idle) / calls : 0),
                digits(calls),
                why,
                CPU_GRAIN_MILLIS / 1000.0);
    }

    private String memory(Load load, double calls, TaskSize size) {
        double mean = mib(part -> part.memory().mean(part.own(load)));
        double idle = Math.min(mib(part -> part.memory().idle()), mean);
        double bound = mib(part -> part.memory().reservation(part.own(load)));
        return say(
                "%d MiB = %s%.1f idle + %s × %s calls + %.1f margin, never exceeded in the measurements, rounded up"
                        + " to %d (at least %d).",
                size.memoryMib(),
                work.baseMemoryMib() == 0 ? "" : say("%d base + ", work.baseMemoryMib()),
                idle,
                digits(calls > 0 ? (mean - idle) / calls : 0),
                digits(calls),
                bound - mean,
                MEMORY_GRAIN_MIB,
                MEMORY_FLOOR_MIB);
    }

    /** As many as make the sum come out. */
    private static String digits(double figure) {
        return BigDecimal.valueOf(figure)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }

    private double cores(Load load) {
        return sum(part -> Math.max(part.bound(load), Math.max(part.clear(load), part.knee(load))));
    }

    private double sum(ToDoubleFunction<Part> figure) {
        return work.parts().stream().mapToDouble(figure).sum();
    }

    private double mib(ToDoubleFunction<Part> megabytes) {
        return sum(megabytes) / MB_PER_MIB;
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
