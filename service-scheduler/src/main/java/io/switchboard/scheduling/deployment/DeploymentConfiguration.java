package io.switchboard.scheduling.deployment;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.outbox.Outbox;
import io.switchboard.scheduling.capacity.OrderSizing;
import io.switchboard.scheduling.inbox.Inbox;
import io.switchboard.streams.EventStreams;
import jakarta.jms.ConnectionFactory;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class DeploymentConfiguration {

    @Bean
    JdbcDeployments deployments(
            JdbcTemplate jdbc, PlatformTransactionManager transactions, Outbox outbox, JsonMapper json) {
        return new JdbcDeployments(jdbc, new TransactionTemplate(transactions), outbox, json);
    }

    @Bean
    MeterBinder deploymentMetrics(JdbcDeployments deployments) {
        return registry -> Gauge.builder("scheduler.deployments.stuck", deployments, JdbcDeployments::stuck)
                .description("deployments that make no progress")
                .register(registry);
    }

    @Bean
    EventStreams openLogs(LogStreamProperties limits, Clock clock) {
        return new EventStreams("log streams", new EventStreams.Limits(limits.perTenant(), limits.inAll()), clock);
    }

    @Bean
    OrderIntake orderIntake(
            JdbcDeployments deployments,
            PlatformTransactionManager transactions,
            OrderSizing sizing,
            DeploymentListener listener,
            Clock clock,
            JsonMapper json,
            RetentionProperties retention,
            @Value("${scheduler.config-access.enabled:true}") boolean configAccess) {
        var sorted = json.rebuild()
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build();
        return new OrderIntake(
                deployments,
                new OrderRules(sizing, sorted::writeValueAsString, configAccess, retention.handledOrders()),
                new TransactionTemplate(transactions),
                listener,
                clock);
    }

    @Bean
    Inbox orderInbox(ConnectionFactory connections, OrderProperties properties, OrderIntake intake, JsonMapper json) {
        return new Inbox(
                "orders",
                connections,
                Inbox.queue(OrderMessage.QUEUE),
                properties.consumers(),
                properties.batch(),
                texts -> intake.handle(orders(texts, json)));
    }

    private static List<OrderMessage> orders(List<String> texts, JsonMapper json) {
        return texts.stream().map(text -> OrderText.read(text, json)).toList();
    }
}
