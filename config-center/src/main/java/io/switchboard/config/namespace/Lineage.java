package io.switchboard.config.namespace;

import io.switchboard.config.validation.Leaves;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who inherits what once some drafts are released together, all other namespaces as they are in effect now. */
final class Lineage {

    /** More than anybody may inherit. */
    private static final int MOST = 25;

    private final Namespaces namespaces;
    private final Map<NamespacePath, Items> together;
    private final Map<NamespacePath, Items> known = new HashMap<>();
    private final SortedMap<NamespacePath, Integer> versions = new TreeMap<>();

    /** @param together what is to be released in that step */
    Lineage(Namespaces namespaces, Map<NamespacePath, Items> together) {
        this.namespaces = namespaces;
        this.together = together;
    }

    /** It was read already. */
    void know(NamespacePath path, Items released) {
        known.put(path, released);
    }

    /** What it has itself. */
    Items items(NamespacePath path) {
        Items next = together.get(path);
        return next != null ? next : known.computeIfAbsent(path, this::released);
    }

    private Items released(NamespacePath path) {
        NamespaceState state = namespaces.read(path);
        versions.put(path, state.pointerVersion());
        return state.released();
    }

    /** All that it inherits, the nearest first; itself among them if it would inherit itself. */
    List<NamespacePath> of(NamespacePath path) {
        List<NamespacePath> found = new ArrayList<>();
        addParents(path, found);
        return found;
    }

    private void addParents(NamespacePath path, List<NamespacePath> found) {
        for (NamespacePath parent : parents(path)) {
            if (found.size() < MOST && !found.contains(parent)) {
                found.add(parent);
                addParents(parent, found);
            }
        }
    }

    private List<NamespacePath> parents(NamespacePath path) {
        try {
            return Leaves.links(path, items(path)).parents();
        } catch (IllegalArgumentException none) {
            return List.of();
        }
    }

    /** Of the nodes that say which releases those are that were read. */
    SortedMap<NamespacePath, Integer> versions() {
        return versions;
    }
}
