package io.switchboard.starter.client;

import io.switchboard.contracts.identity.Caller;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;

@AutoConfiguration
class ClientAutoConfiguration {

    /** The server takes the caller from the token; a client has nothing to send for that parameter. */
    @Bean
    RestClientHttpServiceGroupConfigurer callerParameters() {
        return groups -> groups.forEachProxyFactory((group, factory) -> factory.customArgumentResolver(
                (argument, parameter, request) -> parameter.getParameterType() == Caller.class));
    }

    @Bean
    @ConditionalOnProperty(name = "switchboard.security.outgoing", havingValue = "service", matchIfMissing = true)
    ServiceToken serviceToken(Environment environment, Clock clock) {
        return new ServiceToken(
                environment.getProperty("switchboard.security.issuer", ""),
                environment.getProperty("switchboard.security.client-id", ""),
                environment.getProperty("switchboard.security.client-secret", ""),
                clock);
    }

    @Bean
    @ConditionalOnProperty(name = "switchboard.security.outgoing", havingValue = "service", matchIfMissing = true)
    RestClientHttpServiceGroupConfigurer serviceTokens(ServiceToken token) {
        return groups -> groups.forEachClient((group, client) -> {
            client.requestInterceptor(token);
        });
    }
}
