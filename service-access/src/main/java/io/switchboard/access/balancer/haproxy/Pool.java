package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.route.Route;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Empty backends that stand ready, because HAProxy 2.6 can't add any while it runs.
 *
 * @param http how many of {@link Kind#HTTP}, named h0000, h0001 and so on
 * @param tcp how many of {@link Kind#TCP}
 * @param weighted how many of {@link Kind#WEIGHTED_HTTP}, and as many of {@link Kind#WEIGHTED_TCP}
 */
record Pool(int http, int tcp, int weighted) {

    private static final Pattern NAME = Pattern.compile("[a-z]\\d{4,5}");

    /** What one backend can't be made into another for. */
    enum Kind {
        HTTP('h'),
        TCP('t'),
        /** Gives new sessions by weight, and not to whoever has fewest: shares of those are of what comes, not of what is held. */
        WEIGHTED_HTTP('w'),
        WEIGHTED_TCP('v');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        static Kind of(Route.Stream route, boolean weighted) {
            return switch (route) {
                case Route.Http http -> weighted ? WEIGHTED_HTTP : HTTP;
                case Route.Port port -> weighted ? WEIGHTED_TCP : TCP;
            };
        }

        boolean http() {
            return this == HTTP || this == WEIGHTED_HTTP;
        }

        boolean weighted() {
            return this == WEIGHTED_HTTP || this == WEIGHTED_TCP;
        }

        private String name(int number) {
            var digits = Integer.toString(number);
            return letter + "0".repeat(Math.max(0, 4 - digits.length())) + digits;
        }
    }

    int size(Kind kind) {
        return switch (kind) {
            case HTTP -> http;
            case TCP -> tcp;
            case WEIGHTED_HTTP, WEIGHTED_TCP -> weighted;
        };
    }

    Stream<String> names(Kind kind) {
        return Stream.iterate(0, number -> number < size(kind), number -> number + 1)
                .map(kind::name);
    }

    /** @param from the number of the one that is looked at first; the others follow, and then those before it */
    Optional<String> free(Kind kind, Predicate<String> taken, int from) {
        int size = size(kind);
        return IntStream.range(0, size)
                .mapToObj(number -> kind.name((from + number) % size))
                .filter(taken.negate())
                .findFirst();
    }

    /** Whether a backend of any pool may be called so. */
    static boolean named(String backend) {
        return NAME.matcher(backend).matches();
    }

    boolean contains(Kind kind, String backend) {
        return named(backend)
                && backend.charAt(0) == kind.letter
                && Integer.parseInt(backend.substring(1)) < size(kind);
    }

    /**
     * Twice as many of a kind of which less than a fifth would be free with so many in use.
     *
     * @param resting backends that nobody uses, and nobody may yet
     * @param most of a kind, however many are used
     */
    Pool enoughFor(int httpUsed, int tcpUsed, int weightedUsed, Set<String> resting, int most) {
        int weightedResting = Math.max(resting(Kind.WEIGHTED_HTTP, resting), resting(Kind.WEIGHTED_TCP, resting));
        return new Pool(
                grown(http, httpUsed + resting(Kind.HTTP, resting), most),
                grown(tcp, tcpUsed + resting(Kind.TCP, resting), most),
                grown(weighted, weightedUsed + weightedResting, most));
    }

    private int resting(Kind kind, Set<String> resting) {
        return (int) resting.stream().filter(name -> contains(kind, name)).count();
    }

    private static int grown(int size, int used, int most) {
        int grown = size;
        while (used > grown - grown / 5 && grown < most) {
            grown = Math.min(2 * grown, most);
        }
        return grown;
    }
}
