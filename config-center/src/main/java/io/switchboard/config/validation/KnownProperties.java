package io.switchboard.config.validation;

import io.switchboard.configprotocol.ApplicationMetadata;
import io.switchboard.configprotocol.KnownProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one build takes, to be looked up by keys as people write them. */
final class KnownProperties {

    private static final int MOST_COMPARED = 5_000;

    /** Of a key that is looked up: each of its beginnings is. */
    private static final int LONGEST_NAME = 255;

    private final ApplicationMetadata metadata;
    private final Map<String, KnownProperty> byName = new HashMap<>();

    /** Uniform names, by their last elements. */
    private final Map<String, List<String>> byLastElement = new HashMap<>();

    private final Map<String, String> groups = new HashMap<>();
    private final Set<String> elsewhere = new HashSet<>();

    KnownProperties(ApplicationMetadata metadata) {
        this.metadata = metadata;
        metadata.properties().forEach(property -> byName.putIfAbsent(Names.uniform(property.name()), property));
        byName.keySet()
                .forEach(name -> byLastElement
                        .computeIfAbsent(name.substring(name.lastIndexOf('.') + 1), none -> new ArrayList<>())
                        .add(name));
        metadata.groups().forEach(group -> groups.putIfAbsent(Names.uniform(group), group));
        metadata.elsewhere().forEach(name -> elsewhere.add(Names.letters(name)));
    }

    /** What a key is to the build. */
    sealed interface Place {

        /** @param type of the value that stands under the key */
        record Known(KnownProperty property, ValueType type) implements Place {}

        /**
         * Nothing, although there are others with its beginning.
         *
         * @param suggestion looked for as long as there is time
         */
        record Missing(Function<Deadline, Optional<String>> suggestion) implements Place {}

        /** Inside of something whose parts nobody described. */
        record Undescribed() implements Place {}

        /**
         * Of nothing that was described: the application may ask for it by itself.
         *
         * @param meant a property that would be it but for a slip in what stands before its last element, looked for as long as there
         *     is time
         */
        record Elsewhere(Function<Deadline, Optional<String>> meant) implements Place {}
    }

    String version() {
        return metadata.version();
    }

    int count() {
        return metadata.properties().size();
    }

    /** About how many characters it takes up. */
    long weight() {
        return weight(metadata.groups())
                + weight(metadata.elsewhere())
                + metadata.properties().stream()
                        .mapToLong(KnownProperties::weight)
                        .sum();
    }

    private static long weight(KnownProperty property) {
        List<String> texts = new ArrayList<>(property.values());
        texts.addAll(List.of(property.name(), property.type(), property.description()));
        property.defaultValue().ifPresent(texts::add);
        property.deprecation().ifPresent(one -> texts.addAll(List.of(one.reason(), one.replacement())));
        property.constraints().forEach(constraint -> texts.add(constraint.bound()));
        return weight(texts);
    }

    private static long weight(List<String> texts) {
        return texts.stream().mapToLong(text -> 60 + text.length()).sum();
    }

    Optional<KnownProperty> property(String key) {
        return Optional.ofNullable(byName.get(Names.uniform(key)));
    }

    /** Whether its process has it from elsewhere; of a build that ran nowhere yet, anything may be. */
    boolean isElsewhere(String name) {
        return elsewhere.isEmpty() || name.startsWith("random.") || elsewhere.contains(Names.letters(name));
    }

    Place place(String key) {
        if (key.length() > LONGEST_NAME) {
            return new Place.Undescribed();
        }
        String name = Names.uniform(key);
        KnownProperty exact = byName.get(name);
        if (exact != null) {
            return new Place.Known(exact, ValueType.parse(exact.type()));
        }
        for (int at = name.length() - 1; at > 0; at--) {
            KnownProperty above = Names.isBoundary(name, at) ? byName.get(name.substring(0, at)) : null;
            if (above != null) {
                return below(above, name.substring(at));
            }
        }
        return group(name)
                .<Place>map(group -> new Place.Missing(deadline -> nearest(key, group, deadline)))
                .orElseGet(() -> new Place.Elsewhere(deadline -> meant(name, deadline)));
    }

    private Place below(KnownProperty above, String rest) {
        ValueType type = ValueType.parse(above.type());
        if (type.isSimple() || !above.values().isEmpty() && type.shape() == ValueType.Shape.ONE) {
            return new Place.Missing(deadline -> Optional.of(above.name()));
        }
        boolean whole = switch (type.shape()) {
            case ONE -> false;
            case LIST -> rest.matches("\\[[0-9]+]");
            case MAP -> true;
        };
        var element = ValueType.parse(type.name());
        return whole
                        && element.shape() == ValueType.Shape.ONE
                        && (element.isSimple() || !above.values().isEmpty())
                ? new Place.Known(above, element)
                : new Place.Undescribed();
    }

    /** The longest that the name lies below. */
    private Optional<String> group(String name) {
        for (int at = name.length() - 1; at > 0; at--) {
            @Nullable String group = name.charAt(at) == '.' ? groups.get(name.substring(0, at)) : null;
            if (group != null) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }

    private Optional<String> meant(String name, Deadline deadline) {
        int end = name.lastIndexOf('.');
        return end < 0
                ? Optional.empty()
                : byLastElement.getOrDefault(name.substring(end + 1), List.of()).stream()
                        .limit(MOST_COMPARED)
                        .takeWhile(other -> !deadline.isOver())
                        .filter(other -> other.lastIndexOf('.') > 0
                                && NearestName.isSlip(
                                        name.substring(0, end), other.substring(0, other.lastIndexOf('.'))))
                        .sorted()
                        .flatMap(other -> Optional.ofNullable(byName.get(other)).stream())
                        .map(KnownProperty::name)
                        .findFirst();
    }

    private Optional<String> nearest(String key, String group, Deadline deadline) {
        List<String> beside = metadata.properties().stream()
                .map(KnownProperty::name)
                .filter(name -> name.startsWith(group + ".") && name.length() <= LONGEST_NAME)
                .limit(MOST_COMPARED)
                .toList();
        return NearestName.of(key, beside, deadline);
    }
}
