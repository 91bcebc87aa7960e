package io.switchboard.marathon.simulator;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a simulated Marathon was started.
 *
 * @param seed of everything that is left to chance
 * @param start what its clock shows first
 * @param credentials {@code user:password} that every request must carry as basic authentication
 * @param token that every request may carry instead, as {@code Authorization: token=…}
 * @param maxDeployments beyond which changes are answered with 403
 * @param reviveEvery how often Marathon asks Mesos for offers
 * @param principal whether it has a principal at Mesos; without one, an app with a persistent volume ends all launches
 */
public record Settings(
        long seed,
        Instant start,
        @Nullable String credentials,
        @Nullable String token,
        int maxDeployments,
        Duration reviveEvery,
        boolean principal) {

    /** As Marathon's own defaults. */
    public static final Settings DEFAULT =
            new Settings(1, Instant.parse("2026-01-01T00:00:00Z"), null, null, 100, Duration.ofSeconds(5), true);

    public Settings withSeed(long other) {
        return new Settings(other, start, credentials, token, maxDeployments, reviveEvery, principal);
    }

    public Settings withStart(Instant other) {
        return new Settings(seed, other, credentials, token, maxDeployments, reviveEvery, principal);
    }

    public Settings withCredentials(String other) {
        return new Settings(seed, start, other, token, maxDeployments, reviveEvery, principal);
    }

    public Settings withToken(String other) {
        return new Settings(seed, start, credentials, other, maxDeployments, reviveEvery, principal);
    }

    public Settings withMaxDeployments(int other) {
        return new Settings(seed, start, credentials, token, other, reviveEvery, principal);
    }

    public Settings withReviveEvery(Duration other) {
        return new Settings(seed, start, credentials, token, maxDeployments, other, principal);
    }

    public Settings withoutPrincipal() {
        return new Settings(seed, start, credentials, token, maxDeployments, reviveEvery, false);
    }

    @Override
    public String toString() {
        return "Settings[seed=" + seed + ", maxDeployments=" + maxDeployments + ", reviveEvery=" + reviveEvery + "]";
    }
}
