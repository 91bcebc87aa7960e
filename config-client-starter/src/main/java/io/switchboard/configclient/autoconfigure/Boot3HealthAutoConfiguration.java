package io.switchboard.configclient.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Health contributor {@code switchboardConfig} on Spring Boot 3.5, where its type has another name. */
@AutoConfiguration(after = FollowingAutoConfiguration.class)
@ConditionalOnClass(name = Boot3HealthRegistrar.INDICATOR)
class Boot3HealthAutoConfiguration {

    @Bean
    static Boot3HealthRegistrar switchboardBoot3HealthRegistrar() {
        return new Boot3HealthRegistrar();
    }
}
