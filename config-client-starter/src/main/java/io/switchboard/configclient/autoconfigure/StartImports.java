package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.FirstRead;
import io.switchboard.configclient.delivery.FirstRead.Found;
import io.switchboard.configprotocol.NamespacePath;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The namespaces that one start imports. Spring Boot finds out about all imports of one {@code spring.config.import} before it
 * loads the first of them: they are read at one moment. Those that a profile's file adds are read when Spring Boot comes to it.
 */
final class StartImports {

    private final FirstRead center = new FirstRead();
    private final Set<NamespacePath> unread = new LinkedHashSet<>();
    private final Map<NamespacePath, Found> found = new HashMap<>();

    void add(NamespacePath path) {
        if (!found.containsKey(path)) {
            unread.add(path);
        }
    }

    /** What was found of one that was added. */
    Found read(NamespaceResource resource) {
        if (unread.contains(resource.path())) {
            found.putAll(center.read(resource.coordinates(), unread));
            unread.clear();
        }
        return Objects.requireNonNull(found.get(resource.path()), "added before");
    }
}
