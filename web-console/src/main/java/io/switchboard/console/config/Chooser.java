package io.switchboard.console.config;

import io.switchboard.contracts.config.ConfigApi.NamespaceSummary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where one may go from a namespace's page. The page's own stage and namespace are among them, even if nothing was saved there yet.
 *
 * @param stages by name
 * @param namespaces of the page's stage, by name
 */
record Chooser(List<String> stages, List<NamespaceRow> namespaces) {

    /** @param pending how many keys its draft changes */
    record NamespaceRow(String name, String path, int pending) {}

    static Chooser of(Namespace here, List<String> stages, List<NamespaceSummary> namespaces) {
        var names = new TreeSet<>(stages);
        names.add(here.stage());
        Map<String, Integer> pending = new TreeMap<>();
        pending.put(here.name(), 0);
        namespaces.forEach(one -> pending.put(one.namespace(), one.pending()));
        return new Chooser(
                List.copyOf(names),
                pending.entrySet().stream()
                        .map(one -> new NamespaceRow(
                                one.getKey(),
                                Namespace.path(here.instance().id(), here.stage(), one.getKey()),
                                one.getValue()))
                        .toList());
    }
}
