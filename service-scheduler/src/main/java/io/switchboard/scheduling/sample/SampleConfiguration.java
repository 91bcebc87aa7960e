package io.switchboard.scheduling.sample;

import io.switchboard.scheduling.rounds.Rounds;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class SampleConfiguration {

    @Bean
    Samples samples(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        return new Samples(jdbc, new TransactionTemplate(transactions));
    }

    @Bean
    History sampleHistory(JdbcTemplate jdbc) {
        return new History(jdbc);
    }

    @Bean
    Rounds sampleAging(
            JdbcTemplate jdbc, PlatformTransactionManager transactions, SampleProperties properties, Clock clock) {
        var aging = new SampleAging(jdbc, new TransactionTemplate(transactions), properties, clock);
        return new Rounds("sample-aging", properties.every(), aging::round);
    }
}
