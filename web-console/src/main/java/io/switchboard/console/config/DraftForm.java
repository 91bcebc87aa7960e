package io.switchboard.console.config;

import io.switchboard.console.catalog.Parameter;
import io.switchboard.contracts.config.ConfigApi.Format;
import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The form that changes a draft.
 *
 * @param revision of the draft that the form was filled from
 */
record DraftForm(long revision, List<Row> rows) {

    private static final int SPARE = 3;
    /** The key of the one item that a document is. */
    private static final String CONTENT = "content";
    /** Each row has seven fields at most, a document's one row eight; {@code server.tomcat.max-parameter-count} lets as many in. */
    private static final int MOST = 2_000;

    DraftForm {
        rows = List.copyOf(rows);
    }

    /**
     * One item.
     *
     * @param existing whether the draft has the key already; only a new row's key can be typed
     * @param was the value when the form was first shown, to find out what was changed
     * @param comment empty if there is none
     * @param said the comment when the form was first shown
     * @param theirs what somebody else made of it since; null if nobody touched it
     * @param theyRemoved whether somebody else took it out since
     * @param document whether it is all of a document, whose key nobody types
     * @param fault what is wrong with the row; null if nothing is
     */
    record Row(
            int index,
            String key,
            String value,
            String was,
            String comment,
            String said,
            boolean existing,
            boolean removed,
            @Nullable String theirs,
            boolean theyRemoved,
            boolean document,
            @Nullable String fault) {

        public boolean isChanged() {
            if (existing) {
                return removed || !value.equals(was);
            }
            // A document's key is there before anybody wrote the document.
            return document ? !value.isEmpty() : !key.isEmpty();
        }

        public boolean isKeyGiven() {
            return existing || document;
        }

        boolean hasOtherComment() {
            return !removed && !comment.equals(said);
        }

        public boolean isBlank() {
            return (key.isEmpty() || document && !existing) && value.isEmpty() && comment.isEmpty();
        }

        Row withFault(String message) {
            return new Row(
                    index, key, value, was, comment, said, existing, removed, theirs, theyRemoved, document, message);
        }

        private static Row there(int index, String key, String value, String comment, boolean document) {
            return new Row(index, key, value, value, comment, comment, true, false, null, false, document, null);
        }
    }

    static DraftForm of(NamespaceView namespace) {
        List<Row> rows = new ArrayList<>();
        Map<String, String> comments = namespace.comments().orElse(Map.of());
        boolean document = namespace.format() != Format.PROPERTIES;
        new TreeMap<>(namespace.items())
                .forEach((key, value) ->
                        rows.add(Row.there(rows.size(), key, value, comments.getOrDefault(key, ""), document)));
        return new DraftForm(namespace.revision(), withSpare(rows, namespace.format()));
    }

    /**
     * @param form fields {@code key.N}, {@code value.N}, {@code was.N}, {@code comment.N}, {@code said.N}, {@code existing.N},
     *     {@code remove.N} and {@code document.N}
     * @throws Problem {@link RequestProblem#BODY_TOO_LARGE} for more rows than a form takes
     */
    static DraftForm of(long revision, Map<String, String> form) {
        if (form.containsKey("key." + MOST)) {
            throw new Problem(
                    RequestProblem.BODY_TOO_LARGE,
                    "A form takes at most %d rows; change what is larger through the API.".formatted(MOST));
        }
        List<Row> rows = IntStream.range(0, MOST)
                .takeWhile(index -> form.containsKey("key." + index))
                .mapToObj(index -> new Row(
                        index,
                        form.getOrDefault("key." + index, "").strip(),
                        lines(form.getOrDefault("value." + index, "")),
                        lines(form.getOrDefault("was." + index, "")),
                        lines(form.getOrDefault("comment." + index, "")).strip(),
                        lines(form.getOrDefault("said." + index, "")),
                        form.containsKey("existing." + index),
                        form.containsKey("remove." + index),
                        null,
                        false,
                        form.containsKey("document." + index),
                        null))
                .toList();
        return new DraftForm(revision, rows);
    }

    /** Browsers send lines with CR LF, whatever they were shown. */
    private static String lines(String typed) {
        return typed.replace("\r\n", "\n");
    }

