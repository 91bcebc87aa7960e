package io.switchboard.configclient.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** {@code Live} beans, and those that are made once per release, with or without a config center. */
@AutoConfiguration
class LiveAutoConfiguration {

    @Bean
    static LiveBeanRegistrar switchboardLiveBeanRegistrar() {
        return new LiveBeanRegistrar();
    }

    @Bean
    static ReleaseScope switchboardReleaseScope() {
        return new ReleaseScope();
    }

    @Bean
    LiveValues switchboardLiveValues(BeanFactory beans) {
        return new LiveValues(beans);
    }
}
