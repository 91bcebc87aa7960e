package io.switchboard.capacity.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Means over ten seconds of steady load: what a model is fitted to, because a single second is mostly noise. */
final class Windows {

    private static final double SECONDS = 10;
    private static final double IDLE = 0.5;

    private final int[] block;
    private final int[] life;
    private final Map<Driver, double[]> drivers = new EnumMap<>(Driver.class);
    private final Map<Driver, double[]> highest = new EnumMap<>(Driver.class);
    private final Map<Resource, double[]> uses = new EnumMap<>(Resource.class);

    private Windows(Samples samples, List<int[]> windows) {
        block = windows.stream().mapToInt(rows -> samples.block(rows[0])).toArray();
        life = windows.stream().mapToInt(rows -> samples.life(rows[0])).toArray();
        for (var driver : samples.drivers()) {
            drivers.put(driver, means(windows, row -> samples.driver(driver, row)));
            highest.put(driver, highest(windows, row -> samples.driver(driver, row)));
        }
        for (var resource : samples.resources()) {
            uses.put(resource, means(windows, row -> samples.use(resource, row)));
        }
    }

    /** Rows within ten seconds from the first steady one of their block; a window with less than half is left out. */
    static Windows of(Samples samples) {
        var open = new HashMap<Integer, Double>();
        var rows = new LinkedHashMap<Long, List<Integer>>();
        for (int row = 0; row < samples.size(); row++) {
            if (samples.steady(row)) {
                int block = samples.block(row);
                double start = open.computeIfAbsent(block, first -> Double.NaN);
                if (Double.isNaN(start)) {
                    start = samples.second(row);
                    open.put(block, start);
                }
                long number = (long) ((samples.second(row) - start + 0.5) / SECONDS);
                rows.computeIfAbsent(number * 1_000_000L + block, key -> new ArrayList<>())
                        .add(row);
            }
        }
        int fullest = rows.values().stream().mapToInt(List::size).max().orElse(0);
        var windows = rows.values().stream()
                .filter(window -> 2 * window.size() >= Math.min(fullest, SECONDS))
                .map(window -> window.stream().mapToInt(Integer::intValue).toArray())
                .toList();
        return new Windows(samples, windows);
    }

    private interface Cell {
        double at(int row);
    }

    private static double[] means(List<int[]> windows, Cell cell) {
        return windows.stream()
                .mapToDouble(rows -> Arrays.stream(rows)
                        .mapToDouble(cell::at)
                        .filter(value -> !Double.isNaN(value))
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }

    private static double[] highest(List<int[]> windows, Cell cell) {
        return windows.stream()
                .mapToDouble(rows -> Arrays.stream(rows)
                        .mapToDouble(cell::at)
                        .filter(value -> !Double.isNaN(value))
                        .max()
                        .orElse(0))
                .toArray();
    }

    int size() {
        return block.length;
    }

    int block(int window) {
        return block[window];
    }

    int life(int window) {
        return life[window];
    }

    boolean has(Driver driver) {
        return drivers.containsKey(driver);
    }

    double driver(Driver driver, int window) {
        var values = drivers.get(driver);
        return values == null ? Double.NaN : values[window];
    }

    /** The highest second of a driver within the windows; 0 if none states it. */
    double highest(Driver driver, int[] among) {
        var values = highest.get(driver);
        double most = 0;
        for (int window : among) {
            most = Math.max(most, values == null ? 0 : values[window]);
        }
        return most;
    }

    double use(Resource resource, int window) {
        var values = uses.get(resource);
        return values == null ? Double.NaN : values[window];
    }

    /** No calls to speak of: relative errors say nothing here. */
    boolean idle(int window) {
        return driver(Driver.CALLS, window) < IDLE;
    }
}
