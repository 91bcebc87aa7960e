package io.switchboard.scheduling.measurement;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.rounds.Rounds;
import io.switchboard.scheduling.sample.Samples;
import io.switchboard.scheduling.task.TaskProtocol;
import java.time.Clock;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MeasurementConfiguration {

    private static final String ENABLED = "scheduler.measurement.enabled";

    /** @throws IllegalStateException if more than one source is named */
    @Bean
    TaskUsage taskUsage(
            Engine engine,
            PrometheusProperties prometheus,
            MesosProperties mesos,
            MeasurementProperties properties,
            Clock clock) {
        return new UsageOfCalls(source(engine, prometheus, mesos, clock), properties, clock);
    }

    private static Optional<Source> source(
            Engine engine, PrometheusProperties prometheus, MesosProperties mesos, Clock clock) {
        if (prometheus.url() != null && mesos.agents() != null) {
            throw new IllegalStateException(
                    "scheduler.measurement: either prometheus.url or mesos.agents says what tasks use, not both");
        }
        if (prometheus.url() != null) {
            return Optional.of(new Prometheus(prometheus.url().toString(), prometheus));
        }
        if (mesos.agents() != null) {
            return Optional.of(new MesosAgents(mesos.agents(), mesos, clock));
        }
        return engine.capabilities().contains(Capability.MEASURE_USAGE)
                ? Optional.of(() -> task -> engine.usage(task.id()))
                : Optional.empty();
    }

    @Bean
    @ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
    Collector collector(
            Deployments deployments,
            Engine engine,
            TaskUsage taskUsage,
            TaskProtocol protocol,
            Samples samples,
            MeasurementProperties properties,
            MeterRegistry meters) {
        return new Collector(deployments, engine, taskUsage, protocol, samples, properties, meters);
    }

    /** Where nothing measures, nothing is asked again and again. */
    @Bean
    @ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
    Rounds measurementRounds(Collector collector, TaskUsage taskUsage, MeasurementProperties properties) {
        return new Rounds("measurement", properties.every(), taskUsage.isMeasured() ? collector::round : () -> {});
    }
}
