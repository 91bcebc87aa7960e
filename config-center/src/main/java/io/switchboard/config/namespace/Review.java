package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ReviewApi.Decision;
import io.switchboard.contracts.config.ReviewApi.ReviewState;
import io.switchboard.contracts.config.ReviewApi.Submission;
import java.util.Optional;

/**
 * The last time that somebody asked for a review. It is about one revision of the draft: with the next one it is over.
 *
 * @param revision of the draft that was submitted
 */
record Review(long revision, Submission submission, Optional<Decision> decision) {

    /** Where it is kept. */
    static String node(NamespacePath path) {
        return path.node() + "/review";
    }

    Review with(Decision decided) {
        return new Review(revision, submission, Optional.of(decided));
    }

    ReviewState state() {
        return decision.map(decided -> decided.approved() ? ReviewState.APPROVED : ReviewState.REJECTED)
                .orElse(ReviewState.SUBMITTED);
    }
}
