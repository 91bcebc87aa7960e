package io.switchboard.config.validation;

import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.JsonKeys;
import io.switchboard.configprotocol.Links;
import io.switchboard.configprotocol.NamespacePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The keys that clients see of a namespace, with the values of those that are not encrypted. */
public final class Leaves {

    private static final JsonMapper JSON = new JsonMapper();

    private Leaves() {}

    /** By key; null for what is encrypted. What was never a document of its format has none. */
    static SortedMap<String, @Nullable String> of(NamespacePath path, Items items) {
        SortedMap<String, @Nullable String> leaves = new TreeMap<>(values(path, items));
        if (Format.of(path.namespace()) == Format.PROPERTIES) {
            items.secrets().keySet().forEach(key -> leaves.put(key, null));
        }
        leaves.keySet().removeIf(Links::isOne);
        return leaves;
    }

    /** What an heir inherits of a namespace: its items, or those that its document becomes. */
    public static Items inherited(NamespacePath path, Items items) {
        return switch (Format.of(path.namespace())) {
            case PROPERTIES -> items;
            case YAML, JSON -> {
                SortedMap<String, String> leaves = values(path, items);
                leaves.keySet().removeIf(Links::isOne);
                yield Items.of(leaves);
            }
            case TEXT ->
                items.values().containsKey(Format.CONTENT)
                        ? Items.of(Map.of(path.namespace(), content(items)))
                        : Items.NONE;
        };
    }

    /**
     * What a namespace says about others. A document says whom it is shared with, and inherits nothing.
     *
     * @throws IllegalArgumentException as {@link Links#of}
     */
    public static Links links(NamespacePath path, Items items) {
        Links links = Links.of(path, Items.of(values(path, items)));
        return Format.of(path.namespace()).isDocument() ? new Links(List.of(), links.sharedWith()) : links;
    }

    private static SortedMap<String, String> values(NamespacePath path, Items items) {
        return switch (Format.of(path.namespace())) {
            case PROPERTIES -> new TreeMap<>(items.values());
            case YAML -> yaml(content(items));
            case JSON -> json(content(items));
            case TEXT -> new TreeMap<>();
        };
    }

    private static String content(Items items) {
        return items.values().getOrDefault(Format.CONTENT, "");
    }

    private static SortedMap<String, String> yaml(String text) {
        SortedMap<String, String> leaves = new TreeMap<>();
        try {
            for (EnumerablePropertySource<?> source : sources(text)) {
                for (String key : source.getPropertyNames()) {
                    leaves.put(key, String.valueOf(source.getProperty(key)));
                }
            }
        } catch (IOException | RuntimeException e) {
            // Saved by an earlier center that knew no documents.
            leaves.clear();
        }
        return leaves;
    }

    /** As Spring Boot reads {@code application.yaml}. */
    static List<EnumerablePropertySource<?>> sources(String yaml) throws IOException {
        List<EnumerablePropertySource<?>> sources = new ArrayList<>();
        var resource = new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8));
        for (PropertySource<?> source : new YamlPropertySourceLoader().load("document", resource)) {
            if (source instanceof EnumerablePropertySource<?> known) {
                sources.add(known);
            }
        }
        return sources;
    }

    private static SortedMap<String, String> json(String text) {
        SortedMap<String, String> leaves = new TreeMap<>();
        try {
            if (JSON.readValue(text, Object.class) instanceof Map<?, ?> object) {
                JsonKeys.of(object).forEach((key, value) -> leaves.put(key, String.valueOf(value)));
            }
        } catch (JacksonException e) {
            // As above.
        }
        return leaves;
    }
}
