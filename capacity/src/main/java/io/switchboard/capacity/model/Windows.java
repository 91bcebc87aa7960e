package io.switchboard.capacity.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Means over ten seconds of steady load: what a model is fitted to, because a single second is mostly noise. */
final class Windows {

    private static final double SECONDS = 10;
    private static final double IDLE = 0.5;

    private final int[] block;
    private final int[] life;
    private final Map<Driver, double[]> drivers = new EnumMap<>(Driver.class);
    private final Map<Driver, double[]> highest = new EnumMap<>(Driver.class);
    private final Map<Resource, double[]> uses = new EnumMap<>(Resource.class);

    private Windows(Samples samples, int[] windowOf, int[] first) {
        block = Arrays.stream(first).map(samples::block).toArray();
        life = Arrays.stream(first).map(samples::life).toArray();
        for (var driver : samples.drivers()) {
            var column = new Means(windowOf, first.length, row -> samples.driver(driver, row));
            drivers.put(driver, column.mean);
            highest.put(driver, column.highest);
        }
        for (var resource : samples.resources()) {
            uses.put(resource, new Means(windowOf, first.length, row -> samples.use(resource, row)).mean);
        }
    }

    /** Rows within ten seconds from the first steady one of their block; a window with less than half is left out. */
    static Windows of(Samples samples) {
        int[] windowOf = new int[samples.size()];
        var numbers = new HashMap<Long, Integer>();
        var opened = new HashMap<Integer, Double>();
        var counts = new int[samples.size()];
        var first = new int[samples.size()];
        for (int row = 0; row < samples.size(); row++) {
            windowOf[row] = -1;
            if (samples.steady(row)) {
                double second = samples.second(row);
                double start = opened.computeIfAbsent(samples.block(row), block -> second);
                long number = (long) ((second - start + 0.5) / SECONDS);
                int window = numbers.computeIfAbsent(number << 32 | samples.block(row), any -> numbers.size());
                first[window] = counts[window]++ == 0 ? row : first[window];
                windowOf[row] = window;
            }
        }
        int windows = numbers.size();
        double enough = Math.min(SECONDS, Arrays.stream(counts).max().orElse(0)) / 2;
        return new Windows(samples, full(windowOf, counts, windows, enough), firstOf(first, counts, windows, enough));
    }

    /** Numbers anew the windows that are full enough; rows of others belong to none. */
    private static int[] full(int[] windowOf, int[] counts, int windows, double enough) {
        var anew = new int[windows];
        int kept = 0;
        for (int window = 0; window < windows; window++) {
            anew[window] = counts[window] >= enough ? kept++ : -1;
        }
        return Arrays.stream(windowOf)
                .map(window -> window < 0 ? -1 : anew[window])
                .toArray();
    }

    private static int[] firstOf(int[] first, int[] counts, int windows, double enough) {
        return IntStream.range(0, windows)
                .filter(window -> counts[window] >= enough)
                .map(window -> first[window])
                .toArray();
    }

    /** Mean and highest value of each window over the rows that state one; NaN and 0 without. */
    private static final class Means {

        private final double[] mean;
        private final double[] highest;

        Means(int[] windowOf, int windows, IntToDoubleFunction cell) {
            mean = new double[windows];
            highest = new double[windows];
            var count = new int[windows];
            for (int row = 0; row < windowOf.length; row++) {
                double value = windowOf[row] < 0 ? Double.NaN : cell.applyAsDouble(row);
                if (!Double.isNaN(value)) {
                    mean[windowOf[row]] += value;
                    highest[windowOf[row]] = Math.max(highest[windowOf[row]], value);
                    count[windowOf[row]]++;
                }
            }
            Arrays.setAll(mean, window -> count[window] == 0 ? Double.NaN : mean[window] / count[window]);
        }
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
