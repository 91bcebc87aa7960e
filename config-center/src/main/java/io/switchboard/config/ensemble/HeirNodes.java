package io.switchboard.config.ensemble;

import io.switchboard.configprotocol.NamespacePath;
import java.util.List;
import java.util.Optional;

/** Which namespaces inherit which, as nodes whose names say so; all are of one tenant and stage. */
public final class HeirNodes {

    public static final String ROOT = Documents.ROOT + "/heirs";

    /** Stands in no name of ours. */
    private static final String BETWEEN = "~";

    private HeirNodes() {}

    /** Below it are its heirs. */
    public static String of(NamespacePath parent) {
        return ROOT + "/"
                + String.join(BETWEEN, parent.tenant(), parent.application(), parent.stage(), parent.namespace());
    }

    public static String of(NamespacePath parent, NamespacePath heir) {
        return of(parent) + "/" + heir.application() + BETWEEN + heir.namespace();
    }

    /** Of the name of a node below {@link #ROOT}; empty if none of ours has such a name. */
    public static Optional<NamespacePath> parent(String name) {
        List<String> parts = List.of(name.split(BETWEEN, -1));
        return parts.size() == 4
                ? Optional.of(new NamespacePath(parts.get(0), parts.get(1), parts.get(2), parts.get(3)))
                : Optional.empty();
    }

    /** Of the name of a node below its parent's; empty if none of ours has such a name. */
    public static Optional<NamespacePath> heir(NamespacePath parent, String name) {
        List<String> parts = List.of(name.split(BETWEEN, -1));
        return parts.size() == 2
                ? Optional.of(new NamespacePath(parent.tenant(), parts.get(0), parent.stage(), parts.get(1)))
                : Optional.empty();
    }
}
