package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.Release;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A namespace as it is stored; one that was never written to is empty.
 *
 * @param revision of the draft; grows with each change, 0 before the first
 * @param release in effect
 * @param pointerVersion of the node that says which release that is
 * @param kept numbers of the releases that are kept, in order
 * @param lastReview of any revision of the draft
 * @param storedRules of the stage
 */
record NamespaceState(
        long revision,
        Draft wholeDraft,
        Optional<Release> release,
        int pointerVersion,
        List<Long> kept,
        Optional<Stored<Review>> lastReview,
        Optional<Stored<StageRules>> storedRules) {

    static final NamespaceState EMPTY =
            new NamespaceState(0, Draft.NONE, Optional.empty(), 0, List.of(), Optional.empty(), Optional.empty());

    /** With another draft. */
    NamespaceState with(Draft changed, long atRevision) {
        return new NamespaceState(atRevision, changed, release, pointerVersion, kept, lastReview, storedRules);
    }

    NamespaceState with(Stored<Review> review) {
        return new NamespaceState(
                revision, wholeDraft, release, pointerVersion, kept, Optional.of(review), storedRules);
    }

    Items draft() {
        return wholeDraft.items();
    }

    Items released() {
        return release.map(Release::items).orElse(Items.NONE);
    }

    /** Of the release in effect, 0 if there is none. */
    long number() {
        return release.map(Release::number).orElse(0L);
    }

    StageRules rules() {
        return storedRules.map(Stored::value).orElse(StageRules.NONE);
    }

    /** Of the draft as it is; empty if nobody asked for one since its last change. */
    Optional<Review> review() {
        return lastReview.map(Stored::value).filter(review -> review.revision() == revision);
    }

    /** Who last changed each key that is pending, as far as that is known. */
    SortedMap<String, String> authorsOfChanges() {
        var authors = new TreeMap<>(wholeDraft.authors().values());
        authors.keySet().retainAll(draft().changedSince(released()));
        return authors;
    }
}
