package io.switchboard.access.balancer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.direct.DirectBalancer;
import io.switchboard.access.balancer.haproxy.HaproxyBalancer;
import io.switchboard.access.balancer.haproxy.HaproxyProgram;
import io.switchboard.access.balancer.haproxy.HaproxyProperties;
import io.switchboard.access.balancer.kamailio.KamailioBalancer;
import io.switchboard.access.balancer.kamailio.KamailioProgram;
import io.switchboard.access.balancer.kamailio.KamailioProperties;
import io.switchboard.access.endpoint.ConditionalOnRegistrar;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.endpoint.EtcdProperties;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.RouteProperties;
import io.switchboard.contracts.access.BalancerEvent;
import io.switchboard.contracts.access.RouteEvent;
import jakarta.jms.ConnectionFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Consumer;
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
    Addressing addressing(RouteProperties routes, HaproxyProperties haproxy, KamailioProperties kamailio) {
        return new Addressing(
                routes.domain(),
                routes.publicHost(),
                routes.publicPort() == 0 ? haproxy.httpPort() : routes.publicPort(),
                routes.publicTlsPort(),
                routes.publicSipPort() == 0 ? kamailio.port() : routes.publicSipPort());
    }

    /** Closed by the agent, which knows when traffic has ended. */
    @Bean(destroyMethod = "")
    @ConditionalOnProperty(name = "access.agent.enabled", matchIfMissing = true)
    Balancer balancer(
            EtcdProperties etcd,
            HaproxyProperties haproxy,
            KamailioProperties kamailio,
            Addressing addressing,
            RouteProperties routes,
            Clock clock,
            ObjectProvider<MeterRegistry> meters) {
        var sip = sip(kamailio, addressing, clock, meters);
        return new CombinedBalancer(streams(etcd, haproxy, addressing, routes, clock, meters), sip);
    }

    private static Balancer streams(
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

    private static Balancer sip(
            KamailioProperties kamailio, Addressing addressing, Clock clock, ObjectProvider<MeterRegistry> meters) {
        var program = KamailioProgram.find(kamailio.binary());
        if (kamailio.mode() != KamailioProperties.Mode.NONE && program.isPresent()) {
            return new KamailioBalancer(
                    kamailio, program.get(), addressing, clock, meters.getIfAvailable(SimpleMeterRegistry::new));
        }
        log.info("SIP over UDP: callers reach the tasks' own ports. For balanced routes install the package 'kamailio',"
                + " and leave access.kamailio.mode at 'managed'");
        return new DirectBalancer();
    }

    @Bean
    @ConditionalOnRegistrar
    LatestEvents<UUID, RouteEvent> routeEvents(ConnectionFactory connectionFactory, JsonMapper json) {
        return new LatestEvents<>(RouteEvent.TOPIC, RouteEvent::instanceId, topics(connectionFactory), json);
    }

    @Bean
    @ConditionalOnRegistrar
    LatestEvents<String, BalancerEvent> balancerEvents(ConnectionFactory connectionFactory, JsonMapper json) {
        return new LatestEvents<>(BalancerEvent.TOPIC, BalancerEvent::id, topics(connectionFactory), json);
    }

    private static JmsTemplate topics(ConnectionFactory connectionFactory) {
        var topics = new JmsTemplate(connectionFactory);
        topics.setPubSubDomain(true);
        return topics;
    }

    /** Without a broker those who have one say it: they read in etcd how each agent stands. */
    private static <E> Consumer<E> publishing(ObjectProvider<? extends LatestEvents<?, E>> events) {
        var published = events.getIfAvailable();
        return published == null ? event -> {} : published::publish;
    }

    /** Says for agents without a broker what they carry. */
    @Bean
    @ConditionalOnRegistrar
    @ConditionalOnProperty(name = "access.agent.enabled", havingValue = "false")
    Announcer announcer(
            EndpointRegistry registry,
            LatestEvents<UUID, RouteEvent> events,
            Addressing addressing,
            AgentProperties properties,
            Clock clock) {
        return new Announcer(registry, events::publish, addressing, properties.republishEvery(), clock);
    }

    @Bean
    AgentWatch agentWatch(
            EndpointRegistry registry,
            ObjectProvider<LatestEvents<String, BalancerEvent>> events,
            AgentProperties properties,
            Clock clock,
            ObjectProvider<MeterRegistry> meters) {
        return new AgentWatch(
                registry,
                publishing(events),
                properties.behindAfter(),
                clock,
                meters.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    @ConditionalOnProperty(name = "access.agent.enabled", matchIfMissing = true)
    ServingHistory servingHistory(HaproxyProperties haproxy, AgentProperties properties, Clock clock) {
        return new ServingHistory(haproxy.directory(), properties.historySize().toBytes() / 2, clock);
    }

    @Bean
    @ConditionalOnProperty(name = "access.agent.enabled", matchIfMissing = true)
    Agent agent(
            EndpointRegistry registry,
            Balancer balancer,
            ObjectProvider<LatestEvents<UUID, RouteEvent>> events,
            ServingHistory history,
            AgentProperties properties,
            HaproxyProperties haproxy,
            Clock clock,
            ObjectProvider<MeterRegistry> meters) {
        return new Agent(
                properties.id().isEmpty() ? hostName() + ":" + haproxy.httpPort() : properties.id(),
                registry,
                balancer,
                publishing(events),
                history,
                properties,
                clock,
                meters.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    @ConditionalOnProperty(name = "access.agent.enabled", matchIfMissing = true)
    Traffic traffic(Agent agent, Balancer balancer, AgentProperties properties, Clock clock) {
        return new Traffic(agent, balancer, properties.trafficEvery(), clock);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
