package io.switchboard.configclient.autoconfigure;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/** What an operator looks at in a running application. */
@AutoConfiguration(after = FollowingAutoConfiguration.class)
@ConditionalOnClass(Endpoint.class)
class EndpointAutoConfiguration {

    @Bean
    ReleasesEndpoint switchboardConfigReleasesEndpoint(Following following, ConfigurableEnvironment environment) {
        return new ReleasesEndpoint(following, environment);
    }
}
