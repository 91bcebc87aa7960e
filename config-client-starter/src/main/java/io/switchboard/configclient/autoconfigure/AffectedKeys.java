package io.switchboard.configclient.autoconfigure;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/** Which properties may have another value after some keys changed: those keys, and all that refer to them. */
final class AffectedKeys {

    private final Set<ConfigurationPropertyName> names = new HashSet<>();

    AffectedKeys(Collection<String> changed, Iterable<PropertySource<?>> sources) {
        Set<String> keys = new HashSet<>(changed);
        while (keys.addAll(referringTo(keys, sources))) {
            // Once more: a reference may itself be referred to.
        }
        keys.forEach(key -> names.add(ConfigurationPropertyName.adapt(key, '.')));
    }

    boolean touch(String prefix) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
        return names.stream().anyMatch(key -> name.equals(key) || name.isAncestorOf(key));
    }

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
                && keys.stream().anyMatch(key -> value.contains("${" + key + "}") || value.contains("${" + key + ":"));
    }
}
