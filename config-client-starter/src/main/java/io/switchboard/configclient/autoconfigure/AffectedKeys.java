package io.switchboard.configclient.autoconfigure;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/** Which properties may have another value after some keys changed: those keys, and all that refer to them. */
final class AffectedKeys {

    /** Up to its default. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}:]+)(?=[}:])");

    /** A name with a reference within it may be any key's. */
    private static final Pattern ANY_NAME = Pattern.compile("\\$\\{[^${}:]*\\$\\{");

    private final Set<String> uniform;
    private final Set<ConfigurationPropertyName> names = new HashSet<>();

    AffectedKeys(Collection<String> changed, Iterable<PropertySource<?>> sources) {
        Set<String> keys = new HashSet<>(changed);
        boolean more = !keys.isEmpty();
        // A reference may itself be referred to.
        while (more) {
            more = keys.addAll(
                    referringTo(keys.stream().map(AffectedKeys::uniform).collect(Collectors.toSet()), sources));
        }
        uniform = keys.stream().map(AffectedKeys::uniform).collect(Collectors.toSet());
        keys.forEach(key -> names.add(ConfigurationPropertyName.adapt(key, '.')));
    }

    boolean touch(String prefix) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
        return names.stream().anyMatch(key -> name.equals(key) || name.isAncestorOf(key));
    }

    boolean areReferredToBy(String value) {
        return !uniform.isEmpty() && refers(value, uniform);
    }

    /** However it is written: {@code maxWait}, {@code max-wait} and {@code max_wait} are one to Spring Boot. */
    private static String uniform(String key) {
        return key.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    /** @param keys uniform ones */
    private static Set<String> referringTo(Set<String> keys, Iterable<PropertySource<?>> sources) {
        Set<String> found = new HashSet<>();
        for (PropertySource<?> source : sources) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                for (String name : enumerable.getPropertyNames()) {
                    if (enumerable.getProperty(name) instanceof CharSequence value && refers(value.toString(), keys)) {
                        found.add(name);
                    }
                }
            }
        }
        return found;
    }

    private static boolean refers(String value, Set<String> keys) {
        return value.contains("${")
                && (ANY_NAME.matcher(value).find()
                        || REFERENCE
                                .matcher(value)
                                .results()
                                .anyMatch(reference ->
                                        keys.contains(uniform(reference.group(1).strip()))));
    }
}
