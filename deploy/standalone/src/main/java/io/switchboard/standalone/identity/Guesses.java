package io.switchboard.standalone.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Slows down who guesses. Tries are counted by name and address together, so that nobody locks out somebody who is
 * elsewhere, and by address alone, so that nobody tries one password on many names. A few are free; then each has to wait
 * twice as long as the one before, up to a quarter of an hour. A right password takes its name's count back.
 *
 * <p>A try counts as wrong from its beginning, so that many at once are no way around. Memory is bounded: an entry is
 * small, there are at most {@value #MOST}, and each is forgotten an hour after its last try.
 */
final class Guesses {

    private static final int FREE_PER_NAME = 5;
    private static final int FREE_PER_ADDRESS = 50;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final long MOST = 100_000;
    private static final int NAME_LENGTH = 100;

    private final Clock clock;
    private final Cache<String, Tries> tries;

    Guesses(Clock clock) {
        this.clock = clock;
        this.tries = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(REMEMBERED)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /**
     * Counts a try as wrong, unless it comes too early. Who gets zero looks at the password, then says {@link #right} or
     * {@link #untold} unless it was wrong.
     *
     * @param address where the request came from
     * @return how long to wait before the next try is looked at; zero if this one may be
     */
    Duration begin(String name, String address) {
        var one = key(name, address);
        var all = network(address);
        var wait = longer(remaining(one, FREE_PER_NAME), remaining(all, FREE_PER_ADDRESS));
        if (wait.isZero()) {
            count(one);
            count(all);
        }
        return wait;
    }

    /** The try was right: its name starts afresh from this address. */
    void right(String name, String address) {
        tries.invalidate(key(name, address));
        takeBack(network(address));
    }

    /** Nobody could tell whether the try was right; it does not count. */
    void untold(String name, String address) {
        takeBack(key(name, address));
        takeBack(network(address));
    }

    private Duration remaining(String key, int free) {
        var known = tries.getIfPresent(key);
        if (known == null || known.count() < free) {
            return Duration.ZERO;
        }
        var delay = Duration.ofSeconds(1L << Math.min(known.count() - free, 20));
        var rest = Duration.between(clock.instant(), known.last().plus(delay.compareTo(LONGEST) < 0 ? delay : LONGEST));
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    private void count(String key) {
        var now = clock.instant();
        tries.asMap().merge(key, new Tries(1, now), (known, one) -> new Tries(known.count() + 1, now));
    }

    private void takeBack(String key) {
        tries.asMap()
                .computeIfPresent(
                        key, (same, known) -> known.count() > 1 ? new Tries(known.count() - 1, known.last()) : null);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Names are whatever somebody typed, so they are cut. */
    private static String key(String name, String address) {
        return network(address) + " " + name.substring(0, Math.min(name.length(), NAME_LENGTH));
    }

    /** Of IPv6, which comes in eight groups, the first half: who has one such address has them all (RFC 4291, 2.5.4). */
    static String network(String address) {
        var groups = address.split(":");
        return groups.length == 8 ? String.join(":", List.of(groups).subList(0, 4)) : address;
    }

    private record Tries(int count, Instant last) {}
}
