package io.switchboard.access.endpoint;

import io.switchboard.contracts.scheduling.SchedulerApi;
import jakarta.jms.ConnectionFactory;
import java.time.Clock;
import org.springframework.boot.jms.autoconfigure.DefaultJmsListenerContainerFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jms.config.DefaultJmsListenerContainerFactory;
import org.springframework.web.service.registry.ImportHttpServices;

@Configuration(proxyBeanMethods = false)
@ConditionalOnRegistrar
@ImportHttpServices(group = "service-scheduler", types = SchedulerApi.class)
class RegistrarConfiguration {

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
