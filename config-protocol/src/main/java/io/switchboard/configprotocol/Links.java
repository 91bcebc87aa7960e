package io.switchboard.configprotocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What two items of a namespace say about other namespaces. Applications never see these two.
 *
 * @param parents namespaces of the same stage whose values apply where this one has none, the nearest first
 * @param sharedWith names of the applications that may have this one as a parent; {@code *} for all of the tenant
 */
public record Links(List<NamespacePath> parents, Set<String> sharedWith) {

    /** {@code APPLICATION/NAMESPACE}, or {@code NAMESPACE} of the same application, separated by commas. */
    public static final String INHERITS = "switchboard.inherits";

    /** {@code *}, or names of applications, separated by commas. */
    public static final String SHARED = "switchboard.shared";

    private static final String ALL = "*";

    public Links {
        parents = List.copyOf(parents);
        sharedWith = Set.copyOf(sharedWith);
    }

    /** @throws IllegalArgumentException if one of them is no name; the message tells the key */
    public static Links of(NamespacePath path, Items items) {
        Set<NamespacePath> parents = new LinkedHashSet<>();
        for (String name : names(items, INHERITS)) {
            int slash = name.indexOf('/');
            try {
                parents.add(
                        slash < 0
                                ? path.sibling(name)
                                : new NamespacePath(
                                        path.tenant(),
                                        name.substring(0, slash),
                                        path.stage(),
                                        name.substring(slash + 1)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(INHERITS + ": the " + e.getMessage());
            }
        }
        return new Links(new ArrayList<>(parents), new TreeSet<>(names(items, SHARED)));
    }

    private static List<String> names(Items items, String key) {
        return Optional.ofNullable(items.values().get(key)).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    public static boolean isOne(String key) {
        return key.equals(INHERITS) || key.equals(SHARED);
    }

    /** Whether that application's namespaces may have this one as a parent, if this one is another application's. */
    public boolean isSharedWith(String application) {
        return sharedWith.contains(ALL) || sharedWith.contains(application);
    }
}
