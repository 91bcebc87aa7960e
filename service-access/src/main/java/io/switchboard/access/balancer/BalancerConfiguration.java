package io.switchboard.access.balancer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.direct.DirectBalancer;
import io.switchboard.access.balancer.haproxy.HaproxyBalancer;
import io.switchboard.access.balancer.haproxy.HaproxyProgram;
import io.switchboard.access.balancer.haproxy.HaproxyProperties;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.endpoint.EtcdProperties;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.RouteProperties;
import jakarta.jms.ConnectionFactory;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jms.core.JmsTemplate;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class BalancerConfiguration {

    private static final Logger log = LoggerFactory.getLogger(BalancerConfiguration.class);

    @Bean
    Addressing addressing(RouteProperties routes, HaproxyProperties haproxy) {
        return new Addressing(
                routes.domain(),
                routes.publicHost(),
                routes.publicPort() == 0 ? haproxy.httpPort() : routes.publicPort());
    }

    /** Closed by the agent, which knows when traffic has ended. */
    @Bean(destroyMethod = "")
    @ConditionalOnProperty(name = "access.agent.enabled", matchIfMissing = true)
    Balancer balancer(
            EtcdProperties etcd,
            HaproxyProperties haproxy,
            Addressing addressing,
            RouteProperties routes,
            Clock clock,
            ObjectProvider<MeterRegistry> meters) {
        var program = HaproxyProgram.find(haproxy.binary());
        if (haproxy.mode() != HaproxyProperties.Mode.NONE && etcd.used() && program.isPresent()) {
            return new HaproxyBalancer(
                    haproxy,
                    program.get(),
                    addressing,
                    routes.tcp().range(),
                    clock,
                    meters.getIfAvailable(SimpleMeterRegistry::new));
        }
        log.info(
                "direct mode: clients reach the tasks' own ports. For balanced routes install the packages 'haproxy' and"
                        + " 'etcd-server', set access.etcd.endpoints and leave access.haproxy.mode at 'managed'");
        return new DirectBalancer();
    }

    @Bean
    @ConditionalOnProperty(name = "access.agent.enabled", matchIfMissing = true)
    RouteEvents routeEvents(ConnectionFactory connectionFactory, JsonMapper json) {
        var topics = new JmsTemplate(connectionFactory);
        topics.setPubSubDomain(true);
        return new RouteEvents(topics, json);
    }

    @Bean
    @ConditionalOnProperty(name = "access.agent.enabled", matchIfMissing = true)
    Agent agent(
            EndpointRegistry registry,
            Balancer balancer,
            RouteEvents events,
            AgentProperties properties,
            Clock clock,
            ObjectProvider<MeterRegistry> meters) {
        return new Agent(
                registry, balancer, events, properties, clock, meters.getIfAvailable(SimpleMeterRegistry::new));
    }
}
