package io.switchboard.console.config;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.console.session.Viewer;
import io.switchboard.contracts.config.CanaryApi;
import io.switchboard.contracts.config.CanaryApi.AbandonmentRequest;
import io.switchboard.contracts.config.CanaryApi.CanaryDetails;
import io.switchboard.contracts.config.CanaryApi.CanaryRequest;
import io.switchboard.contracts.config.CanaryApi.PromotionRequest;
import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.config.ConfigApi.Format;
import io.switchboard.contracts.config.ConfigApi.ItemsRequest;
import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.config.ConfigApi.PublishRequest;
import io.switchboard.contracts.config.ConfigApi.ReleaseView;
import io.switchboard.contracts.config.ConfigApi.RollbackRequest;
import io.switchboard.contracts.config.FreezeApi.FreezeView;
import io.switchboard.contracts.config.HistoryApi;
import io.switchboard.contracts.config.HistoryApi.DraftView;
import io.switchboard.contracts.config.InheritanceApi;
import io.switchboard.contracts.config.InheritanceApi.EffectiveItem;
import io.switchboard.contracts.config.InheritanceApi.EffectiveView;
import io.switchboard.contracts.config.ReviewApi;
import io.switchboard.contracts.config.ReviewApi.DecisionRequest;
import io.switchboard.contracts.config.ReviewApi.ReviewView;
import io.switchboard.contracts.config.ReviewApi.StageRulesRequest;
import io.switchboard.contracts.config.ReviewApi.StageRulesView;
import io.switchboard.contracts.config.ReviewApi.SubmitRequest;
import io.switchboard.contracts.config.ScheduleApi;
import io.switchboard.contracts.config.ScheduleApi.ScheduleRequest;
import io.switchboard.contracts.config.ScheduleApi.ScheduledView;
import io.switchboard.contracts.config.SecretsApi;
import io.switchboard.contracts.config.SecretsApi.SecretView;
import io.switchboard.contracts.config.SecretsApi.SecretsRequest;
import io.switchboard.contracts.config.ValidationApi;
import io.switchboard.contracts.config.ValidationApi.CheckView;
import io.switchboard.contracts.ordering.InstanceView;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The one namespace of an instance that the console edits: stage {@code prod}, namespace {@code application}. */
@Component
class Configurations {

    private static final String STAGE = "prod";
    private static final String NAMESPACE = "application";

    private final ConfigApi config;
    private final HistoryApi history;
    private final ReviewApi reviews;
    private final ScheduleApi schedules;
    private final CanaryApi canaries;
    private final InheritanceApi inheritance;
    private final SecretsApi secrets;
    private final ValidationApi validation;

