package io.switchboard.capacity.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The load beyond which callers notice that a task lacks CPU, from a run with a CPU limit and rising load.
 *
 * <p>A load is too much when its calls fail (one in a hundred, and three at least), when setting them up takes three times the best of the
 * run and half a second at least, or when the limit held the task back in four of five periods. Loads beyond the first
 * such one count as too much whatever they show: callers who gave up are no load.
 *
 * @param calls the highest load that was still good; 0 if none was
 * @param limit the CPU limit in cores
 * @param utilisation mean CPU over the limit at that load
 * @param broken the load that was too much, and what showed it
 */
public record Knee(double calls, double limit, double utilisation, String broken) {

    private static final double FAILED = 0.01;
    private static final double FEW = 3;
    private static final double HELD_BACK = 0.8;
    private static final double SLOWER = 3;
    private static final double SLOW_MILLIS = 500;

    private record Level(
            int seconds, double calls, double rate, double failed, double setup, double throttled, double cpu) {}

    /** The knees of all runs in the samples that had a CPU limit and broke; unlimited samples have none. */
    public static List<Knee> of(Samples samples) {
        var limits = samples.quality(Quality.CPU_LIMIT);
        if (limits.isEmpty()) {
            return List.of();
        }
        Map<Double, List<Integer>> byLimit = IntStream.range(0, samples.size())
                .filter(samples::steady)
                .filter(row -> limits.get()[row] > 0)
                .boxed()
                .collect(Collectors.groupingBy(row -> limits.get()[row], TreeMap::new, Collectors.toList()));
        var knees = new ArrayList<Knee>();
        byLimit.forEach((limit, rows) -> knee(samples, limit, rows).ifPresent(knees::add));
        return List.copyOf(knees);
    }

    private static Optional<Knee> knee(Samples samples, double limit, List<Integer> rows) {
        var levels = rows.stream().collect(Collectors.groupingBy(samples::block)).values().stream()
                .map(block -> level(samples, block))
                .filter(level -> level.calls > 0.5)
                .sorted(Comparator.comparingDouble(Level::calls))
                .toList();
        double best = levels.stream()
                .mapToDouble(Level::setup)
                .filter(millis -> millis > 0)
                .min()
                .orElse(Double.NaN);
        double calls = 0;
        double utilisation = 0;
        for (var level : levels) {
            var broken = broken(level, best);
            if (broken.isPresent()) {
                return Optional.of(new Knee(calls, limit, utilisation, broken.get()));
            }
            calls = level.calls;
            utilisation = level.cpu / limit;
        }
        return Optional.empty();
    }

    private static Optional<String> broken(Level level, double best) {
        if (level.failed * level.seconds >= FEW && level.failed > FAILED * level.rate) {
            return Optional.of(say("%.0f calls: %.1f %% fail", level.calls, 100 * level.failed / level.rate));
        }
        if (level.setup > Math.max(SLOW_MILLIS, SLOWER * best)) {
            return Optional.of(say("%.0f calls: set-up takes %.0f ms", level.calls, level.setup));
        }
        if (level.throttled > HELD_BACK) {
            return Optional.of(say("%.0f calls: held back in %.0f %% of periods", level.calls, 100 * level.throttled));
        }
        return Optional.empty();
    }

    private static String say(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures);
    }

    private static Level level(Samples samples, List<Integer> rows) {
        return new Level(
                rows.size(),
                mean(rows, row -> samples.driver(Driver.CALLS, row)),
                mean(rows, row -> samples.driver(Driver.CALL_RATE, row)),
                mean(rows, row -> quality(samples, Quality.FAILED, row)),
                mean(rows, row -> quality(samples, Quality.SETUP_P95, row)),
                mean(rows, row -> quality(samples, Quality.THROTTLED, row)),
                mean(rows, row -> quality(samples, Quality.CPU_USED, row)));
    }

    private static double quality(Samples samples, Quality sign, int row) {
        return samples.quality(sign).map(values -> values[row]).orElse(Double.NaN);
    }

    private interface Cell {
        double at(int row);
    }

    private static double mean(List<Integer> rows, Cell cell) {
        return Arrays.stream(rows.stream().mapToDouble(cell::at).toArray())
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(0);
    }
}
