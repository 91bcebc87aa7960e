package io.switchboard.access.route;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.IntPredicate;

/**
 * Public TCP ports to give away, both ends included; written {@code 22000-22999}.
 *
 * @param first 1 to 65535
 * @param last not below {@code first}
 */
public record PortRange(int first, int last) {

    public PortRange {
        if (first < 1 || last > 65_535 || first > last) {
            throw new IllegalArgumentException(
                    "ports must be a range within 1-65535, for example 22000-22999, but were " + first + "-" + last);
        }
    }

    public static PortRange parse(String text) {
        var ends = text.split("-", -1);
        if (ends.length != 2 || !ends[0].matches("\\d{1,5}") || !ends[1].matches("\\d{1,5}")) {
            throw new IllegalArgumentException("ports must look like 22000-22999 but were '" + text + "'");
        }
        return new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
    }

    public int size() {
        return last - first + 1;
    }

    public boolean contains(int number) {
        return first <= number && number <= last;
    }

    /**
     * A free port for this port of this instance; empty if all are taken. The search starts at a place that only
     * depends on the two, so that an instance most likely gets its old port back after every record of it was lost.
     */
    public OptionalInt choose(UUID instanceId, String port, IntPredicate taken) {
        int start = Math.floorMod(31 * instanceId.hashCode() + port.hashCode(), size());
        for (int step = 0; step < size(); step++) {
            int candidate = first + (start + step) % size();
            if (!taken.test(candidate)) {
                return OptionalInt.of(candidate);
            }
        }
        return OptionalInt.empty();
    }

    /** What is left in this range without some ports, in order. */
    public List<PortRange> without(IntPredicate excluded) {
        List<PortRange> left = new ArrayList<>();
        int from = first;
        for (int port = first; port <= last + 1; port++) {
            if (port > last || excluded.test(port)) {
                if (from < port) {
                    left.add(new PortRange(from, port - 1));
                }
                from = port + 1;
            }
        }
        return List.copyOf(left);
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
