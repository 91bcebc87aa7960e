package io.switchboard.scheduling.deployment;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.scheduling.rounds.Rounds;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class RetentionConfiguration {

    /** Not into the rush of a start. */
    private static final Duration FIRST = Duration.ofMinutes(2);

    @Bean
    Retention retention(
            JdbcTemplate jdbc, RetentionProperties properties, Clock clock, ObjectProvider<MeterRegistry> meters) {
        return new Retention(jdbc, properties, clock, meters.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "scheduler.retention.enabled", matchIfMissing = true)
    Rounds retentionRounds(Retention retention, RetentionProperties properties) {
        return new Rounds("retention", FIRST, properties.every(), retention::round);
    }
}
