package io.switchboard.image.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Counts wrong passwords by name and address together, so that nobody locks out somebody else, and by address alone,
 * so that nobody tries one password on many names. A count starts over a minute after its first failure.
 */
class FailedLogins {

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int NAMES_PER_ADDRESS = 5;

    private final int limit;
    private final Clock clock;
    private final Cache<String, Failures> failures;

    FailedLogins(int limit, Clock clock) {
        this.limit = limit;
        this.clock = clock;
        this.failures = Caffeine.newBuilder()
                .maximumSize(100_000)
                .expireAfterWrite(WINDOW)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** How long to wait before the next try is looked at; zero if it may be looked at now. */
    Duration wait(String name, String address) {
        var one = remaining(name + "@" + address, limit);
        var all = remaining(address, limit * NAMES_PER_ADDRESS);
        return one.compareTo(all) > 0 ? one : all;
    }

    void failed(String name, String address) {
        count(name + "@" + address);
        count(address);
    }

    private Duration remaining(String key, int most) {
        var known = failures.getIfPresent(key);
        if (known == null || known.count() < most) {
            return Duration.ZERO;
        }
        var rest = Duration.between(clock.instant(), known.since().plus(WINDOW));
        return rest.isPositive() ? rest : Duration.ZERO;
    }

    private void count(String key) {
        var now = clock.instant();
        failures.asMap()
                .compute(
                        key,
                        (same, known) ->
                                known == null || known.since().plus(WINDOW).isBefore(now)
                                        ? new Failures(1, now)
                                        : new Failures(known.count() + 1, known.since()));
    }

    private record Failures(int count, Instant since) {}
}
