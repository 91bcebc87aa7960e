package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.NamespacePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.springframework.stereotype.Component;

/** All namespaces of a tenant, in an order that pages of answers go by. */
@Component
class NamespaceTree {

    private final Ensemble ensemble;

    NamespaceTree(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /**
     * Which namespaces to look at.
     *
     * @param application only that one's; empty for all
     * @param stage only that one's; empty for all
     * @param after only those behind it; empty to begin with the first
     */
    record Scope(String tenant, Optional<String> application, Optional<String> stage, Optional<NamespacePath> after) {

        private boolean has(String name, Optional<String> only, Optional<String> from) {
            return only.map(name::equals).orElse(true)
                    && from.map(first -> name.compareTo(first) >= 0).orElse(true);
        }
    }

    /** Names of all tenants that have configuration, ordered. */
    List<String> tenants() {
        try {
            return ensemble.ask(zookeeper -> names(zookeeper, NamespacePath.ROOT));
        } catch (KeeperException e) {
            throw defect("any", e);
        }
    }

    /** Names of the applications that have configuration, ordered. */
    List<String> applications(String tenant) {
        try {
            return ensemble.ask(zookeeper -> names(zookeeper, NamespacePath.ROOT + "/" + tenant));
        } catch (KeeperException e) {
            throw defect(tenant, e);
        }
    }

    /** By application, stage and namespace; at most so many. */
    List<NamespacePath> list(Scope scope, int most) {
        try {
            return ensemble.ask(zookeeper -> list(zookeeper, scope, most));
        } catch (KeeperException e) {
            throw defect(scope.tenant(), e);
        }
    }

    private static IllegalStateException defect(String tenant, KeeperException e) {
        return new IllegalStateException("ZooKeeper answered " + e.code() + " for tenant " + tenant, e);
    }

    private static List<NamespacePath> list(CuratorFramework zookeeper, Scope scope, int most) throws Exception {
        List<NamespacePath> found = new ArrayList<>();
        String tenant = NamespacePath.ROOT + "/" + scope.tenant();
        for (String application : names(zookeeper, tenant)) {
            if (!scope.has(application, scope.application(), scope.after().map(NamespacePath::application))) {
                continue;
            }
            Optional<NamespacePath> inIt =
                    scope.after().filter(path -> path.application().equals(application));
            for (String stage : names(zookeeper, tenant + "/" + application)) {
                if (!scope.has(stage, scope.stage(), inIt.map(NamespacePath::stage))) {
                    continue;
                }
                Optional<NamespacePath> beside =
                        inIt.filter(path -> path.stage().equals(stage));
                for (String namespace : names(zookeeper, tenant + "/" + application + "/" + stage)) {
                    if (beside.filter(path -> namespace.compareTo(path.namespace()) <= 0)
                            .isEmpty()) {
                        found.add(new NamespacePath(scope.tenant(), application, stage, namespace));
                    }
                    if (found.size() == most) {
                        return found;
                    }
                }
            }
        }
        return found;
    }

    private static List<String> names(CuratorFramework zookeeper, String node) throws Exception {
        try {
            return zookeeper.getChildren().forPath(node).stream().sorted().toList();
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        }
    }
}
