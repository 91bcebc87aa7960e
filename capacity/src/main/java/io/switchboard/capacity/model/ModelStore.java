package io.switchboard.capacity.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Models and knees as JSON, so that a plan needs no measurements at hand.
 *
 * @param source where the measurements come from, for the reader of a plan
 * @param models by kind, then by resource
 * @param knees by kind
 * @param worth by kind, then by resource; models of earlier files have none
 */
public record ModelStore(
        String source,
        SortedMap<Kind, Map<Resource, ConsumptionModel>> models,
        SortedMap<Kind, List<Knee>> knees,
        SortedMap<Kind, Map<Resource, Worth>> worth) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private record Stored(String source, List<StoredModel> models, List<StoredKnees> knees) {}

    private record StoredKnees(Kind kind, List<Knee> knees) {}

    private record StoredTerm(String shape, Driver driver, double figure) {

        static StoredTerm of(Term term) {
            return switch (term) {
                case Term.Power(Driver driver, double exponent) -> new StoredTerm("power", driver, exponent);
                case Term.Bent(Driver driver, double knot) -> new StoredTerm("bent", driver, knot);
                case Term.Above(Driver driver, double knot) -> new StoredTerm("above", driver, knot);
            };
        }

        Term term() {
            return switch (shape) {
                case "power" -> new Term.Power(driver, figure);
                case "bent" -> new Term.Bent(driver, figure);
                case "above" -> new Term.Above(driver, figure);
                default -> throw new UnreadableSamples("a model has a term of unknown shape: " + shape);
            };
        }
    }

    private record StoredModel(
            Kind kind,
            Resource resource,
            String form,
            List<StoredTerm> terms,
            Fit fit,
            double error,
            Bounds bounds,
            DerivedDrivers derived,
            Map<Driver, Double> highest,
            double[][] envelope,
            @Nullable Worth worth) {

        static StoredModel of(ConsumptionModel model, @Nullable Worth worth) {
            var form = model.shape();
            return new StoredModel(
                    model.kind(),
                    model.resource(),
                    form.name(),
                    form.terms().stream().map(StoredTerm::of).toList(),
                    model.fit(),
                    model.crossValidatedError(),
                    model.bounds(),
                    model.derived(),
                    model.highest(),
                    model.envelope().steps(),
                    worth);
        }

        ConsumptionModel model() {
            var shape = new Form(form, terms.stream().map(StoredTerm::term).toList(), 0);
            return new ConsumptionModel(
                    kind,
                    resource,
                    new CrossValidation.Choice(shape, fit, error, Map.of()),
                    bounds,
                    derived,
                    highest,
                    Envelope.of(envelope));
        }
    }

    /** The models that come with Switchboard, learned from the measurements its documentation describes. */
    public static ModelStore shipped() {
        try (InputStream in = ModelStore.class.getResourceAsStream("/capacity/models.json")) {
            if (in == null) {
                throw new IllegalStateException("capacity/models.json is missing from the jar");
            }
            return of(JSON.readValue(in, Stored.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UnreadableSamples if the file holds no models */
    public static ModelStore read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return of(JSON.readValue(in, Stored.class));
        } catch (JacksonException e) {
            throw new UnreadableSamples("the file holds no models: " + e.getOriginalMessage());
        }
    }

    /** @throws UnreadableSamples if the text holds no models */
    public static ModelStore parse(String text) {
        try {
            return of(JSON.readValue(text, Stored.class));
        } catch (JacksonException e) {
            throw new UnreadableSamples("the text holds no models: " + e.getOriginalMessage());
        }
    }

    /** Gathers fitted models and the knees of runs with a CPU limit. */
    public static ModelStore of(String source, List<Fitted> fitted, List<SampleFile> saturated) {
        var models = new TreeMap<Kind, Map<Resource, ConsumptionModel>>();
        var worth = new TreeMap<Kind, Map<Resource, Worth>>();
        for (var one : fitted) {
            models.computeIfAbsent(one.model().kind(), kind -> new EnumMap<>(Resource.class))
                    .put(one.model().resource(), one.model());
            worth.computeIfAbsent(one.model().kind(), kind -> new EnumMap<>(Resource.class))
                    .put(one.model().resource(), Worth.of(one));
        }
        var knees = new TreeMap<Kind, List<Knee>>();
        for (var file : saturated) {
            file.samples().forEach((kind, samples) -> {
                var found = Knee.of(samples);
                if (!found.isEmpty()) {
                    knees.computeIfAbsent(kind, any -> new ArrayList<>()).addAll(found);
                }
            });
        }
        return new ModelStore(source, models, knees, worth);
    }

    /** Of one kind alone; without models if there are none. */
    public ModelStore only(Kind kind) {
        return new ModelStore(source, only(kind, models), only(kind, knees), only(kind, worth));
    }

    private static <V> SortedMap<Kind, V> only(Kind kind, SortedMap<Kind, V> all) {
        var one = new TreeMap<Kind, V>();
        var value = all.get(kind);
        if (value != null) {
            one.put(kind, value);
        }
        return one;
    }

    public void write(Path file) throws IOException {
        Files.writeString(file, json() + "\n");
    }

    /** The same bytes for the same models. */
    public String json() {
        var all = models.values().stream()
                .flatMap(byResource -> byResource.values().stream())
                .sorted(Comparator.comparing(ConsumptionModel::kind).thenComparing(ConsumptionModel::resource))
                .map(model -> StoredModel.of(
                        model, worth.getOrDefault(model.kind(), Map.of()).get(model.resource())))
                .toList();
        var bent = knees.entrySet().stream()
                .map(entry -> new StoredKnees(entry.getKey(), entry.getValue()))
                .toList();
        return JSON.writeValueAsString(new Stored(source, all, bent));
    }

    /** The models of a service type in one mode, by resource. */
    public Optional<Map<Resource, ConsumptionModel>> find(Kind kind) {
        return Optional.ofNullable(models.get(kind));
    }

    private static ModelStore of(Stored stored) {
        var models = new TreeMap<Kind, Map<Resource, ConsumptionModel>>();
        var worth = new TreeMap<Kind, Map<Resource, Worth>>();
        for (var one : stored.models) {
            models.computeIfAbsent(one.kind, kind -> new EnumMap<>(Resource.class))
                    .put(one.resource, one.model());
            if (one.worth != null) {
                worth.computeIfAbsent(one.kind, kind -> new EnumMap<>(Resource.class))
                        .put(one.resource, one.worth);
            }
        }
        var knees = new HashMap<Kind, List<Knee>>();
        stored.knees.forEach(one -> knees.put(one.kind, one.knees));
        return new ModelStore(stored.source, models, new TreeMap<>(knees), worth);
    }
}
