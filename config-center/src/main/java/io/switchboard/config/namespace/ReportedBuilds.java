package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Builds that an application's clients run, whatever their stage. */
@Component
class ReportedBuilds {

    private static final int MOST_NAMESPACES = 2_000;

    private final NamespaceTree tree;
    private final Namespaces namespaces;

    ReportedBuilds(NamespaceTree tree, Namespaces namespaces) {
        this.tree = tree;
        this.namespaces = namespaces;
    }

    /** @param application any namespace of it */
    Set<String> of(NamespacePath application) {
        var scope = new NamespaceTree.Scope(
                application.tenant(), Optional.of(application.application()), Optional.empty(), Optional.empty());
        return tree.list(scope, MOST_NAMESPACES).stream()
                .flatMap(path -> namespaces.clients(path).stream())
                .flatMap(client -> client.build().stream())
                .collect(Collectors.toSet());
    }
}
