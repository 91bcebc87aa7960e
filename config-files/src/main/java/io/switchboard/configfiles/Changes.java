package io.switchboard.configfiles;

import io.switchboard.configprotocol.PropertiesText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What makes one set of items another, and how that is told. */
final class Changes {

    private Changes() {}

    /** A value for each key that is added or has another one, null for each that goes. */
    static SortedMap<String, @Nullable String> between(Map<String, String> before, Map<String, String> after) {
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

    /** @param values whether to tell them too: what is printed may be kept by others */
    static List<String> lines(
            String namespace, Map<String, String> before, Map<String, @Nullable String> changes, boolean values) {
        List<String> lines = new ArrayList<>();
        changes.forEach((key, after) -> {
            String was = before.get(key);
            String kind = was == null ? "added" : after == null ? "taken out" : "changed";
            lines.add(namespace + ": " + key + " " + kind);
            if (values && was != null) {
                lines.add("  - " + PropertiesText.value(was));
            }
            if (values && after != null) {
                lines.add("  + " + PropertiesText.value(after));
            }
        });
        return lines;
    }
}
