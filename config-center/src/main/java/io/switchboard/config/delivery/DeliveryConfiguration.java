package io.switchboard.config.delivery;

import io.switchboard.streams.EventStreams;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

    private static final EventStreams.Limits LIMITS = new EventStreams.Limits(5_000, 20_000);

    @Bean
    EventStreams releaseEventStreams(Clock clock) {
        return new EventStreams("release-streams", LIMITS, clock);
    }

    @Bean
    ReleaseStreams releaseStreams(EventStreams releaseEventStreams, Readers readers) {
        return new ReleaseStreams(releaseEventStreams, readers);
    }

    /** Applications show another credential than users; the controller checks it. */
    @Bean
    @Order(0)
    SecurityFilterChain deliveryPaths(HttpSecurity http) {
        return http.securityMatcher("/delivery/**")
                .authorizeHttpRequests(paths -> paths.anyRequest().permitAll())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .build();
    }
}
