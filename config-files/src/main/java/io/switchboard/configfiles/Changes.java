package io.switchboard.configfiles;

import io.switchboard.configprotocol.NamespaceFile;
import io.switchboard.configprotocol.PropertiesText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What makes a draft what a file says.
 *
 * @param items a value for each key that is added or has another one, null for each that goes
 * @param comments likewise, of keys that are there afterwards
 */
record Changes(SortedMap<String, @Nullable String> items, SortedMap<String, @Nullable String> comments) {

    /** Comments of encrypted items stay: those are in no file. */
    static Changes between(Center.Draft before, NamespaceFile after) {
        SortedMap<String, @Nullable String> comments = between(before.comments(), after.comments());
        comments.keySet().removeIf(key -> !after.items().containsKey(key));
        return new Changes(between(before.items(), after.items()), comments);
    }

    private static SortedMap<String, @Nullable String> between(Map<String, String> before, Map<String, String> after) {
        SortedMap<String, @Nullable String> changes = new TreeMap<>();
        for (String key : before.keySet()) {
            if (!after.containsKey(key)) {
                changes.put(key, null);
            }
        }
        after.forEach((key, value) -> {
            if (!value.equals(before.get(key))) {
                changes.put(key, value);
            }
        });
        return changes;
    }

    /** Of whatever changes, ordered. */
    SortedSet<String> keys() {
        SortedSet<String> keys = new TreeSet<>(items.keySet());
        keys.addAll(comments.keySet());
        return keys;
    }

    boolean isEmpty() {
        return items.isEmpty() && comments.isEmpty();
    }

    /**
     * How it is told, a line for each key.
     *
     * @param values whether to tell values and comments too: what is printed may be kept by others
     */
    List<String> lines(String namespace, Center.Draft before, boolean values) {
        List<String> lines = new ArrayList<>();
        for (String key : keys()) {
            lines.add(namespace + ": " + key + " " + kind(key, before));
            if (values && comments.containsKey(key)) {
                add(lines, "  - # ", before.comments().get(key));
                add(lines, "  + # ", comments.get(key));
            }
            if (values && items.containsKey(key)) {
                add(lines, "  - ", before.items().get(key));
                add(lines, "  + ", items.get(key));
            }
        }
        return lines;
    }

    private String kind(String key, Center.Draft before) {
        if (!items.containsKey(key)) {
            return "has another comment";
        }
        if (!before.items().containsKey(key)) {
            return "added";
        }
        return items.get(key) == null ? "taken out" : "changed";
    }

    private static void add(List<String> lines, String start, @Nullable String text) {
        if (text != null) {
            lines.add(start + PropertiesText.value(text));
        }
    }
}
