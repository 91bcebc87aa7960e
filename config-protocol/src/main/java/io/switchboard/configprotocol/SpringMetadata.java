package io.switchboard.configprotocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what files {@code META-INF/spring-configuration-metadata.json} say, in the format of Spring Boot's reference
 * ("Configuration Metadata"), parsed by whatever JSON parser is there. What is said twice counts as it was said first.
 */
public final class SpringMetadata {

    /** Where such a file lies on a class path. */
    public static final String FILE = "META-INF/spring-configuration-metadata.json";

    private final SortedMap<String, KnownProperty> properties = new TreeMap<>();
    private final SortedSet<String> groups = new TreeSet<>();

    /** @param document the file's object; what is no such thing in it is left out */
    public void add(Map<String, Object> document) {
        entries(document, "properties").forEach(entry -> {
            String name = text(entry, "name");
            if (!name.isEmpty()) {
                properties.putIfAbsent(name, property(name, entry));
            }
        });
        entries(document, "groups").stream()
                .map(entry -> text(entry, "name"))
                .filter(name -> !name.isEmpty())
                .forEach(groups::add);
    }

    /** By name; may be altered. */
    public SortedMap<String, KnownProperty> properties() {
        return properties;
    }

    /** @param elsewhere as {@link ApplicationMetadata} has it */
    public ApplicationMetadata toMetadata(String version, List<String> elsewhere) {
        return new ApplicationMetadata(version, List.copyOf(groups), List.copyOf(properties.values()), elsewhere);
    }

    private static KnownProperty property(String name, Map<?, ?> entry) {
        return new KnownProperty(
                name,
                text(entry, "type"),
                text(entry, "description"),
                defaultValue(entry.get("defaultValue")),
                deprecation(entry),
                List.of(),
                List.of());
    }

    private static Optional<String> defaultValue(@Nullable Object value) {
        if (value instanceof List<?> several) {
            return Optional.of(several.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        return Optional.ofNullable(value).map(String::valueOf);
    }

    private static Optional<KnownProperty.Deprecation> deprecation(Map<?, ?> entry) {
        if (entry.get("deprecation") instanceof Map<?, ?> said) {
            return Optional.of(new KnownProperty.Deprecation(
                    text(said, "reason"),
                    text(said, "replacement"),
                    text(said, "level").equals("error")));
        }
        return Boolean.TRUE.equals(entry.get("deprecated"))
                ? Optional.of(new KnownProperty.Deprecation("", "", false))
                : Optional.empty();
    }

    private static List<Map<?, ?>> entries(Map<String, Object> document, String name) {
        List<Map<?, ?>> entries = new ArrayList<>();
        if (document.get(name) instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof Map<?, ?> map) {
                    entries.add(map);
                }
            }
        }
        return entries;
    }

    private static String text(Map<?, ?> entry, String name) {
        return entry.get(name) instanceof String text ? text : "";
    }
}
