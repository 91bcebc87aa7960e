package io.switchboard.capacity.model;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    double second(int row) {
        return seconds[row];
    }

    boolean steady(int row) {
        return steady[row];
    }

    int block(int row) {
        return block[row];
    }

    int life(int row) {
        return life[row];
    }

    /** The value of a driver, NaN where the row does not state it. */
    double driver(Driver driver, int row) {
        var values = drivers.get(driver);
        return values == null ? Double.NaN : values[row];
    }

    /** The use of a resource in the model's unit, NaN where the row does not state it. */
    double use(Resource resource, int row) {
        var values = uses.get(resource);
        return values == null ? Double.NaN : values[row];
    }

    Optional<double[]> quality(Quality sign) {
        return Optional.ofNullable(quality.get(sign));
    }
}
