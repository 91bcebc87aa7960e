package io.switchboard.config.validation;

import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.Links;
import io.switchboard.configprotocol.NamespacePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** The keys that clients see of a namespace, with the values of those that are not encrypted. */
final class Leaves {

    private Leaves() {}

    /** By key; null for what is encrypted. What was never a document of its format has none. */
    static SortedMap<String, @Nullable String> of(NamespacePath path, Items items) {
        return switch (Format.of(path.namespace())) {
            case PROPERTIES -> {
                SortedMap<String, @Nullable String> leaves = new TreeMap<>(items.values());
                items.secrets().keySet().forEach(key -> leaves.put(key, null));
                leaves.keySet().removeIf(Links::isOne);
                yield leaves;
            }
            // JSON is YAML, and what may be in such a namespace was checked when it was saved.
            case YAML, JSON -> document(items.values().getOrDefault(Format.CONTENT, ""));
            case TEXT -> new TreeMap<>();
        };
    }

    private static SortedMap<String, @Nullable String> document(String text) {
        SortedMap<String, @Nullable String> leaves = new TreeMap<>();
        try {
            var resource = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8));
            for (PropertySource<?> source : new YamlPropertySourceLoader().load("document", resource)) {
                if (source instanceof EnumerablePropertySource<?> known) {
                    for (String key : known.getPropertyNames()) {
                        leaves.put(key, String.valueOf(known.getProperty(key)));
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            // Saved by an earlier center that knew no documents.
            leaves.clear();
        }
        return leaves;
    }
}
