package io.switchboard.config.namespace;

import io.switchboard.config.validation.RunningBuilds;
import io.switchboard.configprotocol.NamespacePath;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Builds that clients report. */
@Component
class ReportedBuilds implements RunningBuilds {

    private static final int MOST_NAMESPACES = 2_000;

    private final NamespaceTree tree;
    private final Namespaces namespaces;

    ReportedBuilds(NamespaceTree tree, Namespaces namespaces) {
        this.tree = tree;
        this.namespaces = namespaces;
    }

    @Override
    public Set<String> of(NamespacePath application) {
        var scope = new NamespaceTree.Scope(
                application.tenant(), Optional.of(application.application()), Optional.empty(), Optional.empty());
        return tree.list(scope, MOST_NAMESPACES).stream()
                .flatMap(path -> namespaces.clientsIfListed(path).stream())
                .flatMap(client -> client.build().stream())
                .collect(Collectors.toSet());
    }
}
