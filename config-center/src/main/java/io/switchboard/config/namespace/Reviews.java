package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ReviewApi.Decision;
import io.switchboard.contracts.config.ReviewApi.ReviewState;
import io.switchboard.contracts.config.ReviewApi.Submission;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.springframework.stereotype.Component;

/** Drafts on their way past another user's eyes. */
@Component
class Reviews {

    private final Ensemble ensemble;
    private final Namespaces namespaces;
    private final Documents documents;
    private final Audit audit;
    private final Clock clock;

    Reviews(Ensemble ensemble, Namespaces namespaces, Documents documents, Audit audit, Clock clock) {
        this.ensemble = ensemble;
        this.namespaces = namespaces;
        this.documents = documents;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Asks for a review of the draft; what was asked for before stands.
     *
     * @param revision the draft must be at
     */
    NamespaceState submit(NamespacePath path, long revision, Caller author, String message) {
        NamespaceState state = namespaces.current(path, revision);
        PublishRules.checkChanged(path, state);
        if (state.review().isPresent()) {
            if (state.review().get().state() == ReviewState.REJECTED) {
                throw new Problem(ConfigProblem.REVIEW_DECIDED, "The draft was rejected as it is.");
            }
            return state;
        }
        var submission = new Submission(author.person(), clock.instant(), message);
        Review review = new Review(revision, state.number(), submission, Optional.empty());
        NamespaceState submitted = store(path, state, review);
        audit.submitted(path, review);
        return submitted;
    }

    /** @param revision the draft must be at, and must have been submitted at */
    NamespaceState decide(NamespacePath path, long revision, boolean approved, Caller reviewer, String message) {
        NamespaceState state = namespaces.current(path, revision);
        PublishRules.checkPublisher(state.rules(), reviewer);
        Review review = state.review()
                .orElseThrow(() -> new Problem(
                        ConfigProblem.NOT_SUBMITTED, "Nobody asked for a review of revision " + revision + "."));
        if (PublishRules.isOwn(state, reviewer)) {
            throw new Problem(ConfigProblem.OWN_CHANGE, "'" + reviewer.person() + "' changed or submitted this draft.");
        }
        if (review.decision().isPresent()) {
            Decision before = review.decision().get();
            if (!before.by().equals(reviewer.person())) {
                throw new Problem(ConfigProblem.REVIEW_DECIDED, "Another user decided about this revision already.");
            }
            if (before.approved() == approved && before.message().equals(message)) {
                return state;
            }
        }
        Review after = review.with(new Decision(reviewer.person(), clock.instant(), approved, message));
        NamespaceState decided = store(path, state, after);
        audit.decided(path, after);
        return decided;
    }

    private NamespaceState store(NamespacePath path, NamespaceState state, Review review) {
        try {
            ensemble.commit(zookeeper -> List.of(
                    zookeeper
                            .transactionOp()
                            .check()
                            .withVersion((int) state.revision())
                            .forPath(path.draft()),
                    documents.step(zookeeper, Review.node(path), state.guards().review(), review)));
            return state.with(new Stored<>(
                    review,
                    state.guards().review().map(last -> last.version() + 1).orElse(0)));
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            throw new Problem(ConfigProblem.STALE_REVISION, "Another change or decision got in between.");
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }
}
