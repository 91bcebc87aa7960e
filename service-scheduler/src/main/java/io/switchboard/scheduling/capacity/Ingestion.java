package io.switchboard.scheduling.capacity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.capacity.model.ConsumptionModel;
import io.switchboard.capacity.model.Resource;
import io.switchboard.capacity.model.SampleFile;
import io.switchboard.contracts.capacity.CapacityApi.SamplesAnswer;
import io.switchboard.scheduling.sample.Figure;
import io.switchboard.scheduling.sample.Sample;
import io.switchboard.scheduling.sample.Samples;
import io.switchboard.scheduling.sample.Series;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Takes samples that someone else measured; what can't be true is put aside and counted, never kept. */
final class Ingestion {

    /** Clocks may differ by so much; what is later is no measurement. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    /** Before it there was no container to measure. */
    private static final Instant EARLIEST = Instant.parse("2010-01-01T00:00:00Z");

    /** Use above so many reservations of the model in force is no measurement, whatever the image. */
    private static final double FAR = 100;

    private final Samples samples;
    private final Models models;
    private final Clock clock;
    private final MeterRegistry meters;

    Ingestion(Samples samples, Models models, Clock clock, MeterRegistry meters) {
        this.samples = samples;
        this.models = models;
        this.clock = clock;
        this.meters = meters;
    }

    /** @param task any name of the container, or of the group of them that the data is about */
    SamplesAnswer add(SampleFile file, String image, String tenant, String task) {
        var rejected = new TreeMap<>(SampleRows.rejected(file));
        long kept = 0;
        long known = 0;
        for (var one : file.samples().values()) {
            var inForce = models.find(one.kind(), image, tenant)
                    .map(KnownWork::models)
                    .orElse(Map.of());
            var lives = new TreeMap<Integer, List<Sample>>();
            for (int row = 0; row < one.size(); row++) {
                var at = Instant.ofEpochMilli((long) (1_000 * one.second(row)));
                if (at.isBefore(EARLIEST) || at.isAfter(clock.instant().plus(AHEAD))) {
                    rejected.merge("time", 1L, Long::sum);
                    continue;
                }
                var figures = figures(one, row);
                if (figures.keySet().removeAll(implausible(inForce, new Sample(at, figures)))) {
                    rejected.merge("implausible", 1L, Long::sum);
                }
                if (figures.keySet().stream()
                        .anyMatch(figure -> figure.resource().isPresent())) {
                    lives.computeIfAbsent(one.life(row), life -> new ArrayList<>())
                            .add(new Sample(at, figures));
                }
            }
            for (var life : lives.entrySet()) {
                var kind = one.kind();
                int added = samples.add(
                        new Series(kind.service(), kind.mode(), image, tenant, task + "/" + life.getKey()),
                        life.getValue());
                kept += added;
                known += life.getValue().size() - added;
            }
        }
        rejected.forEach((reason, count) -> counter(reason).increment(count));
        return new SamplesAnswer(file.rows(), kept, known, rejected);
    }

    private static Set<Figure> implausible(Map<Resource, ConsumptionModel> known, Sample sample) {
        var load = sample.load();
        var far = EnumSet.noneOf(Figure.class);
        sample.figures()
                .forEach((figure, use) -> figure.resource().ifPresent(resource -> {
                    var model = known.get(resource);
                    if (model != null && use / resource.scale() > FAR * model.reservation(load)) {
                        far.add(figure);
                    }
                }));
        return far;
    }

    private Counter counter(String reason) {
        return Counter.builder("scheduler.capacity.samples.rejected")
                .description("values or rows of sent samples that can't be true")
                .tag("reason", reason)
                .register(meters);
    }

    private static Map<Figure, Double> figures(io.switchboard.capacity.model.Samples from, int row) {
        var figures = new EnumMap<Figure, Double>(Figure.class);
        for (var figure : Figure.values()) {
            figure.driver().ifPresent(driver -> put(figures, figure, from.driver(driver, row)));
            figure.resource().ifPresent(resource -> put(figures, figure, from.use(resource, row) * resource.scale()));
        }
        return figures;
    }

    private static void put(Map<Figure, Double> figures, Figure figure, double value) {
        if (value >= 0 && Double.isFinite(value)) {
            figures.put(figure, value);
        }
    }
}
