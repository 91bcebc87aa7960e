package io.switchboard.scheduling.measurement;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.rounds.Rounds;
import io.switchboard.scheduling.sample.Samples;
import io.switchboard.scheduling.task.TaskProtocol;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "scheduler.measurement.enabled", matchIfMissing = true)
class MeasurementConfiguration {

    @Bean
    Collector collector(
            Deployments deployments,
            Engine engine,
            UsageSource usageSource,
            TaskProtocol protocol,
            Samples samples,
            MeasurementProperties properties,
            MeterRegistry meters) {
        return new Collector(deployments, engine, usageSource, protocol, samples, properties, meters);
    }

    @Bean
    UsageSource usageSource(Engine engine, PrometheusProperties prometheus) {
        return prometheus.url() == null
                ? () -> engine::usage
                : new Prometheus(prometheus.url().toString(), prometheus);
    }

    /** An engine that measures nothing is not asked again and again. */
    @Bean
    Rounds measurementRounds(
            Collector collector, Engine engine, PrometheusProperties prometheus, MeasurementProperties properties) {
        boolean measures = prometheus.url() != null || engine.capabilities().contains(Capability.MEASURE_USAGE);
        return new Rounds("measurement", properties.every(), measures ? collector::round : () -> {});
    }
}
