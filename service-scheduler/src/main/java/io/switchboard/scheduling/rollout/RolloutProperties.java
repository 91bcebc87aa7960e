package io.switchboard.scheduling.rollout;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How tasks are replaced without losing a call.
 *
 * @param surge tasks beyond the wanted number that may run while old ones are replaced
 * @param awaitBalancer whether a task is stopped only after the balancer keeps new calls away from it; off only where
 *     there is no balancer
 * @param balancerPatience time after which a silent balancer is mentioned in the status
 * @param balancerLimit time after which tasks are drained although the balancer is silent: they refuse new calls
 *     themselves, and a balancer that is gone for good must not keep old software running for ever
 * @param drainGrace time from the balancer's word that a task gets nothing new to asking the task to refuse what is new:
 *     a caller whom the balancer had given to it just before may not have said anything yet
 * @param drainLimit how long a task may take to finish its calls before it is stopped with those that are left; one that
 *     is only too many for the load has no limit
 * @param drainEvery time between two questions how many calls are left
 * @param lingerEvery likewise where a task is only too many, so that nobody waits for it
 * @param patience time without progress after which a deployment is reported as stuck
 */
@Validated
@ConfigurationProperties("scheduler.rollout")
record RolloutProperties(
        @DefaultValue("10") @Positive int surge,
        @DefaultValue("true") boolean awaitBalancer,
        @DefaultValue("15s") @DurationMin(millis = 1) Duration balancerPatience,
        @DefaultValue("10m") @DurationMin(millis = 1) Duration balancerLimit,
        @DefaultValue("1s") @DurationMin(millis = 0) Duration drainGrace,
        @DefaultValue("5m") @DurationMin(millis = 1) Duration drainLimit,
        @DefaultValue("1s") @DurationMin(millis = 1) Duration drainEvery,
        @DefaultValue("10s") @DurationMin(millis = 1) Duration lingerEvery,
        @DefaultValue("2m") @DurationMin(millis = 1) Duration patience,
        @DefaultValue @Valid CanaryLimits canary) {

    /**
     * How tasks on trial are judged.
     *
     * @param minRequests requests they must have had before they pass
     * @param latencyFactor they do worse if a request takes so many times as long as the old tasks', and more than the
     *     slack longer
     * @param latencySlack see there
     * @param every time between two looks
     */
    record CanaryLimits(
            @DefaultValue("100") @Positive int minRequests,
            @DefaultValue("1.5") @DecimalMin("1") double latencyFactor,
            @DefaultValue("20ms") @DurationMin(millis = 0) Duration latencySlack,
            @DefaultValue("5s") @DurationMin(millis = 1) Duration every) {}
}
