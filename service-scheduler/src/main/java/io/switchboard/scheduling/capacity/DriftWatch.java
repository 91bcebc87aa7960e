package io.switchboard.scheduling.capacity;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.switchboard.capacity.model.ConsumptionModel;
import io.switchboard.capacity.model.Drift;
import io.switchboard.capacity.model.Drift.Direction;
import io.switchboard.capacity.model.Resource;
import io.switchboard.scheduling.sample.Figure;
import io.switchboard.scheduling.sample.Sample;
import io.switchboard.scheduling.sample.Samples;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what tasks use against the models in force. Where use has left a model upwards, plans get wider bounds at once, by
 * as much as was seen; where it has left downwards, nothing shrinks: an operator is told, and a fitted version may be put in
 * force.
 */
final class DriftWatch {

    private static final Logger log = LoggerFactory.getLogger(DriftWatch.class);

    /** Looks whose use over bound is remembered: what widens the bounds once the alarm comes. */
    private static final int REMEMBERED = 60;

    /** More than this is no drift but a defect that wider bounds would only hide. */
    private static final double MOST_WIDENING = 3;

    /** Relative residuals of tasks without load say nothing. */
    private static final double LOADED = 0.5;

    private final Samples samples;
    private final ModelVersions versions;
    private final ModelsInForce inForce;
    private final Clock clock;
    private final MultiGauge gauge;
    private final Map<Long, Watched> watched = new HashMap<>();

    private static final class Watched {
        private Instant until;
        private Drift drift = Drift.NONE;
        private Direction told = Direction.NONE;
        private final Deque<Double> useOverBound = new ArrayDeque<>();

        Watched(Instant from) {
            this.until = from;
        }
    }

    DriftWatch(Samples samples, ModelVersions versions, ModelsInForce inForce, Clock clock, MeterRegistry meters) {
        this.samples = samples;
        this.versions = versions;
        this.inForce = inForce;
        this.clock = clock;
        this.gauge = MultiGauge.builder("scheduler.capacity.drift")
                .description("how far use has left a model in force: above 1.5 upwards, below -1.5 downwards")
                .register(meters);
    }

    void round() {
        var models = inForce.all();
        watched.keySet().removeIf(version -> models.stream().noneMatch(one -> one.version() == version));
        models.forEach(this::look);
        gauge.register(
                models.stream()
                        .filter(one -> watched.containsKey(one.version()))
                        .map(one -> MultiGauge.Row.of(tags(one), value(one)))
                        .toList(),
                true);
    }

    private double value(ModelVersion model) {
        var drift = Optional.ofNullable(watched.get(model.version()))
                .map(one -> one.drift)
                .orElse(Drift.NONE);
        return drift.above() > drift.below() ? drift.above() : -drift.below();
    }

    private static Tags tags(ModelVersion model) {
        return Tags.of(
                "version", Long.toString(model.version()),
                "service", model.scope().kind().service(),
                "mode", model.scope().kind().mode());
    }

    private void look(ModelVersion model) {
        var cpu = model.store().find(model.scope().kind()).orElse(Map.of()).get(Resource.CPU);
        if (cpu == null) {
            return;
        }
        var now = clock.instant();
        var one = watched.computeIfAbsent(model.version(), version -> new Watched(now));
        var scope = model.scope();
        var seen = samples.since(
                scope.kind().service(),
                scope.kind().mode(),
                scope.image(),
                scope.tenant().isEmpty() ? null : scope.tenant(),
                one.until);
        seen.stream().map(Sample::at).max(Instant::compareTo).ifPresent(latest -> one.until = latest);
        compare(one, cpu, seen);
        tell(model, one);
    }

    private static void compare(Watched one, ConsumptionModel cpu, List<Sample> seen) {
        double used = 0;
        double expected = 0;
        double most = 0;
        for (var sample : seen) {
            var use = sample.figures().get(Figure.CPU);
            if (use == null || !(sample.figures().getOrDefault(Figure.CALLS, 0.0) > LOADED)) {
                continue;
            }
            var load = sample.load();
            used += use;
            expected += cpu.mean(load);
            most = Math.max(most, use / cpu.reservation(load));
        }
        if (expected > 0) {
            one.drift = one.drift.with(used / expected - 1);
            one.useOverBound.addLast(most);
            if (one.useOverBound.size() > REMEMBERED) {
                one.useOverBound.removeFirst();
            }
        }
    }

    private void tell(ModelVersion model, Watched one) {
        var direction = one.drift.direction();
        if (direction == one.told) {
            return;
        }
        one.told = direction;
        switch (direction) {
            case NONE -> log.info("use is as capacity model {} expects again: {}", model.version(), model.scope());
            case DOWN ->
                log.warn(
                        "use has left capacity model {} downwards: {}; plans stay as they are, fit and activate a new version",
                        model.version(),
                        model.scope());
            case UP -> widen(model, one);
        }
    }

    private void widen(ModelVersion model, Watched one) {
        double factor = Math.clamp(
                one.useOverBound.stream().mapToDouble(Double::doubleValue).max().orElse(1), 1, MOST_WIDENING);
        var detail = String.format(
                Locale.ROOT,
                "Use has left version %d upwards, so its bounds are %.2f times as wide until another is in force.",
                model.version(),
                factor);
        versions.widen(model, factor, detail, clock.instant());
        inForce.look();
        log.warn("{} Work: {}", detail, model.scope());
    }
}