    /** What the config center is asked to change: a key's new value, or null to take it out. */
    Map<String, @Nullable String> changes() {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.isChanged()) {
                changes.put(row.key(), row.removed() ? null : row.value());
            }
        }
        return changes;
    }

    /** Likewise of comments, null to take one away. */
    Map<String, @Nullable String> comments() {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.hasOtherComment() && !row.key().isEmpty()) {
                changes.put(row.key(), row.comment().isEmpty() ? null : row.comment());
            }
        }
        return changes;
    }

    /** Those whose key no row has yet; none for a document, which has no keys. */
    List<Parameter> unused(List<Parameter> known) {
        if (rows.stream().anyMatch(Row::document)) {
            return List.of();
        }
        var keys = rows.stream().map(Row::key).collect(Collectors.toSet());
        return known.stream()
                .filter(parameter -> !keys.contains(parameter.configurationKey()))
                .toList();
    }

    boolean hasFaults() {
        return rows.stream().anyMatch(row -> row.fault() != null);
    }

    /** Says at its row what can be told to be wrong without asking. */
    DraftForm checked(UnaryOperator<String> words) {
        Set<String> keys = new HashSet<>();
        List<Row> checked = new ArrayList<>();
        for (Row row : rows) {
            boolean nameless = row.key().isEmpty() && !row.isBlank();
            boolean twice = !row.key().isEmpty() && !keys.add(row.key());
            if (nameless) {
                checked.add(row.withFault(words.apply("config.key-missing")));
            } else {
                checked.add(twice ? row.withFault(words.apply("config.key-twice")) : row);
            }
        }
        return new DraftForm(revision, checked);
    }

    /** Puts messages of the config center to the rows they are about. */
    DraftForm withFaults(Map<String, String> byKey) {
        return new DraftForm(
                revision,
                rows.stream()
                        .map(row -> byKey.containsKey(row.key()) ? row.withFault(byKey.get(row.key())) : row)
                        .toList());
    }

    /**
     * The same input on top of the draft as it is now: what somebody else changed is shown beside what was typed, and
     * taken over where nothing was typed.
     */
    DraftForm onTopOf(NamespaceView now) {
        Map<String, String> theirs = new HashMap<>(now.items());
        Map<String, String> comments = now.comments().orElse(Map.of());
        boolean document = now.format() != Format.PROPERTIES;
        List<Row> rebased = new ArrayList<>();
        for (Row row : rows) {
            if (row.isBlank()) {
                continue;
            }
            @Nullable String current = theirs.remove(row.key());
            if (current == null && row.existing() && !row.isChanged() && !row.hasOtherComment()) {
                continue;
            }
            rebased.add(rebased(row, rebased.size(), current, comments.getOrDefault(row.key(), ""), document));
        }
        new TreeMap<>(theirs)
                .forEach((key, value) ->
                        rebased.add(Row.there(rebased.size(), key, value, comments.getOrDefault(key, ""), document)));
        return new DraftForm(now.revision(), withSpare(rebased, now.format()));
    }

    private static Row rebased(Row row, int index, @Nullable String current, String said, boolean document) {
        String comment = row.hasOtherComment() ? row.comment() : said;
        if (current == null) {
            return new Row(
                    index,
                    row.key(),
                    row.value(),
                    "",
                    comment,
                    said,
                    false,
                    row.removed(),
                    null,
                    row.existing(),
                    document,
                    null);
        }
        boolean untouched = current.equals(row.was()) && row.existing();
        String value = row.isChanged() ? row.value() : current;
        String theirs = untouched || !row.isChanged() || current.equals(value) ? null : current;
        return new Row(
                index, row.key(), value, current, comment, said, true, row.removed(), theirs, false, document, null);
    }

    /** Rows for new keys; a document has its own key and no others. */
    private static List<Row> withSpare(List<Row> rows, Format format) {
        List<Row> all = new ArrayList<>(rows);
        if (format == Format.PROPERTIES) {
            for (int spare = 0; spare < SPARE; spare++) {
                all.add(spare(all.size(), "", false));
            }
        } else if (all.isEmpty()) {
            all.add(spare(0, CONTENT, true));
        }
        return all;
    }

    private static Row spare(int index, String key, boolean document) {
        return new Row(index, key, "", "", "", "", false, false, null, false, document, null);
    }
}
