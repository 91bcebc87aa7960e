package io.switchboard.config.delivery;

import io.switchboard.streams.EventStreams;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

    /** Those who wait are counted elsewhere, on streams and without. */
    private static final EventStreams.Limits NONE = new EventStreams.Limits(Integer.MAX_VALUE, Integer.MAX_VALUE);

    @Bean
    EventStreams releaseEventStreams(Clock clock) {
        return new EventStreams("release-streams", NONE, clock);
    }

    @Bean
    ReleaseStreams releaseStreams(EventStreams releaseEventStreams, Readers readers, WaitingClients waiting) {
        return new ReleaseStreams(releaseEventStreams, readers, waiting);
    }

    @Bean
    WebMvcConfigurer readerArguments(Readers readers) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new ReaderArgumentResolver(readers));
            }
        };
    }

    /** Applications show another credential than users; the argument resolver checks it. */
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
