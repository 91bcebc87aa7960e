package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ScheduleApi.ScheduleState;
import io.switchboard.contracts.config.ScheduleApi.ScheduledView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be released later in one application's stage, and what became of what was.
 *
 * @param entries what waits, the next first, then what is over, the last first
 */
record Schedule(List<Entry> entries) {

    static final Schedule NONE = new Schedule(List.of());

    static final int MOST_WAITING = 20;
    private static final int MOST_OVER = 50;

    /**
     * What there was when a release was scheduled: its {@code override} and {@code again} are about nothing that came later.
     *
     * @param freezes ids of those that hold at the release's time
     * @param releases numbers of those in effect by then, by namespace
     */
    record Known(SortedSet<String> freezes, SortedMap<String, Long> releases) {

        Known {
            freezes = Collections.unmodifiableSortedSet(new TreeSet<>(freezes));
            releases = Collections.unmodifiableSortedMap(new TreeMap<>(releases));
        }

        /** In effect by then, 0 if there was none. */
        long release(NamespacePath path) {
            return releases.getOrDefault(path.namespace(), 0L);
        }
    }

    /**
     * @param operator whether an operator publishes, who belongs to no tenant
     * @param known empty for one that was scheduled before this was kept
     * @param asked the revisions that were asked for, where drafts were sealed anew since; null where they are those that it waits for
     */
    record Entry(
            ScheduledView scheduled,
            boolean operator,
            Optional<Known> known,
            @Nullable SortedMap<String, Long> asked) {

        /** The same, ended. */
        Entry with(ScheduledView ended) {
            return new Entry(ended, operator, known, asked);
        }

        SortedMap<String, Long> revisionsAsked() {
            return asked == null ? scheduled.revisions() : asked;
        }

        boolean waitsFor(String namespace, long revision) {
            return waits()
                    && Long.valueOf(revision).equals(scheduled.revisions().get(namespace));
        }

        /** The same, waiting for another revision of a draft. */
        Entry moved(String namespace, long revision) {
            SortedMap<String, Long> other = new TreeMap<>(scheduled.revisions());
            other.put(namespace, revision);
            var moved = new ScheduledView(
                    scheduled.id(),
                    scheduled.at(),
                    other,
                    scheduled.message(),
                    scheduled.again(),
                    scheduled.override(),
                    scheduled.by(),
                    scheduled.state(),
                    scheduled.endedAt(),
                    scheduled.problem());
            return new Entry(moved, operator, known, revisionsAsked());
        }

        boolean waits() {
            return scheduled.state() == ScheduleState.WAITING;
        }
    }

    Schedule {
        entries = List.copyOf(entries);
    }

    /** Where that of the namespace's stage is kept. */
    static String node(NamespacePath path) {
        return Documents.ROOT + "/schedules/" + String.join("/", path.tenant(), path.application(), path.stage());
    }

    Optional<Entry> byId(String id) {
        return entries.stream()
                .filter(entry -> entry.scheduled().id().equals(id))
                .findFirst();
    }

    long waiting() {
        return entries.stream().filter(Entry::waits).count();
    }

    /** Without what was over first; the same if nothing is over. */
    Schedule withoutOldest() {
        return entries.isEmpty() || entries.getLast().waits()
                ? this
                : new Schedule(entries.subList(0, entries.size() - 1));
    }

    /** With what waits for a draft at one revision waiting for it at another one. */
    Schedule moved(String namespace, long from, long to) {
        return new Schedule(entries.stream()
                .map(entry -> entry.waitsFor(namespace, from) ? entry.moved(namespace, to) : entry)
                .toList());
    }

    /** In place of the one with its id; the oldest of what is over go. */
    Schedule with(Entry entry) {
        List<Entry> waiting = new ArrayList<>();
        List<Entry> over = new ArrayList<>();
        entries.stream()
                .filter(other ->
                        !other.scheduled().id().equals(entry.scheduled().id()))
                .forEach(other -> (other.waits() ? waiting : over).add(other));
        (entry.waits() ? waiting : over).add(entry);
        waiting.sort(Comparator.comparing(one -> one.scheduled().at()));
        over.sort(Comparator.comparing((Entry one) ->
                        one.scheduled().endedAt().orElse(one.scheduled().at()))
                .reversed());
        waiting.addAll(over.subList(0, Math.min(over.size(), MOST_OVER)));
        return new Schedule(waiting);
    }
}
