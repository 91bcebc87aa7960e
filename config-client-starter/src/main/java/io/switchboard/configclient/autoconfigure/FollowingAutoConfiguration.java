package io.switchboard.configclient.autoconfigure;

import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Follows what {@code spring.config.import} took from the config center; without such an import it does nothing. */
@AutoConfiguration(after = LiveAutoConfiguration.class)
class FollowingAutoConfiguration {

    @Bean
    static ValuePoints switchboardValuePoints() {
        return new ValuePoints();
    }

    @Bean
    static ValuesAtStart switchboardValuesAtStart(ConfigurableListableBeanFactory beans) {
        return new ValuesAtStart(beans);
    }

    @Bean
    ChangeListeners switchboardChangeListeners(ConfigurableListableBeanFactory beans) {
        return new ChangeListeners(beans);
    }

    @Bean
    Following switchboardConfigFollowing(
            ConfigurableApplicationContext context,
            LiveValues live,
            ValuePoints values,
            ChangeListeners listeners,
            ReleaseScope scope,
            ObjectProvider<Clock> clocks) {
        Clock clock = clocks.getIfAvailable(Clock::systemUTC);
        List<RemadeBeans> remade = List.of(scope, new SpringCloudScope(context.getBeanFactory()));
        return new Following(
                context,
                () -> new Rebinding(context, live, values, listeners, remade, clock),
                new ActuatorHealth(context),
                clock);
    }
}
