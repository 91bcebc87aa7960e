package io.switchboard.scheduling.measurement;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.rounds.Rounds;
import io.switchboard.scheduling.sample.Samples;
import io.switchboard.scheduling.task.TaskProtocol;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MeasurementConfiguration {

    private static final String ENABLED = "scheduler.measurement.enabled";

    @Bean
    TaskUsage taskUsage(
            Engine engine,
            PrometheusProperties prometheus,
            MesosProperties mesos,
            MeasurementProperties properties,
            Clock clock) {
        return new UsageOfCalls(measured(engine, prometheus, mesos), properties, clock);
    }

    private static TaskUsage measured(Engine engine, PrometheusProperties prometheus, MesosProperties mesos) {
        if (prometheus.url() != null) {
            var asked = new Prometheus(prometheus.url().toString(), prometheus);
            return () -> {
                var look = asked.look();
                return task -> look.apply(task.id());
            };
        }
        return mesos.agents() == null ? () -> task -> engine.usage(task.id()) : new MesosAgents(mesos.agents(), mesos);
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

    /** An engine that measures nothing is not asked again and again. */
    @Bean
    @ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
    Rounds measurementRounds(
            Collector collector,
            Engine engine,
            PrometheusProperties prometheus,
            MesosProperties mesos,
            MeasurementProperties properties) {
        boolean measures = prometheus.url() != null
                || mesos.agents() != null
                || engine.capabilities().contains(Capability.MEASURE_USAGE);
        return new Rounds("measurement", properties.every(), measures ? collector::round : () -> {});
    }
}
