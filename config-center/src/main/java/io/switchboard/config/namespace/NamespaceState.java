package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.Release;
import java.util.List;
import java.util.Optional;

/**
 * A namespace as it is stored; one that was never written to is empty.
 *
 * @param revision of the draft; grows with each change, 0 before the first
 * @param release in effect
 * @param pointerVersion of the node that says which release that is
 * @param kept numbers of the releases that are kept, in order
 */
record NamespaceState(long revision, Items draft, Optional<Release> release, int pointerVersion, List<Long> kept) {

    static final NamespaceState EMPTY = new NamespaceState(0, Items.NONE, Optional.empty(), 0, List.of());

    /** With another draft. */
    NamespaceState with(Items changed, long atRevision) {
        return new NamespaceState(atRevision, changed, release, pointerVersion, kept);
    }

    Items released() {
        return release.map(Release::items).orElse(Items.NONE);
    }

    /** Of the release in effect, 0 if there is none. */
    long number() {
        return release.map(Release::number).orElse(0L);
    }
}
