package io.switchboard.samples.acd.floor;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.switchboard.samples.acd.routing.RoutingStrategy;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.validation.annotation.Validated;

/**
 * How calls are handled. Times are written as {@code 20s}, or as a plain number of seconds. A change holds from the next
 * call on; calls in progress go on as they are.
 *
 * @param greeting what a caller hears first, at most 500 characters
 * @param routing how a call finds its agent
 * @param queue how long calls wait, and how many
 */
@Validated
@ConfigurationProperties("acd")
public record AcdProperties(
        @DefaultValue("Welcome. An agent will be with you shortly.") @NotBlank @Size(max = 500)
        String greeting,

        @DefaultValue @Valid Routing routing,
        @DefaultValue @Valid Queue queue) {

    /**
     * @param strategy longest-idle, round-robin, fewest-calls or skill-based
     * @param wrapUp what an agent gets after a call before the next one, 0 to 30 minutes
     * @param ringTimeout how long an agent is rung before the call goes to another, 1 second to 5 minutes
     */
    public record Routing(
            @DefaultValue("longest-idle") RoutingStrategy strategy,

            @DefaultValue("10s") @DurationUnit(SECONDS) @DurationMin @DurationMax(minutes = 30)
            Duration wrapUp,

            @DefaultValue("20s") @DurationUnit(SECONDS) @DurationMin(seconds = 1) @DurationMax(minutes = 5)
            Duration ringTimeout) {}

    /**
     * @param name the skill that callers wait for who ask for none
     * @param maxLength calls that may wait for one skill, 0 to 10,000; one more is refused
     * @param maxWait when a waiting call is given up, 1 second to 24 hours
     * @param announcePosition whether callers are told their place
     * @param answerWithin how soon a call must be answered to count as in time, 1 second to 1 hour
     */
    public record Queue(
            @DefaultValue("support") @Pattern(regexp = Name.PATTERN)
            String name,

            @DefaultValue("200") @Min(0) @Max(10_000) int maxLength,

            @DefaultValue("5m") @DurationUnit(SECONDS) @DurationMin(seconds = 1) @DurationMax(hours = 24)
            Duration maxWait,

            @DefaultValue("true") boolean announcePosition,

            @DefaultValue("20s") @DurationUnit(SECONDS) @DurationMin(seconds = 1) @DurationMax(hours = 1)
            Duration answerWithin) {}
}
