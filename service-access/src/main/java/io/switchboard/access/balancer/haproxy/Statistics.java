package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.Counted;
import io.switchboard.access.balancer.Counted.Counter;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What HAProxy counts for its backends, by the columns of {@code show stat} (HAProxy Management Guide, section 9.1). */
final class Statistics {

    private Statistics() {}

    /**
     * @param worker the process that counts; a new one began at zero
     * @param rows of backends
     */
    static List<Counted> counted(String worker, List<Map<String, String>> rows, Layout layout) {
        Map<String, Set<String>> places = new HashMap<>();
        layout.hosts()
                .forEach((host, backend) ->
                        places.computeIfAbsent(backend, none -> new HashSet<>()).add(host));
        layout.ports()
                .forEach((port, backend) ->
                        places.computeIfAbsent(backend, none -> new HashSet<>()).add(":" + port));
        return rows.stream()
                .map(row -> {
                    var backend = row.getOrDefault("pxname", "");
                    return new Counted(
                            worker + "/" + backend,
                            places.getOrDefault(backend, Set.of()),
                            counters(row),
                            number(row, "scur"),
                            number(row, "ttime"));
                })
                .toList();
    }

    private static Map<Counter, Long> counters(Map<String, String> row) {
        var counters = new EnumMap<Counter, Long>(Counter.class);
        for (Counter counter : Counter.values()) {
            counters.put(counter, number(row, column(counter)));
        }
        return counters;
    }

    private static String column(Counter counter) {
        return switch (counter) {
            case SESSIONS -> "stot";
            case BYTES_IN -> "bin";
            case BYTES_OUT -> "bout";
            case ANSWERS_2XX -> "hrsp_2xx";
            case ANSWERS_3XX -> "hrsp_3xx";
            case ANSWERS_4XX -> "hrsp_4xx";
            case ANSWERS_5XX -> "hrsp_5xx";
            case FAILED_CONNECTIONS -> "econ";
            case FAILED_ANSWERS -> "eresp";
            case RETRIES -> "wretr";
        };
    }

    /** Empty columns are those that don't apply. */
    private static long number(Map<String, String> row, String column) {
        var text = row.getOrDefault(column, "");
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
