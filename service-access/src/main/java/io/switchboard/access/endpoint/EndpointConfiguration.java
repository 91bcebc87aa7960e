package io.switchboard.access.endpoint;

import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.RouteProperties;
import io.switchboard.contracts.scheduling.SchedulerApi;
import jakarta.jms.ConnectionFactory;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jms.autoconfigure.DefaultJmsListenerContainerFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jms.config.DefaultJmsListenerContainerFactory;
import org.springframework.web.service.registry.ImportHttpServices;

@Configuration(proxyBeanMethods = false)
@ImportHttpServices(group = "service-scheduler", types = SchedulerApi.class)
class EndpointConfiguration {

    private static final Logger log = LoggerFactory.getLogger(EndpointConfiguration.class);

    @Bean
    EndpointRegistry endpointRegistry(EtcdProperties etcd, RouteProperties routes, Addressing addressing, Clock clock) {
        var ports = routes.tcp().ranges();
        if (!etcd.used()) {
            log.info("no etcd is set (access.etcd.endpoints): endpoints are kept in memory only");
            return new InMemoryRegistry(clock, addressing, ports);
        }
        return new EtcdRegistry(etcd, clock, addressing, ports, new LastKnown(etcd.lastKnown()));
    }

    @Bean
    Registrar registrar(
            EndpointRegistry registry,
            SchedulerApi scheduler,
            ResyncProperties properties,
            EtcdProperties etcd,
            Clock clock) {
        return new Registrar(
                registry, scheduler, etcd.used() ? properties.atMost(etcd.confirmEvery()) : properties, clock);
    }

    @Bean
    TaskEvents taskEvents(Registrar registrar) {
        return new TaskEvents(registrar);
    }

    /** One durable subscription that all processes of this service share. */
    @Bean
    DefaultJmsListenerContainerFactory taskEventsContainerFactory(
            DefaultJmsListenerContainerFactoryConfigurer configurer, ConnectionFactory connectionFactory) {
        var factory = new DefaultJmsListenerContainerFactory();
        configurer.configure(factory, connectionFactory);
        factory.setPubSubDomain(true);
        factory.setSubscriptionDurable(true);
        factory.setSubscriptionShared(true);
        return factory;
    }
}
