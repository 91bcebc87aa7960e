package io.switchboard.engine.process;

import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.supervision.Backoff;
import io.switchboard.engine.supervision.SupervisedEngine;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The engine {@code process}, where it was chosen. Closing the context leaves its tasks running. */
@AutoConfiguration
@ConditionalOnProperty(name = "scheduler.engine", havingValue = "process")
@EnableConfigurationProperties(ProcessEngineProperties.class)
class ProcessEngineAutoConfiguration {

    @Bean(destroyMethod = "close")
    Engine processEngine(ProcessEngineProperties properties, ObjectProvider<Clock> clock) {
        return engine(properties, clock.getIfAvailable(Clock::systemUTC));
    }

    static Engine engine(ProcessEngineProperties properties, Clock clock) {
        Set<Capability> capabilities = EnumSet.of(
                Capability.OUTLIVE_ADAPTER,
                Capability.MEASURE_USAGE,
                Capability.KEEP_LOGS,
                Capability.LIST_NODES,
                Capability.MEDIA_PORTS);
        if (properties.enforceMemory()) {
            capabilities.add(Capability.LIMIT_MEMORY);
        }
        return new SupervisedEngine(
                "process", capabilities, new ProcessRunner(properties, Machine.here(), clock), Backoff.STANDARD, clock);
    }
}
