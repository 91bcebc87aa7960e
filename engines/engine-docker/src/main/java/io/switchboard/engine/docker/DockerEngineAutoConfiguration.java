package io.switchboard.engine.docker;

import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.PullCredentials;
import io.switchboard.engine.PullCredentials.Login;
import io.switchboard.engine.supervision.Backoff;
import io.switchboard.engine.supervision.SupervisedEngine;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The engine {@code docker}, where it was chosen. Closing the context leaves its tasks running. */
@AutoConfiguration
@ConditionalOnProperty(name = "scheduler.engine", havingValue = "docker")
@EnableConfigurationProperties(DockerEngineProperties.class)
class DockerEngineAutoConfiguration {

    @Bean(destroyMethod = "close")
    Engine dockerEngine(
            DockerEngineProperties properties,
            ObjectProvider<PullCredentials> credentials,
            ObjectProvider<Clock> clock) {
        return engine(
                properties,
                credentials.getIfAvailable(() -> registry -> fixed(properties)),
                clock.getIfAvailable(Clock::systemUTC));
    }

    static Engine engine(DockerEngineProperties properties, PullCredentials credentials, Clock clock) {
        // One machine, and no other to go to.
        EnumSet<Capability> capabilities = EnumSet.complementOf(EnumSet.of(Capability.CORDON_NODES));
        if (!properties.hostNetworkForMedia()) {
            capabilities.remove(Capability.MEDIA_PORTS);
        }
        return new SupervisedEngine(
                "docker", capabilities, new DockerRunner(properties, credentials), Backoff.STANDARD, clock);
    }

    private static Optional<Login> fixed(DockerEngineProperties properties) {
        String username = properties.registry().username();
        String password = properties.registry().password();
        return username == null || password == null ? Optional.empty() : Optional.of(new Login(username, password));
    }
}
