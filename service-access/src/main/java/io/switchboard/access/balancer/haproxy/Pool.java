package io.switchboard.access.balancer.haproxy;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Empty backends that stand ready, because HAProxy 2.6 can't add any while it runs.
 *
 * @param http named h0000, h0001 and so on
 * @param tcp named t0000, t0001 and so on
 */
record Pool(int http, int tcp) {

    static String name(char kind, int number) {
        var digits = Integer.toString(number);
        return kind + "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }

    Optional<String> free(char kind, Set<String> used, Predicate<String> resting) {
        int size = kind == 'h' ? http : tcp;
        for (int number = 0; number < size; number++) {
            var name = name(kind, number);
            if (!used.contains(name) && !resting.test(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    boolean contains(String backend) {
        return backend.matches("[ht]\\d{4,5}")
                && Integer.parseInt(backend.substring(1)) < (backend.charAt(0) == 'h' ? http : tcp);
    }

    /** Twice as many of a kind of which less than a fifth would be free with so many in use. */
    Pool enoughFor(int httpUsed, int tcpUsed) {
        return new Pool(grown(http, httpUsed), grown(tcp, tcpUsed));
    }

    private static int grown(int size, int used) {
        int grown = size;
        while (used > grown - grown / 5) {
            grown *= 2;
        }
        return grown;
    }
}
