package io.switchboard.access.domain;

import io.switchboard.access.endpoint.ConditionalOnRegistrar;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.route.Addressing;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnRegistrar
class DomainConfiguration {

    @Bean
    ClaimDomain claimDomain(
            EndpointRegistry registry, DomainProperties properties, Addressing addressing, Clock clock) {
        return new ClaimDomain(registry, properties, addressing, clock);
    }

    @Bean
    DomainChecks domainChecks(
            EndpointRegistry registry, DomainProperties properties, Addressing addressing, Clock clock) {
        return new DomainChecks(
                registry, new TxtRecords(properties.resolvers(), properties.timeout()), properties, addressing, clock);
    }

    @Bean
    DomainWatch domainWatch(EndpointRegistry registry, ClaimDomain claims, DomainChecks checks) {
        return new DomainWatch(registry, claims, checks);
    }
}
