package io.switchboard.image.token;

import io.switchboard.contracts.identity.CredentialsApi;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.service.registry.ImportHttpServices;

@Configuration(proxyBeanMethods = false)
@ImportHttpServices(group = "service-request", types = CredentialsApi.class)
class TokenConfiguration {

    @Bean
    RegistryTokens registryTokens(TokenProperties properties, Clock clock) {
        return new RegistryTokens(SigningKey.in(properties.directory(), properties.issuer(), clock), properties, clock);
    }

    @Bean
    PullCredentials pullCredentials(TokenProperties properties) {
        return new PullCredentials(
                SecretFile.readOrCreate(properties.directory().resolve("pull.key")));
    }

    @Bean
    Login login(CredentialsApi credentials, PullCredentials pulls, TokenProperties properties, Clock clock) {
        var failures = new FailedLogins(properties.failuresPerMinute(), clock);
        return new Login(credentials, pulls, failures, properties.remember(), clock);
    }

    /** What registry clients and the registry itself call checks its credentials in its controller. */
    @Bean
    @Order(0)
    SecurityFilterChain registryPaths(HttpSecurity http) {
        return http.securityMatcher("/token", "/registry/notifications")
                .authorizeHttpRequests(paths -> paths.anyRequest().permitAll())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .build();
    }
}
