package io.switchboard.scheduling.leadership;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.switchboard.scheduling.leadership.Leadership.Role;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class LeadershipConfiguration {

    /** {@code pid@host}: what people find in logs and in the database. */
    private static final String NAME = ManagementFactory.getRuntimeMXBean().getName();

    @Bean
    Leadership leadership(
            Election election,
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            List<TermListener> listeners,
            LeadershipProperties properties,
            MeterRegistry meters) {
        var terms = Counter.builder("scheduler.leadership.terms")
                .description("terms this process began")
                .register(meters);
        return new Leadership(
                election,
                new Epochs(jdbc, new TransactionTemplate(transactions)),
                new CountedTerms(listeners, terms),
                properties.lease(),
                NAME,
                System::nanoTime);
    }

    /** @param listeners each begins after the ones before it */
    private record CountedTerms(List<TermListener> listeners, Counter terms) implements TermListener {

        @Override
        public void began(Term term) {
            terms.increment();
            listeners.forEach(listener -> listener.began(term));
        }

        /** All of them hear of it, whatever the others say. */
        @Override
        public boolean ended(Term term) {
            return listeners.reversed().stream().map(listener -> listener.ended(term)).toList().stream()
                    .allMatch(quiet -> quiet);
        }
    }

    @Bean
    MeterBinder leadershipMetrics(Leadership leadership) {
        return registry -> {
            Gauge.builder("scheduler.leadership.leads", leadership, one -> one.role() instanceof Role.Leads ? 1 : 0)
                    .description("1 while this process leads")
                    .register(registry);
            Gauge.builder(
                            "scheduler.leadership.epoch",
                            leadership,
                            one -> one.role() instanceof Role.Leads(long epoch) ? epoch : 0)
                    .description("the epoch this process leads with, 0 while it doesn't")
                    .register(registry);
        };
    }

    /** One that doesn't lead is well, as long as an election may choose it. */
    @Bean
    HealthIndicator leadershipHealth(Leadership leadership) {
        return () -> switch (leadership.role()) {
            case Role.Leads(long epoch) ->
                Health.up()
                        .withDetail("role", "leads")
                        .withDetail("epoch", epoch)
                        .build();
            case Role.Stands() -> Health.up().withDetail("role", "stands by").build();
            case Role.Overtaken(long epoch) ->
                Health.outOfService()
                        .withDetail("role", "overtaken")
                        .withDetail("epoch", epoch)
                        .withDetail(
                                "remedy",
                                "another scheduler leads with the same database: stop one of them, or let both use"
                                        + " ZooKeeper")
                        .build();
        };
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "spring.cloud.zookeeper.enabled", matchIfMissing = true)
    Election zooKeeperElection(CuratorFramework zookeeper) {
        return new ZooKeeperElection(zookeeper, NAME);
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "spring.cloud.zookeeper.enabled", havingValue = false)
    Election aloneElection() {
        return new AloneElection();
    }
}
