package io.switchboard.capacity.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The accepted seconds of one service type in one mode, in order of time, column by column.
 *
 * <p>A value that a row did not state is NaN. A block is a stretch of time at one load: a level of a load test, or else
 * a minute; whole blocks are left out in cross-validation, because neighbouring seconds are alike.
 */
public final class Samples {

    private final Kind kind;
    private final double[] seconds;
    private final boolean[] steady;
    private final int[] block;
    private final int[] life;
    private final Map<Driver, double[]> drivers;
    private final Map<Resource, double[]> uses;
    private final Map<Quality, double[]> quality;

    /** @param life which life of the container a row belongs to: memory and peaks start anew with each */
    Samples(
            Kind kind,
            double[] seconds,
            boolean[] steady,
            int[] block,
            int[] life,
            Map<Driver, double[]> drivers,
            Map<Resource, double[]> uses,
            Map<Quality, double[]> quality) {
        this.kind = kind;
        this.seconds = seconds;
        this.steady = steady;
        this.block = block;
        this.life = life;
        this.drivers = drivers.isEmpty() ? new EnumMap<>(Driver.class) : new EnumMap<>(drivers);
        this.uses = uses.isEmpty() ? new EnumMap<>(Resource.class) : new EnumMap<>(uses);
        this.quality = quality.isEmpty() ? new EnumMap<>(Quality.class) : new EnumMap<>(quality);
    }

    public Kind kind() {
        return kind;
    }

    public int size() {
        return seconds.length;
    }

    /** Resources that at least one row states. */
    public Set<Resource> resources() {
        return uses.keySet();
    }

    Set<Driver> drivers() {
        return drivers.keySet();
    }

    /** The time a row ends at, in seconds since 1970 or since the first row, as the file has it. */
    public double second(int row) {
        return seconds[row];
    }

    /** Whether the load had settled when the row was measured. */
    public boolean steady(int row) {
        return steady[row];
    }

    /** Which stretch at one load a row belongs to; any number, equal for rows of one block. */
    public int block(int row) {
        return block[row];
    }

    /** Which life of a container a row belongs to; any number, equal for rows of one life. */
    public int life(int row) {
        return life[row];
    }

    /** The value of a driver, NaN where the row does not state it. */
    public double driver(Driver driver, int row) {
        var values = drivers.get(driver);
        return values == null ? Double.NaN : values[row];
    }

    /** The use of a resource in the model's unit, NaN where the row does not state it. */
    public double use(Resource resource, int row) {
        var values = uses.get(resource);
        return values == null ? Double.NaN : values[row];
    }

    /** The rows of some blocks only; peaks stay those of the whole history. */
    public Samples of(IntPredicate blocks) {
        int[] rows = IntStream.range(0, size())
                .filter(row -> blocks.test(block[row]))
                .toArray();
        var steadyRows = new boolean[rows.length];
        for (int row = 0; row < rows.length; row++) {
            steadyRows[row] = steady[rows[row]];
        }
        return new Samples(
                kind,
                pick(seconds, rows),
                steadyRows,
                Arrays.stream(rows).map(row -> block[row]).toArray(),
                Arrays.stream(rows).map(row -> life[row]).toArray(),
                pick(drivers, rows),
                pick(uses, rows),
                pick(quality, rows));
    }

    private static <K> Map<K, double[]> pick(Map<K, double[]> columns, int[] rows) {
        var some = new HashMap<K, double[]>();
        columns.forEach((key, values) -> some.put(key, pick(values, rows)));
        return some;
    }

    private static double[] pick(double[] values, int[] rows) {
        return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
    }

    Optional<double[]> quality(Quality sign) {
        return Optional.ofNullable(quality.get(sign));
    }
}
