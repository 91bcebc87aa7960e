package io.switchboard.access.balancer;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses of tasks' hosts: HAProxy takes no names while it runs, and Kamailio would wait for a resolver itself. A resolver may be silent for seconds, and all other
 * instances wait for the one that asks here, so an answer that takes long is left for later.
 */
public final class HostAddresses {

    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)");

    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final Duration FRESH = Duration.ofSeconds(30);
    /** Whoever has tasks is asked for again and again. */
    private static final Duration UNUSED = Duration.ofHours(1);

    private final Clock clock;
    private final Resolver resolver;
    private final Runnable changed;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** @param changed called, from any thread, when an address came late or is another than before */
    public HostAddresses(Clock clock, Resolver resolver, Runnable changed) {
        this.clock = clock;
        this.resolver = resolver;
        this.changed = changed;
    }

    /** Finds the address of a host, and may take its time. */
    @FunctionalInterface
    public interface Resolver {
        String address(String host) throws UnknownHostException;

        /** What the machine's resolver says; IPv4 is preferred. */
        static String ofMachine(String host) throws UnknownHostException {
            var addresses = InetAddress.getAllByName(host);
            return Arrays.stream(addresses)
                    .filter(Inet4Address.class::isInstance)
                    .findFirst()
                    .orElse(addresses[0])
                    .getHostAddress();
        }
    }

    /** @param before the last address there was, good until there is another */
    private record Known(
            CompletableFuture<String> answer, @Nullable String before, Instant asked) {}

    /** The one way to write an IP address here; empty for anything else. */
    public static Optional<String> literal(String host) {
        if (!host.contains(":") && !IPV4.matcher(host).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(host).getHostAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** @throws IllegalArgumentException if the host has no address, or none yet */
    public String of(String host) {
        return literal(host).orElseGet(() -> named(host));
    }

    /** Asks again once the answer is old, and doesn't wait. */
    public void refresh(String host) {
        if (literal(host).isEmpty() && fresh(host) == null) {
            asked(host);
        }
    }

    private String named(String host) {
        var fresh = fresh(host);
        if (fresh != null) {
            return answered(host, fresh, Duration.ZERO);
        }
        var next = asked(host);
        return answered(host, next, next.before() == null ? PATIENCE : Duration.ZERO);
    }

    private @Nullable Known fresh(String host) {
        var last = known.get(host);
        return last == null || last.asked().plus(FRESH).isBefore(clock.instant()) ? null : last;
    }

    private Known asked(String host) {
        var now = clock.instant();
        var last = known.get(host);
        var next = new Known(new CompletableFuture<>(), last == null ? null : address(last), now);
        known.put(host, next);
        known.values().removeIf(each -> each.asked().plus(UNUSED).isBefore(now));
        Thread.ofVirtual().name("access-resolver").start(() -> ask(host, next));
        return next;
    }

    private void ask(String host, Known asked) {
        var address = asked.before();
        @Nullable UnknownHostException unknown = null;
        try {
            address = resolver.address(host);
        } catch (UnknownHostException e) {
            unknown = e;
        }
        // Before anybody hears of it, who may then go on to another time.
        boolean late = clock.instant().isAfter(asked.asked().plus(PATIENCE));
        if (unknown == null) {
            asked.answer().complete(address);
        } else {
            asked.answer().completeExceptionally(unknown);
        }
        if (asked.before() == null ? late : !asked.before().equals(address)) {
            changed.run();
        }
    }

    private static @Nullable String address(Known known) {
        try {
            return known.answer().getNow(known.before());
        } catch (CompletionException e) {
            return known.before();
        }
    }

    private static String answered(String host, Known known, Duration patience) {
        var before = address(known);
        if (before != null) {
            return before;
        }
        try {
            return known.answer().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalArgumentException("the host '" + host + "' of a task has no address", e);
        } catch (TimeoutException e) {
            throw new IllegalArgumentException("the address of a task's host '" + host + "' isn't known yet", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("interrupted while looking for the host '" + host + "'", e);
        }
    }
}
