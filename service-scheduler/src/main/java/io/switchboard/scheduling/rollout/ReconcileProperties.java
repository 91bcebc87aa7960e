package io.switchboard.scheduling.rollout;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How eagerly desired and observed state are compared.
 *
 * @param every time between two periodic passes
 * @param sweep deployments with nothing to do that each periodic pass looks at, in turn, in case a hint was lost
 * @param batch deployments read from the database at once, 1 to 1000
 * @param parallel deployments that may be worked on at once
 * @param removeOrphans whether workloads with our prefix that no deployment knows are removed from the engine
 */
@Validated
@ConfigurationProperties("scheduler.reconcile")
record ReconcileProperties(
        @DefaultValue("5s") @DurationMin(millis = 10) Duration every,
        @DefaultValue("200") @Positive int sweep,
        @DefaultValue("100") @Min(1) @Max(1000) int batch,
        @DefaultValue("256") @Positive int parallel,
        @DefaultValue("true") boolean removeOrphans) {}
