package io.switchboard.fakes;

import io.switchboard.contracts.config.ReviewApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Rules and reviews in memory, over the drafts of {@link FakeConfig}. */
@RestController
public class FakeReviews implements ReviewApi {

    private final FakeConfig config;
    private final Map<String, StageRulesView> rules = new HashMap<>();
    private final Map<String, Asked> reviews = new HashMap<>();

    FakeReviews(FakeConfig config) {
        this.config = config;
    }

    private record Asked(long revision, Submission submission, Optional<Decision> decision) {}

    @Override
    public synchronized StageRulesView rules(
            String application, String stage, @Nullable String tenant, @Nullable Caller caller) {
        return rules.getOrDefault(application + "/" + stage, new StageRulesView(0, false, List.of()));
    }

    @Override
    public synchronized StageRulesView putRules(
            String application,
            String stage,
            @RequestBody StageRulesRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        StageRulesView before = rules(application, stage, tenant, caller);
        if (before.version() > 0 && FakeOrders.signedIn(caller).tenant().isPresent()) {
            throw new Problem(FakeProblem.RULES_IN_FORCE, "The stage has rules.");
        }
        rules.put(
                application + "/" + stage,
                new StageRulesView(before.version() + 1, request.review(), request.publishers()));
        return rules(application, stage, tenant, caller);
    }

    @Override
    public synchronized ReviewView review(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        Caller viewer = FakeOrders.signedIn(caller);
        var draft = config.namespace(application, stage, namespace, tenant, caller);
        Optional<Asked> asked = Optional.ofNullable(reviews.get(String.join("/", application, stage, namespace)))
                .filter(review -> review.revision() == draft.revision());
        boolean own = asked.filter(review -> review.submission().by().equals(viewer.subject()))
                .isPresent();
        Optional<Decision> decision = asked.flatMap(Asked::decision);
        return new ReviewView(
                rules(application, stage, tenant, caller).review(),
                draft.revision(),
                asked.isEmpty()
                        ? ReviewState.NONE
                        : decision.map(one -> one.approved() ? ReviewState.APPROVED : ReviewState.REJECTED)
                                .orElse(ReviewState.SUBMITTED),
                Map.of(),
                asked.map(Asked::submission),
                decision,
                true,
                asked.isPresent() && decision.isEmpty() && !own);
    }

    @Override
    public synchronized ReviewView submit(
            String application,
            String stage,
            String namespace,
            @RequestBody SubmitRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        String by = FakeOrders.signedIn(caller).subject();
        reviews.put(
                String.join("/", application, stage, namespace),
                new Asked(
                        request.revision(),
                        new Submission(by, Instant.now(), String.valueOf(request.message())),
                        Optional.empty()));
        return review(application, stage, namespace, tenant, caller);
    }

    @Override
    public synchronized ReviewView decide(
            String application,
            String stage,
            String namespace,
            @RequestBody DecisionRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        String by = FakeOrders.signedIn(caller).subject();
        reviews.computeIfPresent(
                String.join("/", application, stage, namespace),
                (name, asked) -> new Asked(
                        asked.revision(),
                        asked.submission(),
                        Optional.of(new Decision(
                                by, Instant.now(), request.approved(), String.valueOf(request.message())))));
        return review(application, stage, namespace, tenant, caller);
    }
}
