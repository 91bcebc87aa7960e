package io.switchboard.config.ensemble;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The ensemble, and how long a request waits for it.
 *
 * @param connectString as in {@code host:port,host:port}
 * @param advertised the connect string that tasks use, if the ensemble has another address from where they run
 * @param sessionTimeout of the center's session
 * @param connectionTimeout how long a request waits for a connection before it is answered 503
 * @param requestTimeout how long a request waits for one answer before it is answered 503
 */
@Validated
@ConfigurationProperties("config.zookeeper")
public record ZooKeeperProperties(
        @NotBlank String connectString,
        @Nullable String advertised,

        @DefaultValue("6s") @NotNull @DurationMin(seconds = 1)
        Duration sessionTimeout,

        @DefaultValue("2s") @NotNull @DurationMin(millis = 100)
        Duration connectionTimeout,

        @DefaultValue("3s") @NotNull @DurationMin(millis = 100)
        Duration requestTimeout) {

    /** What tasks connect to. */
    public String forTasks() {
        return advertised == null || advertised.isBlank() ? connectString : advertised;
    }
}
