package io.switchboard.configprotocol;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * By which keys an application sees a JSON document: one rule for the center, which checks them and gives them to heirs, and for the
 * application itself.
 */
public final class JsonKeys {

    private JsonKeys() {}

    /**
     * What stands in the object, by names such as {@code entries[0].key}. What is {@code null}, and an object without members, are left
     * out; an array without elements is an empty text, which Spring Boot takes for an empty list.
     *
     * @param object maps, lists and single values
     */
    public static SortedMap<String, Object> of(Map<?, ?> object) {
        SortedMap<String, Object> leaves = new TreeMap<>();
        object.forEach((name, value) -> add(String.valueOf(name), value, leaves));
        return leaves;
    }

    private static void add(String name, @Nullable Object value, SortedMap<String, Object> leaves) {
        if (value instanceof Map<?, ?> object) {
            object.forEach((below, one) -> add(name + "." + below, one, leaves));
        } else if (value instanceof List<?> array && !array.isEmpty()) {
            for (int index = 0; index < array.size(); index++) {
                add(name + "[" + index + "]", array.get(index), leaves);
            }
        } else if (value != null) {
            leaves.put(name, value instanceof List<?> ? "" : value);
        }
    }
}