    Configurations(
            ConfigApi config,
            HistoryApi history,
            ReviewApi reviews,
            ScheduleApi schedules,
            CanaryApi canaries,
            InheritanceApi inheritance,
            SecretsApi secrets,
            ValidationApi validation) {
        this.config = config;
        this.history = history;
        this.reviews = reviews;
        this.schedules = schedules;
        this.canaries = canaries;
        this.inheritance = inheritance;
        this.secrets = secrets;
        this.validation = validation;
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
                    List.of(),
                    Format.PROPERTIES,
                    Optional.empty(),
                    Optional.empty());
        }
    }

    ConfigPage page(InstanceView instance) {
        NamespaceView namespace = read(instance);
        ReviewView review = reviews.review(instance.name(), STAGE, NAMESPACE, tenant(instance), null);
        if (namespace.revision() == 0 && namespace.release().isEmpty()) {
            return ConfigPage.of(
                    namespace,
                    new DraftView(0, List.of(), Optional.empty(), Optional.empty()),
                    List.of(),
                    review,
                    List.of(),
                    List.of());
        }
        return ConfigPage.of(
                namespace,
                history.draft(instance.name(), STAGE, NAMESPACE, tenant(instance), null),
                history.blame(instance.name(), STAGE, NAMESPACE, tenant(instance), null),
                review,
                releases(instance),
                config.clients(instance.name(), STAGE, NAMESPACE, tenant(instance), null));
    }

    /** Newest first. */
    List<ReleaseView> releases(InstanceView instance) {
        return config.releases(instance.name(), STAGE, NAMESPACE, tenant(instance), null);
    }

    void change(
            InstanceView instance,
            long revision,
            Map<String, @Nullable String> items,
            Map<String, @Nullable String> comments) {
        config.putItems(
                instance.name(),
                STAGE,
                NAMESPACE,
                new ItemsRequest(items, revision, comments.isEmpty() ? null : comments),
                tenant(instance),
                null);
    }

    /** What is encrypted in the draft; without its values. */
    List<SecretView> secrets(InstanceView instance) {
        return secrets.secrets(instance.name(), STAGE, NAMESPACE, tenant(instance), null);
    }

    /** @param value null to take it out */
    void encrypt(InstanceView instance, String key, @Nullable String value) {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put(key, value);
        secrets.putSecrets(
                instance.name(), STAGE, NAMESPACE, new SecretsRequest(changes, null), tenant(instance), null);
    }

    /** Takes encrypted items out; the draft's new revision. */
    long takeOut(InstanceView instance, List<String> keys, long revision) {
        Map<String, @Nullable String> changes = new HashMap<>();
        keys.forEach(key -> changes.put(key, null));
        return secrets.putSecrets(
                        instance.name(),
                        STAGE,
                        NAMESPACE,
                        new SecretsRequest(changes, revision),
                        tenant(instance),
                        null)
                .revision();
    }

    /** What the application would say to the draft. */
    CheckView check(InstanceView instance) {
        return validation.check(instance.name(), STAGE, NAMESPACE, tenant(instance), null);
    }

    /**
     * @param again whether also what a rollback took back
     * @param override why a freeze is not heeded, or null to heed it
     * @param accept why what the check finds wrong is right, or null to heed it
     */
    void publish(
            InstanceView instance,
            long revision,
            String message,
            boolean again,
            @Nullable String override,
            @Nullable String accept,
            @Nullable Set<String> only) {
        config.publish(
                instance.name(),
                STAGE,
                NAMESPACE,
                new PublishRequest(message, revision, again, override, accept, only),
                tenant(instance),
                null);
    }

    /**
     * A new release of what the earlier one held.
     *
     * @param discard the draft's revision to put it back too, or null to leave it
     * @param override as with {@link #publish}
     */
    void rollBack(
            InstanceView instance,
            long from,
            long to,
            String message,
            @Nullable Long discard,
            @Nullable String override) {
        config.rollBack(
                instance.name(),
                STAGE,
                NAMESPACE,
                new RollbackRequest(from, to, message, discard, override),
                tenant(instance),
                null);
    }

    Optional<FreezeView> freeze(InstanceView instance) {
        return history.draft(instance.name(), STAGE, NAMESPACE, tenant(instance), null)
                .freeze();
    }

    /** @param from a release's number, {@code draft}, {@code current} or {@code empty}; so is the other */
    List<ChangeRow> difference(InstanceView instance, String from, String to) {
        return config.diff(instance.name(), STAGE, NAMESPACE, from, to, true, tenant(instance), null).stream()
                .map(ChangeRow::of)
                .toList();
    }

    /** What waits, the next first, then what is over, the last first. */
    List<ScheduledView> scheduled(InstanceView instance) {
        return schedules.scheduled(instance.name(), STAGE, tenant(instance), null);
    }

    /** @param id new for each release */
    void schedule(InstanceView instance, String id, ScheduleRequest request) {
        schedules.schedule(instance.name(), STAGE, id, request, tenant(instance), null);
    }

    ScheduleRequest toSchedule(Instant at, long revision, String message, boolean again, @Nullable String override) {
        return new ScheduleRequest(at, Map.of(NAMESPACE, revision), message, again, override);
    }

    void cancel(InstanceView instance, String id) {
        schedules.cancel(instance.name(), STAGE, id, tenant(instance), null);
    }

    /** What applications see that comes from other namespaces, or overrides it; none if it inherits nothing. */
    List<EffectiveItem> inherited(InstanceView instance) {
        EffectiveView view = inheritance.effective(instance.name(), STAGE, NAMESPACE, false, tenant(instance), null);
        return view.items().stream()
                .filter(item -> !item.source().equals(view.sources().getFirst())
                        || !item.overrides().isEmpty())
                .toList();
    }

    /** The one that runs, or else the last one; empty if there never was one. */
    Optional<CanaryDetails> canary(InstanceView instance) {
        return canaries.canaries(instance.name(), STAGE, tenant(instance), null).stream()
                .filter(canary -> canary.releases().containsKey(NAMESPACE))
                .findFirst()
                .map(canary -> canaries.canary(instance.name(), STAGE, canary.id(), tenant(instance), null));
    }

    /** @param id new for each canary */
    void startCanary(
            InstanceView instance,
            String id,
            long revision,
            CanaryApi.Choice choice,
            String message,
            boolean again,
            @Nullable String override,
            @Nullable String accept) {
        var request = new CanaryRequest(Map.of(NAMESPACE, revision), choice, message, null, again, override, accept);
        canaries.start(instance.name(), STAGE, id, request, tenant(instance), null);
    }

    void chooseForCanary(InstanceView instance, String id, CanaryApi.Choice choice) {
        canaries.choose(instance.name(), STAGE, id, choice, tenant(instance), null);
    }

    void promoteCanary(InstanceView instance, String id) {
        canaries.promote(instance.name(), STAGE, id, new PromotionRequest(null), tenant(instance), null);
    }

    void abandonCanary(InstanceView instance, String id, String reason) {
        canaries.abandon(instance.name(), STAGE, id, new AbandonmentRequest(reason), tenant(instance), null);
    }

    void submit(InstanceView instance, long revision, String message) {
        reviews.submit(instance.name(), STAGE, NAMESPACE, new SubmitRequest(revision, message), tenant(instance), null);
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
