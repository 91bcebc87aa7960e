package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ReviewApi.Decision;
import io.switchboard.contracts.config.ReviewApi.ReviewState;
import io.switchboard.contracts.config.ReviewApi.Submission;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last time that somebody asked for a review. It is about one revision of the draft on top of one release: with the next of
 * either it is over, so that nothing is released twice by one approval. A release that the center makes of the same items is none
 * that anybody approved: the review moves on to it.
 *
 * @param revision of the draft that was submitted
 * @param release in effect by then, 0 if there was none; null if it was not kept, which is never the one in effect
 */
record Review(long revision, @Nullable Long release, Submission submission, Optional<Decision> decision) {

    /** In place of one that can't be read: of no draft, so that it counts for nothing and the next one replaces it. */
    static final Review UNREADABLE = new Review(-1, null, new Submission("", Instant.EPOCH, ""), Optional.empty());

    /** Where it is kept. */
    static String node(NamespacePath path) {
        return path.node() + "/review";
    }

    /** About the same draft and what is in effect as they are stored by now. */
    Review movedTo(long toRevision, long toRelease) {
        return new Review(toRevision, toRelease, submission, decision);
    }

    Review with(Decision decided) {
        return new Review(revision, release, submission, Optional.of(decided));
    }

    ReviewState state() {
        return decision.map(decided -> decided.approved() ? ReviewState.APPROVED : ReviewState.REJECTED)
                .orElse(ReviewState.SUBMITTED);
    }
}
