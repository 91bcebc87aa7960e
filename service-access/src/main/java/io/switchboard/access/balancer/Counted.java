package io.switchboard.access.balancer;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * What one part of a balancer has counted since it started.
 *
 * @param source tells the part from others, and from itself before a restart; a new one began at zero
 * @param places what leads there now: host names, and public ports as {@code :22017}
 * @param counters only grow while the source is the same
 * @param current sessions now
 * @param latencyMillis from a request to the last byte of its answer, over TCP of a whole session; the mean of the last 1024; 0
 *     if there was none
 */
public record Counted(
        String source, Set<String> places, Map<Counter, Long> counters, long current, double latencyMillis) {

    /** What is counted. */
    public enum Counter {
        /** Requests over HTTP, connections over TCP. */
        SESSIONS,
        BYTES_IN,
        BYTES_OUT,
        /** HTTP answers by their status; none over TCP. */
        ANSWERS_2XX,
        ANSWERS_3XX,
        ANSWERS_4XX,
        ANSWERS_5XX,
        /** No connection to a task came about, after all attempts. */
        FAILED_CONNECTIONS,
        /** A task broke off, or said what nobody understands. */
        FAILED_ANSWERS,
        /** Further attempts to connect to a task. */
        RETRIES
    }

    public Counted {
        places = Set.copyOf(places);
        counters = Map.copyOf(counters);
    }

    long value(Counter counter) {
        return counters.getOrDefault(counter, 0L);
    }

    /** What came after an earlier look at the same source. */
    Map<Counter, Long> since(Counted earlier) {
        var more = new EnumMap<Counter, Long>(Counter.class);
        for (Counter counter : Counter.values()) {
            long before = earlier.value(counter);
            long now = value(counter);
            // Somebody may have cleared the counters by hand.
            more.put(counter, now >= before ? now - before : now);
        }
        return more;
    }
}
