package io.switchboard.scheduling.sample;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long samples are kept.
 *
 * @param seconds as they came; models are fitted to these
 * @param minutes means and peaks of each minute
 * @param quantiles by month and load
 * @param every time from the end of one round of making smaller to the start of the next
 */
@Validated
@ConfigurationProperties("scheduler.samples")
record SampleProperties(
        @DefaultValue("48h") @DurationMin(minutes = 1) Duration seconds,
        @DefaultValue("14d") @DurationMin(minutes = 1) Duration minutes,
        @DefaultValue("400d") @DurationMin(days = 31) Duration quantiles,
        @DefaultValue("10m") @DurationMin(millis = 10) Duration every) {}
