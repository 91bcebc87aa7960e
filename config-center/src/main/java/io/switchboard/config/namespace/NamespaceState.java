package io.switchboard.config.namespace;

import io.switchboard.config.access.ReaderKeys;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.validation.DocumentSchema;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.Release;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A namespace as it is stored; one that was never written to is empty.
 *
 * @param revision of the draft; grows with each change, 0 before the first
 * @param release in effect
 * @param pointerVersion of the node that says which release that is, -1 while the namespace isn't there
 * @param since when the release came into effect, which for a canary is later than when it was made
 * @param kept numbers of the releases that are kept, in order
 * @param comments of releases
 * @param guards what has a say in its next release
 */
record NamespaceState(
        long revision,
        Draft wholeDraft,
        Optional<Release> release,
        int pointerVersion,
        Instant since,
        List<Long> kept,
        ReleaseComments comments,
        Guards guards) {

    /** One that was never written to. */
    static NamespaceState absent(Guards guards) {
        return new NamespaceState(
                0, Draft.NONE, Optional.empty(), -1, Instant.EPOCH, List.of(), ReleaseComments.NONE, guards);
    }

    boolean isThere() {
        return pointerVersion >= 0;
    }

    /**
     * What has a say in a release, each absent if it was never set.
     *
     * @param review the last one, of any revision of the draft
     * @param rules of the stage
     * @param freezes of the tenant's stage
     * @param canary that runs
     * @param access who reads releases, with the version of the application's node
     * @param schema to keep to; of documents only
     * @param built whether a build of the application told what it takes
     * @param inherited whether there may be heirs
     */
    record Guards(
            Optional<Stored<Review>> review,
            Optional<Stored<StageRules>> rules,
            Optional<Stored<Freezes>> freezes,
            Optional<Canary> canary,
            Stored<ReaderKeys> access,
            Optional<Stored<Schemas.Kept>> schema,
            boolean built,
            boolean inherited) {

        private Guards with(Stored<Review> other) {
            return new Guards(Optional.of(other), rules, freezes, canary, access, schema, built, inherited);
        }
    }

    /** With another draft. */
    NamespaceState with(Draft changed, long atRevision) {
        return new NamespaceState(atRevision, changed, release, pointerVersion, since, kept, comments, guards);
    }

    NamespaceState with(Stored<Review> review) {
        return new NamespaceState(
                revision, wholeDraft, release, pointerVersion, since, kept, comments, guards.with(review));
    }

    /** As if only these keys had been changed since the release in effect. */
    NamespaceState part(Set<String> keys) {
        var values = new TreeMap<>(released().values());
        var secrets = new TreeMap<>(released().secrets());
        var said = new TreeMap<>(comments.released().byKey());
        for (String key : keys) {
            // Either may have become the other.
            values.remove(key);
            secrets.remove(key);
            said.remove(key);
            if (drafted().comments().byKey().containsKey(key)) {
                said.put(key, drafted().comments().byKey().get(key));
            }
            if (draft().values().containsKey(key)) {
                values.put(key, draft().values().get(key));
            }
            if (draft().secrets().containsKey(key)) {
                secrets.put(key, draft().secrets().get(key));
            }
        }
        var part = new Content(new Items(values, secrets), new Comments(said));
        return with(new Draft(part, wholeDraft.authors()), revision);
    }

    /** The draft with its comments. */
    Content drafted() {
        return wholeDraft.content();
    }

    /** What is in effect, with its comments. */
    Content inEffect() {
        return new Content(released(), comments.released());
    }

    /** Keys that the draft changes, ordered. */
    Set<String> pending() {
        return drafted().changedSince(inEffect());
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

    /** Of the next release: canaries that were abandoned have had numbers too. */
    long nextNumber() {
        return Math.max(number(), kept.isEmpty() ? 0 : kept.getLast()) + 1;
    }

    /** The one that runs. */
    Optional<Canary> canary() {
        return guards.canary();
    }

    StageRules rules() {
        return guards.rules().map(Stored::value).orElse(StageRules.NONE);
    }

    /** Of the draft as it is; empty if nobody asked for one since its last change and the last release. */
    Optional<Review> review() {
        return guards.review()
                .map(Stored::value)
                .filter(review ->
                        review.revision() == revision && Long.valueOf(number()).equals(review.release()));
    }

    /** Empty if nothing is to be kept to. */
    Optional<DocumentSchema> schema() {
        return guards.schema().flatMap(kept -> kept.value().schema()).map(DocumentSchema::of);
    }

    Freezes freezes() {
        return guards.freezes().map(Stored::value).orElse(Freezes.NONE);
    }

    /** Who last changed each key that is pending, as far as that is known. */
    SortedMap<String, String> authorsOfChanges() {
        var authors = new TreeMap<>(wholeDraft.authors().values());
        authors.keySet().retainAll(pending());
        return authors;
    }
}
