package io.switchboard.scheduling.measurement;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.engine.Engine;
import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.sample.Figure;
import io.switchboard.scheduling.sample.Sample;
import io.switchboard.scheduling.sample.Samples;
import io.switchboard.scheduling.sample.Series;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.Quality;
import io.switchboard.scheduling.task.TaskProtocol;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Measures instances that run as they should, some in each round, in turn. What a task uses comes from the engine, a
 * Prometheus or Mesos agents; the load comes from the task itself, and a task that tells none is left out: use without load teaches nothing.
 */
final class Collector {

    private final Deployments deployments;
    private final Engine engine;
    private final TaskUsage usage;
    private final TaskProtocol protocol;
    private final Samples samples;
    private final MeasurementProperties properties;
    private final Counter taken;
    private final Map<String, Seen> seen = new HashMap<>();
    private Optional<UUID> last = Optional.empty();

    /** What a task said before: how many calls it was offered by then, and the most it carried at once. */
    private record Seen(Instant at, Optional<Long> offered, double peak) {}

    Collector(
            Deployments deployments,
            Engine engine,
            TaskUsage usage,
            TaskProtocol protocol,
            Samples samples,
            MeasurementProperties properties,
            MeterRegistry meters) {
        this.deployments = deployments;
        this.engine = engine;
        this.usage = usage;
        this.protocol = protocol;
        this.samples = samples;
        this.properties = properties;
        this.taken = Counter.builder("scheduler.measurement.samples")
                .description("samples of tasks' use and load that were kept")
                .register(meters);
    }

    /** Measures the next instances; after the last the first come again. */
    void round() {
        var ids = deployments.settled(last, properties.instances());
        last = ids.size() < properties.instances() ? Optional.empty() : Optional.of(ids.getLast());
        var latest = usage.latest();
        deployments.find(ids).forEach(one -> measure(one, latest));
        forgetOld();
    }

    private void measure(Deployment deployment, TaskUsage.Latest latest) {
        deployment
                .wanted()
                .ifPresent(revision -> engine.tasks(revision.workload()).stream()
                        .filter(task -> task.state() == Task.State.READY)
                        .limit(properties.tasksEach())
                        .forEach(task -> measure(deployment, revision, task, latest.of(task))));
    }

    private void measure(Deployment deployment, Revision revision, Task task, Optional<Usage> usage) {
        var before = Optional.ofNullable(seen.get(task.id()));
        if (usage.isEmpty()
                || before.map(Seen::at).filter(usage.get().at()::equals).isPresent()) {
            return;
        }
        if (!(protocol.calls(revision, task) instanceof Calls.Counted counted)) {
            return;
        }
        int active = counted.active();
        var offered = protocol.quality(revision, task).map(Quality::callSetups);
        var now = new Seen(
                usage.get().at(),
                offered,
                Math.max(active, before.map(Seen::peak).orElse(0.0)));
        seen.put(task.id(), now);
        var instance = deployment.instance();
        var series =
                new Series(instance.serviceType(), Series.WHOLE_TASK, revision.image(), instance.tenant(), task.id());
        taken.increment(samples.add(series, List.of(sample(usage.get(), active, now, before))));
    }

    private static Sample sample(Usage usage, int active, Seen now, Optional<Seen> before) {
        var figures = new EnumMap<Figure, Double>(Figure.class);
        figures.put(Figure.CPU, usage.cpuMillis() / 1000.0);
        figures.put(Figure.MEMORY, usage.memoryMib() * Source.BYTES_PER_MIB);
        figures.put(Figure.CALLS, (double) active);
        figures.put(Figure.PEAK_CALLS, now.peak);
        before.flatMap(earlier -> rate(earlier, now)).ifPresent(rate -> figures.put(Figure.CALL_RATE, rate));
        return new Sample(usage.at(), figures);
    }

    /** Empty unless both tell, in order; a counter that fell has started anew. */
    private static Optional<Double> rate(Seen before, Seen now) {
        double seconds = Duration.between(before.at, now.at).toMillis() / 1000.0;
        return now.offered
                .flatMap(offered -> before.offered.map(earlier -> offered - earlier))
                .filter(more -> more >= 0 && seconds > 0)
                .map(more -> more / seconds);
    }

    private void forgetOld() {
        var newest = seen.values().stream().map(Seen::at).max(Instant::compareTo);
        newest.ifPresent(at -> seen.values().removeIf(one -> one.at.isBefore(at.minus(Duration.ofDays(1)))));
    }
}
