package io.switchboard.console.config;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.console.session.Viewer;
import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.config.ConfigApi.ItemsRequest;
import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.config.ConfigApi.PublishRequest;
import io.switchboard.contracts.config.ConfigApi.RollbackRequest;
import io.switchboard.contracts.config.ReviewApi;
import io.switchboard.contracts.config.ReviewApi.DecisionRequest;
import io.switchboard.contracts.config.ReviewApi.ReviewView;
import io.switchboard.contracts.config.ReviewApi.StageRulesRequest;
import io.switchboard.contracts.config.ReviewApi.StageRulesView;
import io.switchboard.contracts.config.ReviewApi.SubmitRequest;
import io.switchboard.contracts.ordering.InstanceView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The one namespace of an instance that the console edits: stage {@code prod}, namespace {@code application}. */
@Component
class Configurations {

    private static final String STAGE = "prod";
    private static final String NAMESPACE = "application";

    private final ConfigApi config;
    private final ReviewApi reviews;

    Configurations(ConfigApi config, ReviewApi reviews) {
        this.config = config;
        this.reviews = reviews;
    }

    /** An instance nobody configured yet has an empty draft. */
    NamespaceView read(InstanceView instance) {
        try {
            return config.namespace(instance.name(), STAGE, NAMESPACE, tenant(instance), null);
        } catch (RemoteProblem problem) {
            if (!problem.isNotFound()) {
                throw problem;
            }
            return new NamespaceView(
                    instance.tenant(),
                    instance.name(),
                    STAGE,
                    NAMESPACE,
                    0,
                    Map.of(),
                    Map.of(),
                    Optional.empty(),
                    List.of());
        }
    }

    ConfigPage page(InstanceView instance) {
        NamespaceView namespace = read(instance);
        if (namespace.revision() == 0 && namespace.release().isEmpty()) {
            return ConfigPage.of(namespace, review(instance), List.of(), List.of());
        }
        return ConfigPage.of(
                namespace,
                review(instance),
                config.releases(instance.name(), STAGE, NAMESPACE, tenant(instance), null),
                config.clients(instance.name(), STAGE, NAMESPACE, tenant(instance), null));
    }

    void change(InstanceView instance, long revision, Map<String, @Nullable String> items) {
        config.putItems(instance.name(), STAGE, NAMESPACE, new ItemsRequest(items, revision), tenant(instance), null);
    }

    void publish(InstanceView instance, long revision, String message) {
        config.publish(
                instance.name(), STAGE, NAMESPACE, new PublishRequest(message, revision), tenant(instance), null);
    }

    /** A new release of what the earlier one held; the draft stays. */
    void rollBack(InstanceView instance, long from, long to, String message) {
        config.rollBack(
                instance.name(), STAGE, NAMESPACE, new RollbackRequest(from, to, message), tenant(instance), null);
    }

    /** What a rollback would change for clients. */
    List<Change> difference(InstanceView instance, long from, long to) {
        return config.diff(
                instance.name(), STAGE, NAMESPACE, String.valueOf(from), String.valueOf(to), tenant(instance), null);
    }

    private ReviewView review(InstanceView instance) {
        return reviews.review(instance.name(), STAGE, NAMESPACE, tenant(instance), null);
    }

    void submit(InstanceView instance, long revision, String message) {
        reviews.submit(
                instance.name(), STAGE, NAMESPACE, new SubmitRequest(revision, message), tenant(instance), null);
    }

    void decide(InstanceView instance, long revision, boolean approved, String message) {
        reviews.decide(
                instance.name(),
                STAGE,
                NAMESPACE,
                new DecisionRequest(revision, approved, message),
                tenant(instance),
                null);
    }

    StageRulesView rules(InstanceView instance) {
        return reviews.rules(instance.name(), STAGE, tenant(instance), null);
    }

    void setRules(InstanceView instance, StageRulesRequest rules) {
        reviews.putRules(instance.name(), STAGE, rules, tenant(instance), null);
    }

    private static @Nullable String tenant(InstanceView instance) {
        return Viewer.current()
                .flatMap(viewer -> viewer.naming(instance.tenant()))
                .orElse(null);
    }
}
