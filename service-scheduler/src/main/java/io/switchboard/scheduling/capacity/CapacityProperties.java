package io.switchboard.scheduling.capacity;

import jakarta.validation.constraints.DecimalMin;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How orders are sized.
 *
 * @param nodesEvery time between two looks at the engine's nodes
 * @param modelsEvery time between two looks whether another scheduler has put a model in force
 * @param cpuOvercommit how many times a node's CPU may be promised to the tasks of one instance together, at least 1; memory
 *     never is, and no task is larger than its node
 * @param nodeClass class of the nodes that tasks run on; models measured on it come before those of every class
 */
@Validated
@ConfigurationProperties("scheduler.capacity")
record CapacityProperties(
        @DefaultValue("30s") @DurationMin(millis = 10) Duration nodesEvery,
        @DefaultValue("5s") @DurationMin(millis = 10) Duration modelsEvery,
        @DefaultValue("4") @DecimalMin("1") double cpuOvercommit,
        @DefaultValue("") String nodeClass) {}
