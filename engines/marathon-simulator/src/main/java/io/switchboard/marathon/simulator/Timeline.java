package io.switchboard.marathon.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.PriorityQueue;

/** Time that passes only when told, and what is to happen at which time. Used under the simulator's lock. */
final class Timeline {

    /** What is to happen; may be called off. */
    static final class Entry implements Comparable<Entry> {
        private final Instant at;
        private final long order;
        private final Runnable action;
        private boolean off;

        private Entry(Instant at, long order, Runnable action) {
            this.at = at;
            this.order = order;
            this.action = action;
        }

        void cancel() {
            off = true;
        }

        @Override
        public int compareTo(Entry other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private volatile Instant now;
    private long order;

    Timeline(Instant start) {
        this.now = start;
    }

    Instant now() {
        return now;
    }

    Entry in(Duration delay, Runnable action) {
        return at(now.plus(delay), action);
    }

    Entry at(Instant when, Runnable action) {
        Entry entry = new Entry(when.isBefore(now) ? now : when, order++, action);
        entries.add(entry);
        return entry;
    }

    /** Empty if nothing is planned. */
    Optional<Instant> next() {
        while (!entries.isEmpty() && entries.peek().off) {
            entries.poll();
        }
        return Optional.ofNullable(entries.peek()).map(entry -> entry.at);
    }

    /** Lets everything happen that is due until then, in order. */
    void runUntil(Instant end) {
        for (Optional<Instant> due = next(); due.isPresent() && !due.get().isAfter(end); due = next()) {
            Entry entry = entries.remove();
            now = entry.at.isAfter(now) ? entry.at : now;
            entry.action.run();
        }
        now = end.isAfter(now) ? end : now;
    }

    Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("this clock knows UTC only");
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }
}
