package io.switchboard.configclient.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Health contributor {@code switchboardConfig}; for Spring Boot 3.5 there is {@link Boot3HealthAutoConfiguration}. */
@AutoConfiguration(after = FollowingAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
class HealthAutoConfiguration {

    @Bean(ConfigHealth.BEAN)
    HealthIndicator switchboardConfigHealthIndicator(Following following) {
        return () -> {
            var found = ConfigHealth.of(following);
            return (found.up() ? Health.up() : Health.unknown())
                    .withDetails(found.details())
                    .build();
        };
    }
}
