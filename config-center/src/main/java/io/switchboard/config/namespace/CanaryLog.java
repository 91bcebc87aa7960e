package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.CanaryApi.CanaryState;
import io.switchboard.contracts.config.CanaryApi.CanaryView;
import io.switchboard.contracts.config.ConfigApi.CanaryMark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The canaries of one application's stage.
 *
 * @param entries those that run, then those that are over, the last first
 * @param abandoned numbers of releases that never came into effect, by namespace, the last ones
 */
record CanaryLog(List<Entry> entries, SortedMap<String, List<Long>> abandoned) {

    static final CanaryLog NONE = new CanaryLog(List.of(), new TreeMap<>());

    private static final int MOST_OVER = 30;

    /**
     * @param expected names of clients that were there when it was given to them and have not confirmed it, by namespace; they
     *     do or it fails, also if they are gone by then
     * @param confirmed names of those that have confirmed it; absent in what an earlier version wrote
     * @param wish what its start asked for, as a hash; the same call again is the same canary
     * @param reviewed whether the stage's rules asked for a review of it
     */
    record Entry(
            CanaryView canary,
            SortedMap<String, List<String>> expected,
            Optional<SortedMap<String, List<String>>> confirmed,
            Optional<String> wish,
            Optional<Boolean> reviewed) {

        Entry {
            expected = Collections.unmodifiableSortedMap(new TreeMap<>(expected));
            confirmed = confirmed.map(names -> Collections.unmodifiableSortedMap(new TreeMap<>(names)));
        }

        boolean runs() {
            return canary.state() == CanaryState.RUNNING;
        }

        /** Changed, with others to confirm it. */
        Entry with(CanaryView changed, SortedMap<String, List<String>> others) {
            return new Entry(changed, others, Optional.empty(), wish, reviewed);
        }

        /** Over: nobody has to confirm it. */
        Entry ended(CanaryView over) {
            return with(over, new TreeMap<>());
        }

        List<String> confirmedIn(String namespace) {
            return confirmed
                    .map(names -> names.getOrDefault(namespace, List.of()))
                    .orElse(List.of());
        }

        List<String> expectedIn(String namespace) {
            return expected.getOrDefault(namespace, List.of());
        }

        /** @param running names of clients that run it, by namespace */
        Entry looked(CanaryView changed, Map<String, Set<String>> running) {
            boolean news = expected.entrySet().stream()
                    .anyMatch(one ->
                            one.getValue().stream().anyMatch(running.getOrDefault(one.getKey(), Set.of())::contains));
            if (!news) {
                return new Entry(changed, expected, confirmed, wish, reviewed);
            }
            SortedMap<String, List<String>> left = new TreeMap<>();
            SortedMap<String, List<String>> done = new TreeMap<>();
            expected.forEach((namespace, names) -> {
                Set<String> run = running.getOrDefault(namespace, Set.of());
                left.put(
                        namespace,
                        names.stream().filter(name -> !run.contains(name)).toList());
                done.put(
                        namespace,
                        Stream.concat(
                                        confirmedIn(namespace).stream(),
                                        names.stream().filter(run::contains))
                                .toList());
            });
            return new Entry(changed, left, Optional.of(done), wish, reviewed);
        }
    }

    CanaryLog {
        entries = List.copyOf(entries);
        abandoned = Collections.unmodifiableSortedMap(new TreeMap<>(abandoned));
    }

    /** Where that of the namespace's stage is kept. */
    static String node(NamespacePath path) {
        return Documents.ROOT + "/canaries/" + String.join("/", path.tenant(), path.application(), path.stage());
    }

    Optional<Entry> byId(String id) {
        return entries.stream().filter(entry -> entry.canary().id().equals(id)).findFirst();
    }

    List<Long> abandonedIn(NamespacePath path) {
        return abandoned.getOrDefault(path.namespace(), List.of());
    }

    /** Empty for a release that is or was in effect for all. */
    Optional<CanaryMark> mark(Release release) {
        String namespace = release.path().namespace();
        if (abandonedIn(release.path()).contains(release.number())) {
            return Optional.of(CanaryMark.ABANDONED);
        }
        boolean runs = entries.stream()
                .filter(Entry::runs)
                .anyMatch(entry -> Long.valueOf(release.number())
                        .equals(entry.canary().releases().get(namespace)));
        return runs ? Optional.of(CanaryMark.RUNNING) : Optional.empty();
    }

    /** In place of the one with its id; the oldest of what is over go. */
    CanaryLog with(Entry entry) {
        List<Entry> running = new ArrayList<>();
        List<Entry> over = new ArrayList<>();
        (entry.runs() ? running : over).add(entry);
        entries.stream()
                .filter(other -> !other.canary().id().equals(entry.canary().id()))
                .forEach(other -> (other.runs() ? running : over).add(other));
        running.addAll(over.subList(0, Math.min(over.size(), MOST_OVER)));
        return new CanaryLog(running, abandonedWith(entry.canary()));
    }

    /** Without what was over first; the same if nothing is over. */
    CanaryLog withoutOldest() {
        return entries.isEmpty() || entries.getLast().runs()
                ? this
                : new CanaryLog(entries.subList(0, entries.size() - 1), abandoned);
    }

    private SortedMap<String, List<Long>> abandonedWith(CanaryView canary) {
        SortedMap<String, List<Long>> all = new TreeMap<>(abandoned);
        if (canary.state() == CanaryState.ABANDONED || canary.state() == CanaryState.FAILED) {
            canary.releases().forEach((namespace, number) -> {
                List<Long> numbers = new ArrayList<>(all.getOrDefault(namespace, List.of()));
                numbers.add(number);
                // No more of them can be among the releases that are kept.
                all.put(namespace, numbers.subList(Math.max(0, numbers.size() - ReleaseHistory.KEPT), numbers.size()));
            });
        }
        return all;
    }
}
