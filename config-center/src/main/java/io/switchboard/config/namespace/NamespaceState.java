package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.Release;
import java.util.Optional;

/**
 * A namespace as it is stored; one that was never written to is empty.
 *
 * @param revision of the draft; grows with each change, 0 before the first
 * @param release in effect
 */
record NamespaceState(long revision, Items draft, Optional<Release> release) {

    static final NamespaceState EMPTY = new NamespaceState(0, Items.NONE, Optional.empty());

    Items released() {
        return release.map(Release::items).orElse(Items.NONE);
    }
}
