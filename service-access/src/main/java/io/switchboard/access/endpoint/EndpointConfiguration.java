package io.switchboard.access.endpoint;

import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.RouteProperties;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EndpointConfiguration {

    private static final Logger log = LoggerFactory.getLogger(EndpointConfiguration.class);

    @Bean
    EndpointRegistry endpointRegistry(
            EtcdProperties etcd,
            RegistrarProperties registrar,
            RouteProperties routes,
            Addressing addressing,
            Clock clock) {
        var ports = routes.tcp().ranges();
        if (!registrar.enabled()) {
            if (!etcd.used()) {
                throw new IllegalStateException(
                        "access.registrar.enabled=false needs access.etcd.endpoints, from where routes are read");
            }
            return EtcdRegistry.readOnly(etcd, clock, addressing, ports, new LastKnown(etcd.lastKnown()));
        }
        if (!etcd.used()) {
            log.info("no etcd is set (access.etcd.endpoints): endpoints are kept in memory only");
            return new InMemoryRegistry(clock, addressing, ports);
        }
        return new EtcdRegistry(etcd, clock, addressing, ports, new LastKnown(etcd.lastKnown()));
    }
}
