package io.switchboard.engine.marathon;

import io.switchboard.engine.Engine;
import java.time.Clock;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/** The engine {@code marathon}, where it was chosen. Closing the context leaves its tasks running. */
@AutoConfiguration
@ConditionalOnProperty(name = "scheduler.engine", havingValue = "marathon")
@EnableConfigurationProperties(MarathonEngineProperties.class)
class MarathonEngineAutoConfiguration {

    @Bean(destroyMethod = "close")
    Engine marathonEngine(
            MarathonEngineProperties properties, ObjectProvider<SslBundles> bundles, ObjectProvider<Clock> clock) {
        return MarathonEngine.open(properties, tls(properties, bundles), clock.getIfAvailable(Clock::systemUTC));
    }

    private static @Nullable SSLContext tls(MarathonEngineProperties properties, ObjectProvider<SslBundles> bundles) {
        if (properties.sslBundle() == null) {
            return null;
        }
        return Objects.requireNonNull(bundles.getIfAvailable(), "engine.marathon.ssl-bundle needs spring.ssl.bundle.*")
                .getBundle(properties.sslBundle())
                .createSslContext();
    }
}
