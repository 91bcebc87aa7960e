package io.switchboard.configclient.autoconfigure;

import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Follows what {@code spring.config.import} took from the config center; without such an import it does nothing. */
@AutoConfiguration(after = LiveAutoConfiguration.class)
class FollowingAutoConfiguration {

    @Bean
    Following switchboardConfigFollowing(
            ConfigurableApplicationContext context, LiveValues live, ObjectProvider<Clock> clock) {
        return new Following(context, live, clock.getIfAvailable(Clock::systemUTC));
    }
}
