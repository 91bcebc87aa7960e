package io.switchboard.console.config;

import io.switchboard.contracts.config.InheritanceApi.EffectiveItem;
import io.switchboard.contracts.config.InheritanceApi.EffectiveView;
import io.switchboard.contracts.config.InheritanceApi.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients read of a namespace other than the items that stand in it.
 *
 * @param inherited what comes from other namespaces, or overrides it
 * @param leaves of its document
 * @param more leaves that are not among them
 * @param problem why its document has none; null if it has, or is none
 */
record EffectivePart(
        List<EffectiveItem> inherited,
        List<EffectiveItem> leaves,
        int more,
        @Nullable String problem) {

    private static final int LEAVES_SHOWN = 500;

    static EffectivePart of(EffectiveView view) {
        Source own = view.sources().getFirst();
        List<EffectiveItem> leaves =
                view.items().stream().filter(item -> item.line().isPresent()).toList();
        int shown = Math.min(leaves.size(), LEAVES_SHOWN);
        return new EffectivePart(
                view.items().stream()
                        .filter(item ->
                                !item.source().equals(own) || !item.overrides().isEmpty())
                        .toList(),
                leaves.subList(0, shown),
                leaves.size() - shown,
                view.problem().orElse(null));
    }
}
