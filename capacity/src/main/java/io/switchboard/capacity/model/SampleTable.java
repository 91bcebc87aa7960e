package io.switchboard.capacity.model;

import io.switchboard.capacity.model.Rejections.Reason;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Rows of one kind as they come in; {@link #samples} puts them in order and sets aside what can't be true. */
final class SampleTable {

    /** The place a row was measured in; rows of one place and life share peaks. */
    record Origin(String run, String life, String level) {}

    private final Kind kind;
    private final Rejections rejections = new Rejections();
    private final Column seconds = new Column();
    private final Column phases = new Column();
    private final Column blocks = new Column();
    private final Column lives = new Column();
    private final Map<String, Integer> blockIds = new HashMap<>();
    private final Map<String, Integer> lifeIds = new HashMap<>();
    private final Map<Driver, Column> drivers = new EnumMap<>(Driver.class);
    private final Map<Resource, Column> uses = new EnumMap<>(Resource.class);
    private final Map<Quality, Column> quality = new EnumMap<>(Quality.class);

    /** A table of what each row brings, NaN where it brings nothing. */
    SampleTable(Kind kind, List<Driver> drivers, List<Resource> uses, List<Quality> quality) {
        this.kind = kind;
        drivers.forEach(driver -> this.drivers.put(driver, new Column()));
        uses.forEach(resource -> this.uses.put(resource, new Column()));
        quality.forEach(sign -> this.quality.put(sign, new Column()));
    }

    Rejections rejections() {
        return rejections;
    }

    /** What a row holds of a driver, a resource or a sign. */
    interface Cell<K> {
        double of(K key);
    }

    /** A row: the second it ends at, where it belongs, and its cells, NaN where empty. */
    void add(
            double second,
            boolean steady,
            Origin origin,
            Cell<Driver> driving,
            Cell<Resource> used,
            Cell<Quality> signs) {
        var stated = new double[Driver.values().length];
        for (var driver : drivers.keySet()) {
            stated[driver.ordinal()] = driving.of(driver);
            if (stated[driver.ordinal()] < 0) {
                rejections.count(Reason.NEGATIVE);
                return;
            }
        }
        seconds.add(second);
        phases.add(steady ? 1 : 0);
        lives.add(lifeIds.computeIfAbsent(origin.life, life -> lifeIds.size()));
        // Without levels of a load test, a minute of one run is a block.
        var block = origin.run + '\n' + (origin.level.isEmpty() ? (long) (second / 60) : origin.level);
        blocks.add(blockIds.computeIfAbsent(block, id -> blockIds.size()));
        drivers.forEach((driver, column) -> column.add(stated[driver.ordinal()]));
        uses.forEach((resource, column) -> column.add(readable(used.of(resource)) / resource.scale()));
        quality.forEach((sign, column) -> column.add(signs.of(sign)));
    }

    private double readable(double value) {
        if (value < 0) {
            rejections.count(Reason.NEGATIVE);
            return Double.NaN;
        }
        return value;
    }

    Samples samples() {
        int[] order = order();
        var driverValues = new EnumMap<Driver, double[]>(Driver.class);
        drivers.forEach((driver, column) -> putStated(driverValues, driver, column.inOrder(order)));
        var useValues = new EnumMap<Resource, double[]>(Resource.class);
        uses.forEach((resource, column) -> putStated(useValues, resource, column.inOrder(order)));
        var signs = new EnumMap<Quality, double[]>(Quality.class);
        quality.forEach((sign, column) -> putStated(signs, sign, column.inOrder(order)));
        double[] time = seconds.inOrder(order);
        int[] life = integers(lives.inOrder(order));
        int[] block = integers(blocks.inOrder(order));
        addPeaks(driverValues, life);
        new Plausibility(rejections, block, signs).apply(useValues);
        var steady = new boolean[order.length];
        for (int row = 0; row < steady.length; row++) {
            steady[row] = phases.get(order[row]) > 0;
        }
        return new Samples(kind, time, steady, block, life, driverValues, useValues, signs);
    }

    private static <K> void putStated(Map<K, double[]> target, K key, double[] values) {
        if (Arrays.stream(values).anyMatch(value -> !Double.isNaN(value))) {
            target.put(key, values);
        }
    }

    /** Rows by time without repeats; what stood before an earlier row is counted, not refused. */
    private int[] order() {
        var last = new HashMap<Double, Double>();
        for (int row = 0; row < seconds.size(); row++) {
            Double before = last.put(lives.get(row), seconds.get(row));
            if (before != null && seconds.get(row) < before) {
                rejections.count(Reason.OUT_OF_ORDER);
            }
        }
        int[] order = IntStream.range(0, seconds.size())
                .boxed()
                .sorted(Comparator.comparingDouble(seconds::get))
                .mapToInt(Integer::intValue)
                .toArray();
        return IntStream.range(0, order.length)
                .filter(place -> !repeats(order, place))
                .map(place -> order[place])
                .toArray();
    }

    /** Whether a row of the same second says the same as this one. */
    private boolean repeats(int[] order, int place) {
        int row = order[place];
        for (int before = place - 1; before >= 0 && seconds.get(order[before]) == seconds.get(row); before--) {
            int other = order[before];
            if (lives.get(other) == lives.get(row)
                    && uses.values().stream()
                            .allMatch(column -> Double.compare(column.get(other), column.get(row)) == 0)) {
                rejections.count(Reason.DUPLICATE);
                return true;
            }
        }
        return false;
    }

    private static int[] integers(double[] values) {
        return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
    }

    private static void addPeaks(EnumMap<Driver, double[]> drivers, int[] life) {
        for (var peak : Driver.values()) {
            peak.peakOf().map(drivers::get).ifPresent(values -> {
                double[] running = Peaks.of(values, life);
                double[] stated = drivers.get(peak);
                for (int row = 0; stated != null && row < running.length; row++) {
                    // What the container saw before the file began is stated only.
                    running[row] = Double.isNaN(stated[row]) ? running[row] : Math.max(running[row], stated[row]);
                }
                drivers.put(peak, running);
            });
        }
    }
}
