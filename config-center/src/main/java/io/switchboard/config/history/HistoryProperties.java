package io.switchboard.config.history;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * A PostgreSQL database for releases that ZooKeeper keeps no longer, and for the audit.
 *
 * @param url as in {@code jdbc:postgresql://host/database}; without it, only the last 50 releases of a namespace are kept, and there is no audit
 * @param keep how long a release stays there
 */
@Validated
@ConfigurationProperties("config.history")
record HistoryProperties(
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue("400d") @DurationMin(days = 1) Duration keep) {

    @Override
    public String toString() {
        return "HistoryProperties[" + url + "]";
    }
}
