package io.switchboard.config.access;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What all credentials for ZooKeeper are derived from.
 *
 * @param masterSecret at least 32 characters; who changes it locks the center and all readers out of what is stored
 */
@ConfigurationProperties("config.access")
record AccessProperties(String masterSecret) {

    private static final int SHORTEST = 32;

    // Not by annotation: that failure's report would print the rejected value.
    AccessProperties(@Nullable String masterSecret) {
        if (masterSecret == null || masterSecret.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "config.access.master-secret must be set and have at least " + SHORTEST + " characters");
        }
        this.masterSecret = masterSecret;
    }

    @Override
    public String toString() {
        return "AccessProperties[]";
    }
}
