package io.switchboard.config.secret;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an application's access keys in one stage, beside the keys themselves.
 *
 * @param notes one for each key, in their order: newest first
 * @param workloads which key the tasks of each were given, the latest last
 */
public record AccessRing(List<Note> notes, Map<String, String> workloads) {

    static final String FIRST_ID = "first";

    static final AccessRing FIRST =
            new AccessRing(List.of(new Note(FIRST_ID, Instant.EPOCH, "", true, null)), Map.of());

    /** Those of long ago don't run any more. */
    private static final int MOST_WORKLOADS = 100;

    public AccessRing {
        notes = List.copyOf(notes);
        workloads = Collections.unmodifiableMap(new LinkedHashMap<>(workloads));
    }

    /**
     * One key.
     *
     * @param given whether tasks that start get it: what is in effect is sealed for it by then
     * @param retiresAt when nothing is sealed for it any more; null for one that stays
     */
    public record Note(
            String id,
            Instant issuedAt,
            String issuedBy,
            boolean given,
            @Nullable Instant retiresAt) {

        private Note retiring(Instant at) {
            return retiresAt != null && !retiresAt.isAfter(at) ? this : new Note(id, issuedAt, issuedBy, given, at);
        }
    }

    boolean has(String id) {
        return notes.stream().anyMatch(note -> note.id().equals(id));
    }

    /** What a task that starts gets. */
    Note newest() {
        return notes.stream().filter(Note::given).findFirst().orElse(notes.getLast());
    }

    int index(String id) {
        return IntStream.range(0, notes.size())
                .filter(index -> notes.get(index).id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no access key " + id));
    }

    AccessRing with(Note note) {
        List<Note> more = new ArrayList<>(notes);
        more.addFirst(note);
        return new AccessRing(more, workloads);
    }

    /** All but the newest end then, or before if they would have. */
    AccessRing retiringOthers(Instant at) {
        List<Note> some = new ArrayList<>(notes);
        some.subList(1, some.size()).replaceAll(note -> note.retiring(at));
        return new AccessRing(some, workloads);
    }

    /** When any of them ends. */
    Set<Instant> ends() {
        return notes.stream().map(Note::retiresAt).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    AccessRing given() {
        return new AccessRing(
                notes.stream()
                        .map(note -> new Note(note.id(), note.issuedAt(), note.issuedBy(), true, note.retiresAt()))
                        .toList(),
                workloads);
    }

    /** Ids of those whose time has come; never the one that tasks get. */
    List<String> due(Instant now) {
        return notes.stream()
                .filter(note -> note.retiresAt() != null && !note.retiresAt().isAfter(now))
                .map(Note::id)
                .filter(id -> !id.equals(newest().id()))
                .toList();
    }

    AccessRing without(List<String> ids) {
        return new AccessRing(
                notes.stream().filter(note -> !ids.contains(note.id())).toList(), workloads);
    }

    AccessRing gave(String workload, String id) {
        Map<String, String> more = new LinkedHashMap<>(workloads);
        more.put(workload, id);
        if (more.size() > MOST_WORKLOADS) {
            more.remove(more.keySet().iterator().next());
        }
        return new AccessRing(notes, more);
    }

    /** Names of the workloads whose tasks were given that key. */
    public List<String> holders(String id) {
        return workloads.entrySet().stream()
                .filter(entry -> entry.getValue().equals(id))
                .map(Map.Entry::getKey)
                .toList();
    }
}
