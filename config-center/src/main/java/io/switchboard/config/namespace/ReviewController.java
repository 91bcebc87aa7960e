package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ReviewApi;
import io.switchboard.contracts.identity.Caller;
import jakarta.validation.Valid;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ReviewController implements ReviewApi {

    private final Namespaces namespaces;
    private final Rules rules;
    private final Reviews reviews;
    private final Audit audit;

    ReviewController(Namespaces namespaces, Rules rules, Reviews reviews, Audit audit) {
        this.namespaces = namespaces;
        this.rules = rules;
        this.reviews = reviews;
        this.audit = audit;
    }

    @Override
    public StageRulesView rules(String application, String stage, @Nullable String tenant, @Nullable Caller caller) {
        return view(rules.read(Callers.stage(caller, tenant, application, stage)));
    }

    @Override
    public StageRulesView putRules(
            String application,
            String stage,
            @Valid StageRulesRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.stage(caller, tenant, application, stage);
        Rules.Counted before = rules.read(path);
        Rules.Counted after = rules.write(
                path,
                new StageRules(request.review(), new TreeSet<>(request.publishers())),
                request.version(),
                Callers.known(caller));
        if (after.version() != before.version()) {
            audit.rulesChanged(path, Callers.actor(caller), after.rules());
        }
        return view(after);
    }

    @Override
    public ReviewView review(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return view(
                namespaces.read(Callers.namespace(caller, tenant, application, stage, namespace)),
                Callers.known(caller));
    }

    @Override
    public ReviewView submit(
            String application,
            String stage,
            String namespace,
            @Valid SubmitRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        NamespaceState state =
                reviews.submit(path, request.revision(), Callers.known(caller), ItemRules.message(request.message()));
        return view(state, Callers.known(caller));
    }

    @Override
    public ReviewView decide(
            String application,
            String stage,
            String namespace,
            @Valid DecisionRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        NamespaceState state = reviews.decide(
                path,
                request.revision(),
                request.approved(),
                Callers.known(caller),
                ItemRules.message(request.message()));
        return view(state, Callers.known(caller));
    }

    private static StageRulesView view(Rules.Counted counted) {
        return new StageRulesView(
                counted.version(),
                counted.rules().review(),
                List.copyOf(counted.rules().publishers()));
    }

    private static ReviewView view(NamespaceState state, Caller caller) {
        boolean mayPublish = state.rules().letPublish(caller);
        boolean undecided = state.review()
                .filter(review -> review.state() == ReviewState.SUBMITTED)
                .isPresent();
        return new ReviewView(
                state.rules().review(),
                state.revision(),
                state.review().map(Review::state).orElse(ReviewState.NONE),
                state.authorsOfChanges(),
                state.review().map(Review::submission),
                state.review().flatMap(Review::decision),
                mayPublish,
                mayPublish && undecided && !PublishRules.isOwn(state, caller));
    }
}
