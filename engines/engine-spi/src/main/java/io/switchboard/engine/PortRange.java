package io.switchboard.engine;

/** Ports from first to last, both included. */
public record PortRange(int first, int last) {

    public PortRange {
        if (first < 1 || last > 65535 || first > last) {
            throw new IllegalArgumentException(
                    "a port range must lie within 1-65535 and grow, but was " + first + "-" + last);
        }
    }

    /** Reads {@code 20000-29999}. */
    public static PortRange of(String text) {
        String[] ends = text.split("-");
        if (ends.length != 2) {
            throw new IllegalArgumentException("a port range looks like 20000-29999 but was " + text);
        }
        return new PortRange(Integer.parseInt(ends[0].strip()), Integer.parseInt(ends[1].strip()));
    }

    public int size() {
        return last - first + 1;
    }

    public boolean overlaps(PortRange other) {
        return first <= other.last && other.first <= last;
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        return first + "-" + last;
    }
}
