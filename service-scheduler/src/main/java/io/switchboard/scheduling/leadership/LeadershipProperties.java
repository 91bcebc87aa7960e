package io.switchboard.scheduling.leadership;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How sure a leader is of being the only one.
 *
 * @param lease how long a leader may act after the database last said that no later one has begun; it asks three times
 *     as often. Less than ZooKeeper's session time-out ({@code spring.cloud.zookeeper.session-timeout}), or a leader that
 *     takes over after a crash has to wait for the rest
 */
@Validated
@ConfigurationProperties("scheduler.leadership")
record LeadershipProperties(
        @DefaultValue("3s") @DurationMin(millis = 100) Duration lease) {}
