package io.switchboard.capacity.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A model with what one needs to judge it.
 *
 * @param kind what the model stands for here; of another mode than the model where that mode was not measured
 * @param model what was learned
 * @param training how it does on the seconds it was learned from
 * @param holdout how it does on seconds kept back, if there were any
 * @param observations seconds to draw, thinned to a few hundred: of the hold-out if there is one, else of the training
 * @param notes what the reader must know, in whole sentences
 */
public record Fitted(
        Kind kind,
        ConsumptionModel model,
        Holdout training,
        Optional<Holdout> holdout,
        List<Observation> observations,
        List<String> notes) {

    private static final int DRAWN = 500;

    /**
     * A second: its load, what was used, and what the model says to it, in the resource's unit.
     *
     * @param load the value of {@link ConsumptionModel#mainDriver}
     */
    public record Observation(double load, double use, double mean, double bound) {}

    public Fitted {
        observations = List.copyOf(observations);
        notes = List.copyOf(notes);
    }

    /** What the figures of the model are: those on the hold-out, or else those on the training. */
    public Holdout judged() {
        return holdout.orElse(training);
    }

    /** Models of everything in the file, by kind and resource. */
    public static List<Fitted> all(Learning learning, SampleFile training) {
        var all = new ArrayList<Fitted>();
        training.samples()
                .forEach((kind, samples) -> samples.resources().stream()
                        .filter(resource -> worthwhile(samples, resource))
                        .forEach(resource -> all.add(of(learning, kind, samples, resource, Optional.empty()))));
        return all;
    }

    /**
     * Models of what both files have, judged on the file kept back. A mode that was not measured starts from the mode of
     * its service that was measured most, and says so.
     */
    public static List<Fitted> all(Learning learning, SampleFile training, SampleFile test) {
        var all = new ArrayList<Fitted>();
        test.samples()
                .forEach((kind, kept) -> sibling(training, kind)
                        .ifPresent(samples -> samples.resources().stream()
                                .filter(kept.resources()::contains)
                                .filter(resource -> worthwhile(samples, resource))
                                .forEach(resource ->
                                        all.add(of(learning, kind, samples, resource, Optional.of(kept))))));
        return all;
    }

    private static Optional<Samples> sibling(SampleFile training, Kind kind) {
        var measured = training.samples().get(kind);
        return measured != null
                ? Optional.of(measured)
                : training.samples().values().stream()
                        .filter(samples -> samples.kind().service().equals(kind.service()))
                        .max(Comparator.comparingInt(Samples::size));
    }

    /** A column that is there but always zero, such as the disk of a service that writes nothing, has no model. */
    private static boolean worthwhile(Samples samples, Resource resource) {
        return IntStream.range(0, samples.size()).anyMatch(row -> samples.use(resource, row) > 0);
    }

    private static Fitted of(Learning learning, Kind kind, Samples samples, Resource resource, Optional<Samples> kept) {
        var model = learning.fit(samples, resource);
        return new Fitted(
                kind,
                model,
                Holdout.of(model, samples),
                kept.map(other -> Holdout.of(model, other)),
                observations(model, kept.orElse(samples)),
                notes(kind, model, samples, kept));
    }

    private static List<Observation> observations(ConsumptionModel model, Samples samples) {
        int[] rows = IntStream.range(0, samples.size())
                .filter(samples::steady)
                .filter(row -> !Double.isNaN(samples.use(model.resource(), row)))
                .toArray();
        int step = Math.max(1, rows.length / DRAWN);
        return IntStream.range(0, rows.length / step)
                .map(index -> rows[index * step])
                .mapToObj(row -> new Observation(
                        model.value(model.mainDriver(), driver -> samples.driver(driver, row)),
                        samples.use(model.resource(), row),
                        model.mean(driver -> samples.driver(driver, row)),
                        model.bound(driver -> samples.driver(driver, row))))
                .toList();
    }

    private static List<String> notes(Kind kind, ConsumptionModel model, Samples samples, Optional<Samples> kept) {
        var notes = new ArrayList<String>();
        long blocks = Arrays.stream(IntStream.range(0, samples.size())
                        .filter(samples::steady)
                        .map(samples::block)
                        .toArray())
                .distinct()
                .count();
        if (!kind.equals(samples.kind())) {
            notes.add("This mode was not measured: judged is the model of "
                    + samples.kind().mode() + ".");
        }
        if (blocks < 3) {
            notes.add(blocks + (blocks == 1 ? " load" : " loads")
                    + " measured: too few to tell forms apart, so the bound is wide or only as good as its load.");
        }
        if (model.coefficients().size() == 1) {
            notes.add("No driver moves with the use: the model is a constant.");
        }
        kept.ifPresent(other -> beyond(model, other)
                .forEach((driver, factor) -> notes.add(String.format(
                        Locale.ROOT,
                        "Kept-back data has up to %.1f times the measured %s: extrapolated, with a wider bound.",
                        factor,
                        driver.label()))));
        return notes;
    }

    private static Map<Driver, Double> beyond(ConsumptionModel model, Samples samples) {
        var beyond = new EnumMap<Driver, Double>(Driver.class);
        for (var driver : model.drivers()) {
            double most = IntStream.range(0, samples.size())
                    .mapToDouble(row -> samples.driver(driver, row))
                    .filter(value -> !Double.isNaN(value))
                    .max()
                    .orElse(0);
            if (most > 1.1 * model.measured(driver)) {
                beyond.put(driver, most / model.measured(driver));
            }
        }
        return beyond;
    }
}
