package io.switchboard.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.jms.ConnectionFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Active where a service says {@code switchboard.outbox.enabled: true}, because in one JVM all see this jar. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration",
            "org.springframework.boot.artemis.autoconfigure.ArtemisAutoConfiguration",
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"
        })
@ConditionalOnProperty("switchboard.outbox.enabled")
@ConditionalOnBean({JdbcTemplate.class, ConnectionFactory.class})
@EnableConfigurationProperties(OutboxProperties.class)
class OutboxAutoConfiguration {

    @Bean
    OutboxRelay outboxRelay(
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            ConnectionFactory broker,
            OutboxProperties properties) {
        return new OutboxRelay(jdbc, new TransactionTemplate(transactions), broker, properties);
    }

    @Bean
    Outbox outbox(JdbcTemplate jdbc, OutboxRelay relay) {
        return new JdbcOutbox(jdbc, relay::wake);
    }

    @Bean
    MeterBinder outboxMetrics(JdbcTemplate jdbc) {
        return registry -> pending(registry, jdbc);
    }

    private static void pending(MeterRegistry registry, JdbcTemplate jdbc) {
        Gauge.builder("switchboard.outbox.pending", jdbc, OutboxAutoConfiguration::count)
                .description("messages stored and not sent yet")
                .register(registry);
    }

    private static double count(JdbcTemplate jdbc) {
        var rows = jdbc.queryForObject("select count(*) from outbox", Long.class);
        return rows == null ? 0 : rows;
    }
}
