package io.switchboard.capacity.model;

import java.util.EnumMap;
import java.util.Map;

/** How many values or rows were put aside, and why; nothing is dropped in silence. */
public final class Rejections {

    /** Why a value or a row was not used as it stood. */
    public enum Reason {
        UNREADABLE("no number, or none that a measurement can have (NaN, infinite)"),
        NEGATIVE("below zero"),
        DUPLICATE("row that was there already"),
        OUT_OF_ORDER("row older than the one before it; put back in its place"),
        MIXED_UNIT("about 1024 times larger or smaller than its neighbours: another unit"),
        OUTLIER("far above everything seen at that load"),
        ABOVE_LIMIT("more CPU than the limit in force allows"),
        THROTTLED("CPU held back by a limit: shows the limit, not the need");

        private final String meaning;

        Reason(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    private final EnumMap<Reason, Long> counts = new EnumMap<>(Reason.class);

    void count(Reason reason) {
        counts.merge(reason, 1L, Long::sum);
    }

    /** Reasons that occurred, with how often. */
    public Map<Reason, Long> counts() {
        return Map.copyOf(counts);
    }
}
