package io.switchboard.starter.client;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.starter.security.SecurityProperties;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;

@AutoConfiguration
@EnableConfigurationProperties(SecurityProperties.class)
class ClientAutoConfiguration {

    /** The server takes the caller from the token; a client has nothing to send for that parameter. */
    @Bean
    RestClientHttpServiceGroupConfigurer callerParameters() {
        return groups -> groups.forEachProxyFactory((group, factory) -> factory.customArgumentResolver(
                (argument, parameter, request) -> parameter.getParameterType() == Caller.class));
    }

    @Bean
    @ConditionalOnProperty(name = "switchboard.security.outgoing", havingValue = "service", matchIfMissing = true)
    ServiceToken serviceToken(SecurityProperties security, Clock clock) {
        return new ServiceToken(security, clock);
    }

    @Bean
    @ConditionalOnProperty(name = "switchboard.security.outgoing", havingValue = "service", matchIfMissing = true)
    RestClientHttpServiceGroupConfigurer serviceTokens(ServiceToken token) {
        return groups -> groups.forEachClient((group, client) -> {
            client.requestInterceptor(token);
        });
    }
}
