package io.switchboard.engine.marathon;

import io.switchboard.engine.marathon.SeenApp.SeenTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the platform's apps: what Marathon showed last, and what was written since. A write counts against
 * older reads for a while, because Marathon may answer a change before it shows it.
 */
final class Ledger {

    /** For how long a read that contradicts a write is taken for an old one. */
    static final Duration VISIBLE_WITHIN = Duration.ofSeconds(5);

    /**
     * @param wanted number of tasks, as written or seen
     * @param writtenAt of the last write that no read has confirmed; null if there is none
     * @param version of the app after that write; null if it isn't known
     * @param stopping ids of tasks that were told to stop
     * @param removal set once it was deleted, until its tasks are gone
     */
    record Entry(
            String workload,
            String appId,
            String spec,
            int wanted,
            @Nullable Instant writtenAt,
            @Nullable Instant version,
            Set<String> stopping,
            @Nullable Removal removal,
            Optional<SeenApp> seen) {

        Entry {
            stopping = Set.copyOf(stopping);
        }

        private Entry withSeen(SeenApp app, int instances, @Nullable Instant written) {
            Set<String> still = new HashSet<>(stopping);
            Set<String> there = new HashSet<>();
            app.tasks().forEach(task -> there.add(task.id()));
            still.retainAll(there);
            return new Entry(
                    workload,
                    appId,
                    app.spec(),
                    instances,
                    written,
                    written == null ? null : version,
                    still,
                    removal,
                    Optional.of(app));
        }

        Entry written(int instances, Instant at) {
            return new Entry(workload, appId, spec, instances, at, null, stopping, removal, seen);
        }

        Entry stopping(Set<String> more, int instances, Instant at, @Nullable Instant made) {
            Set<String> all = new HashSet<>(stopping);
            all.addAll(more);
            return new Entry(workload, appId, spec, instances, at, made, all, removal, seen);
        }

        Entry removed(Removal now) {
            return new Entry(workload, appId, spec, 0, now.since(), null, stopping, now, seen);
        }

        /** Whether more is about to happen to it. */
        boolean unsettled() {
            return removal != null
                    || writtenAt != null
                    || !stopping.isEmpty()
                    || seen.map(app -> app.living().size() != wanted
                                    || app.tasks().size() != wanted
                                    || app.tasks().stream().anyMatch(task -> !steady(app, task)))
                            .orElse(true);
        }

        private static boolean steady(SeenApp app, SeenTask task) {
            return task.state().equals("TASK_RUNNING") && (!app.checked() || Boolean.TRUE.equals(task.alive()));
        }
    }

    /** @param deploymentId of the one that ends its tasks; empty if it isn't known */
    record Removal(String deploymentId, Instant since) {}

    private final Map<String, Entry> entries = new HashMap<>();
    private final Set<String> foreign = new HashSet<>();
    private @Nullable Instant readAt;

    synchronized Optional<Entry> entry(String workload) {
        return Optional.ofNullable(entries.get(workload));
    }

    synchronized Set<String> workloads() {
        return Set.copyOf(entries.keySet());
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized List<Entry> all() {
        return List.copyOf(entries.values());
    }

    synchronized boolean isForeign(String appId) {
        return foreign.contains(appId);
    }

    /** When everything was read last; empty if it never was. */
    synchronized Optional<Instant> readAt() {
        return Optional.ofNullable(readAt);
    }

    synchronized Optional<String> workloadOf(String appId) {
        return entries.values().stream()
                .filter(entry -> entry.appId().equals(appId))
                .map(Entry::workload)
                .findFirst();
    }

    /**
     * Takes over what all apps look like.
     *
     * @param others ids of apps below our group that aren't ours
     * @param asked when the read began
     * @return workloads that look different now
     */
    synchronized Set<String> read(List<SeenApp> apps, Set<String> others, Instant asked) {
        foreign.clear();
        foreign.addAll(others);
        Set<String> changed = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (SeenApp app : apps) {
            seen.add(app.workload());
            take(app, asked, changed);
        }
        for (Entry entry : List.copyOf(entries.values())) {
            if (!seen.contains(entry.workload()) && entry.removal() == null && !isRecent(entry, asked)) {
                entries.remove(entry.workload());
                changed.add(entry.workload());
            }
        }
        readAt = asked;
        return changed;
    }

    /** Takes over what one app looks like. */
    synchronized Set<String> read(SeenApp app, Instant asked) {
        Set<String> changed = new HashSet<>();
        take(app, asked, changed);
        return changed;
    }

    private void take(SeenApp app, Instant asked, Set<String> changed) {
        Entry before = entries.get(app.workload());
        Entry after;
        if (before == null) {
            after = new Entry(
                    app.workload(),
                    app.id(),
                    app.spec(),
                    app.instances(),
                    null,
                    null,
                    Set.of(),
                    null,
                    Optional.of(app));
        } else if (before.removal() != null) {
            return;
        } else if (app.instances() == before.wanted() || !isRecent(before, asked) || isLater(app, before)) {
            after = before.withSeen(app, app.instances(), null);
        } else {
            after = before.withSeen(app, before.wanted(), before.writtenAt());
        }
        entries.put(app.workload(), after);
        if (before == null
                || !before.seen().equals(after.seen())
                || !before.stopping().equals(after.stopping())) {
            changed.add(app.workload());
        }
    }

    /** Whether the read shows at least the write, so that the number is right although it isn't the one expected. */
    private static boolean isLater(SeenApp app, Entry entry) {
        Instant written = entry.version();
        return written != null && !app.version().isBefore(written);
    }

    private static boolean isRecent(Entry entry, Instant asked) {
        Instant written = entry.writtenAt();
        return written != null && asked.isBefore(written.plus(VISIBLE_WITHIN));
    }

    synchronized void created(String workload, String appId, String spec, int wanted, Instant at) {
        entries.put(workload, new Entry(workload, appId, spec, wanted, at, null, Set.of(), null, Optional.empty()));
    }

    synchronized void scaled(String workload, int wanted, Instant at) {
        entries.computeIfPresent(workload, (name, entry) -> entry.written(wanted, at));
    }

    /** @param version of the app with that number; null if it isn't known */
    synchronized void stopped(String workload, Set<String> taskIds, int wanted, Instant at, @Nullable Instant version) {
        entries.computeIfPresent(workload, (name, entry) -> entry.stopping(taskIds, wanted, at, version));
    }

    synchronized void removed(String workload, Removal removal) {
        entries.computeIfPresent(workload, (name, entry) -> entry.removed(removal));
    }

    synchronized void forget(String workload) {
        entries.remove(workload);
    }

    synchronized List<Entry> removals() {
        List<Entry> all = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.removal() != null) {
                all.add(entry);
            }
        }
        return all;
    }
}
