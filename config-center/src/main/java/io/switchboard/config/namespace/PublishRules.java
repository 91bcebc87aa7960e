package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.FreezeApi.FreezeView;
import io.switchboard.contracts.config.ReviewApi.ReviewState;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether a stage's rules let somebody publish, and decide about somebody else's draft. */
final class PublishRules {

    private PublishRules() {}

    static void checkPublisher(StageRules rules, Caller caller) {
        if (!rules.letPublish(caller)) {
            throw new Problem(
                    ConfigProblem.NOT_A_PUBLISHER,
                    "This stage has publishers, and '" + caller.person() + "' is none of them.");
        }
    }

    static void checkChanged(NamespacePath path, NamespaceState state) {
        if (state.pending().isEmpty()) {
            throw new Problem(
                    ConfigProblem.NOTHING_TO_PUBLISH,
                    "The draft of '" + path.namespace() + "' is what release " + state.number() + " holds.",
                    Map.of("namespace", path.namespace()));
        }
    }

    static void checkReleased(NamespacePath path, NamespaceState state) {
        if (state.release().isEmpty()) {
            throw new Problem(
                    ConfigProblem.NO_RELEASE_YET,
                    "Nothing was published in '" + path.namespace() + "' yet.",
                    Map.of("namespace", path.namespace()));
        }
    }

    static void checkNoCanary(NamespacePath path, NamespaceState state) {
        if (state.canary().isPresent()) {
            throw new Problem(
                    ConfigProblem.CANARY_RUNS,
                    "The canary '" + state.canary().get().id() + "' runs in '" + path.namespace() + "'.",
                    Map.of(
                            "namespace",
                            path.namespace(),
                            "canary",
                            state.canary().get().id()));
        }
    }

    /** What is published alone must wait in the draft, and nobody approves a part. */
    static void checkPart(NamespacePath path, NamespaceState draft, Set<String> only) {
        if (only.isEmpty()) {
            return;
        }
        Set<String> others = new TreeSet<>(only);
        others.removeAll(draft.pending());
        if (!others.isEmpty()) {
            throw new Problem(
                    ConfigProblem.NOT_PENDING,
                    "The draft of '" + path.namespace() + "' doesn't change the items named in 'keys'.",
                    Map.of("namespace", path.namespace(), "keys", others));
        }
        if (draft.rules().review()) {
            throw new Problem(
                    ConfigProblem.REVIEW_NEEDED,
                    "This stage asks for approval of the draft of '" + path.namespace()
                            + "' as a whole, so no part of it is published alone.",
                    Map.of("namespace", path.namespace()));
        }
    }

    static void checkReview(NamespacePath path, NamespaceState state) {
        ReviewState review = state.review().map(Review::state).orElse(ReviewState.NONE);
        if (state.rules().review() && review != ReviewState.APPROVED) {
            String standing = switch (review) {
                case NONE -> "nobody asked for a review of it as it is";
                case SUBMITTED -> "it waits for a decision";
                case REJECTED -> "it was rejected";
                case APPROVED -> "it was approved";
            };
            throw new Problem(
                    ConfigProblem.REVIEW_NEEDED,
                    "The draft of '" + path.namespace() + "' needs another user's approval, and " + standing + ".",
                    Map.of("namespace", path.namespace(), "review", review.name()));
        }
    }

    /** @throws Problem {@link ConfigProblem#REVIEW_NEEDED} if the stage asks for a review since it was started without one */
    static void checkReviewed(NamespacePath path, NamespaceState state, CanaryLog.Entry canary) {
        if (state.rules().review() && !canary.reviewed().orElse(true)) {
            throw new Problem(
                    ConfigProblem.REVIEW_NEEDED,
                    "The canary '" + canary.canary().id()
                            + "' was started before this stage asked for reviews: abandon it and"
                            + " start another one.",
                    Map.of("namespace", path.namespace()));
        }
    }

    static void checkTakenBack(NamespacePath path, NamespaceState state, SortedSet<String> takenBack) {
        if (!takenBack.isEmpty()) {
            throw new Problem(
                    ConfigProblem.TAKEN_BACK,
                    "The draft of '" + path.namespace() + "' would bring again what was taken back: by release "
                            + state.number() + " or by the end of a canary.",
                    Map.of("namespace", path.namespace(), "release", state.number(), "keys", takenBack));
        }
    }

    /**
     * The freeze that holds and is overridden, empty if none holds.
     *
     * @param known ids of those that the override is about; empty for whichever hold
     */
    static Optional<Releases.Overridden> checkFreeze(
            NamespacePath path,
            NamespaceState state,
            Instant now,
            @Nullable String override,
            Optional<? extends Set<String>> known) {
        Set<String> unknown = state.freezes().allHolding(path.application(), now);
        known.ifPresent(unknown::removeAll);
        boolean overrides = override != null && !override.isBlank() && (known.isEmpty() || unknown.isEmpty());
        Optional<FreezeView> freeze = state.freezes().holding(path.application(), now);
        if (freeze.isPresent() && !overrides) {
            throw new Problem(
                    ConfigProblem.FROZEN,
                    "'" + freeze.get().by() + "' froze this stage: "
                            + sentence(freeze.get().reason()),
                    Map.of(
                            "namespace", path.namespace(),
                            "freeze", freeze.get().id(),
                            "until", freeze.get().until()));
        }
        return freeze.map(holding -> new Releases.Overridden(holding, String.valueOf(override)));
    }

    private static String sentence(String reason) {
        return reason.endsWith(".") ? reason : reason + ".";
    }

    /** Whether the draft is also this user's work, who may then not decide about it. */
    static boolean isOwn(NamespaceState state, Caller caller) {
        return state.authorsOfChanges().containsValue(caller.person())
                || state.review()
                        .filter(review -> review.submission().by().equals(caller.person()))
                        .isPresent();
    }
}
