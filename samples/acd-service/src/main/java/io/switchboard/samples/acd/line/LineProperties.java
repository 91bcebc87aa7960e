package io.switchboard.samples.acd.line;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The port for calls over TCP.
 *
 * @param port where it listens; 0 for any that is free
 * @param connections held at once, 1 to 100,000; one more is refused
 * @param heartbeat silence after which the service asks whether the caller is still there
 * @param idleLimit silence after which a caller has hung up; longer than {@code heartbeat}
 */
@Validated
@ConfigurationProperties("calls")
record LineProperties(
        @DefaultValue("8090") @Min(0) @Max(65_535) int port,
        @DefaultValue("2000") @Min(1) @Max(100_000) int connections,
        @DefaultValue("10s") @DurationMin(millis = 10) Duration heartbeat,
        @DefaultValue("30s") @DurationMin(millis = 20) Duration idleLimit) {

    LineProperties {
        if (idleLimit.compareTo(heartbeat) <= 0) {
            throw new IllegalArgumentException("calls.idle-limit must be longer than calls.heartbeat, %s, but was %s"
                    .formatted(heartbeat, idleLimit));
        }
    }
}
