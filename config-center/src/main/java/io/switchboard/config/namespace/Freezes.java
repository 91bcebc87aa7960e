package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.FreezeApi.FreezeView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The freezes of one tenant's stage.
 *
 * @param all by beginning
 */
record Freezes(List<FreezeView> all) {

    static final Freezes NONE = new Freezes(List.of());

    static final int MOST = 100;

    /** How long one that has ended is still listed. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    Freezes {
        all = List.copyOf(all);
    }

    /** Where those of the namespace's stage are kept. */
    static String node(NamespacePath path) {
        return ofTenant(path) + "/" + path.stage();
    }

    /** Where those of all stages of the namespace's tenant are kept. */
    static String ofTenant(NamespacePath path) {
        return Documents.ROOT + "/freezes/" + path.tenant();
    }

    /** The one that ends last of those that hold for the application at that time. */
    Optional<FreezeView> holding(String application, Instant at) {
        return all.stream()
                .filter(freeze -> holds(freeze, application, at))
                .max(Comparator.comparing(FreezeView::until));
    }

    /** Ids of all that hold for the application at that time. */
    Set<String> allHolding(String application, Instant at) {
        return all.stream()
                .filter(freeze -> holds(freeze, application, at))
                .map(FreezeView::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean holds(FreezeView freeze, String application, Instant at) {
        boolean meant =
                freeze.application().isEmpty() || freeze.application().get().equals(application);
        return meant && !at.isBefore(freeze.from()) && at.isBefore(freeze.until());
    }

    Optional<FreezeView> byId(String id) {
        return all.stream().filter(freeze -> freeze.id().equals(id)).findFirst();
    }

    Freezes with(FreezeView added, Instant now) {
        List<FreezeView> changed = new ArrayList<>(without(added.id(), now).all);
        changed.add(added);
        changed.sort(Comparator.comparing(FreezeView::from).thenComparing(FreezeView::id));
        return new Freezes(changed);
    }

    Freezes without(String id, Instant now) {
        return new Freezes(all.stream()
                .filter(freeze -> !freeze.id().equals(id))
                .filter(freeze -> freeze.until().isAfter(now.minus(REMEMBERED)))
                .toList());
    }
}
