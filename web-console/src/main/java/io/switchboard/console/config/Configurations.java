package io.switchboard.console.config;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.config.CanaryApi;
import io.switchboard.contracts.config.CanaryApi.AbandonmentRequest;
import io.switchboard.contracts.config.CanaryApi.CanaryDetails;
import io.switchboard.contracts.config.CanaryApi.CanaryRequest;
import io.switchboard.contracts.config.CanaryApi.ChoiceRequest;
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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** One namespace of an instance, and what the config center does with it for the viewer. */
@Component
class Configurations {

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
    NamespaceView read(Namespace namespace) {
        try {
            return config.namespace(
                    namespace.application(), namespace.stage(), namespace.name(), namespace.tenant(), null);
        } catch (RemoteProblem problem) {
            if (!problem.isNotFound()) {
                throw problem;
            }
            return new NamespaceView(
                    namespace.instance().tenant(),
                    namespace.application(),
                    namespace.stage(),
                    namespace.name(),
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

    ConfigPage page(Namespace namespace) {
        NamespaceView view = read(namespace);
        ReviewView review =
                reviews.review(namespace.application(), namespace.stage(), namespace.name(), namespace.tenant(), null);
        if (view.revision() == 0 && view.release().isEmpty()) {
            return ConfigPage.of(
                    view,
                    new DraftView(0, List.of(), Optional.empty(), Optional.empty()),
                    List.of(),
                    review,
                    List.of(),
                    List.of());
        }
        return ConfigPage.of(
                view,
                history.draft(namespace.application(), namespace.stage(), namespace.name(), namespace.tenant(), null),
                history.blame(namespace.application(), namespace.stage(), namespace.name(), namespace.tenant(), null),
                review,
                releases(namespace),
                config.clients(namespace.application(), namespace.stage(), namespace.name(), namespace.tenant(), null));
    }

    /** Newest first. */
    List<ReleaseView> releases(Namespace namespace) {
        return config.releases(namespace.application(), namespace.stage(), namespace.name(), namespace.tenant(), null);
    }

    void change(
            Namespace namespace,
            long revision,
            Map<String, @Nullable String> items,
            Map<String, @Nullable String> comments) {
        config.putItems(
                namespace.application(),
                namespace.stage(),
                namespace.name(),
                new ItemsRequest(items, revision, comments.isEmpty() ? null : comments),
                namespace.tenant(),
                null);
    }

    /** What is encrypted in the draft; without its values. */
    List<SecretView> secrets(Namespace namespace) {
        return secrets.secrets(namespace.application(), namespace.stage(), namespace.name(), namespace.tenant(), null);
    }

    /** @param value null to take it out */
    void encrypt(Namespace namespace, String key, @Nullable String value) {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put(key, value);
        secrets.putSecrets(
                namespace.application(),
                namespace.stage(),
                namespace.name(),
                new SecretsRequest(changes, null),
                namespace.tenant(),
                null);
    }

    /** Takes encrypted items out; the draft's new revision. */
    long takeOut(Namespace namespace, List<String> keys, long revision) {
        Map<String, @Nullable String> changes = new HashMap<>();
        keys.forEach(key -> changes.put(key, null));
        return secrets.putSecrets(
                        namespace.application(),
                        namespace.stage(),
                        namespace.name(),
                        new SecretsRequest(changes, revision),
                        namespace.tenant(),
                        null)
                .revision();
    }

    /** What the application would say to the draft. */
    CheckView check(Namespace namespace) {
        return validation.check(namespace.application(), namespace.stage(), namespace.name(), namespace.tenant(), null);
    }

    /**
     * @param again whether also what a rollback took back
     * @param override why a freeze is not heeded, or null to heed it
     * @param accept why what the check finds wrong is right, or null to heed it
     */
    void publish(
            Namespace namespace,
            long revision,
            String message,
            boolean again,
            @Nullable String override,
            @Nullable String accept,
            @Nullable Set<String> only) {
        config.publish(
                namespace.application(),
                namespace.stage(),
                namespace.name(),
                new PublishRequest(message, revision, again, override, accept, only),
                namespace.tenant(),
                null);
    }

    /**
     * A new release of what the earlier one held.
     *
     * @param discard the draft's revision to put it back too, or null to leave it
     * @param override as with {@link #publish}
     */
    void rollBack(
            Namespace namespace,
            long from,
            long to,
            String message,
            @Nullable Long discard,
            @Nullable String override) {
        config.rollBack(
                namespace.application(),
                namespace.stage(),
                namespace.name(),
                new RollbackRequest(from, to, message, discard, override),
                namespace.tenant(),
                null);
    }

    Optional<FreezeView> freeze(Namespace namespace) {
        return history.draft(namespace.application(), namespace.stage(), namespace.name(), namespace.tenant(), null)
                .freeze();
    }

    /** @param from a release's number, {@code draft}, {@code current} or {@code empty}; so is the other */
    List<ChangeRow> difference(Namespace namespace, String from, String to) {
        return config
                .diff(
                        namespace.application(),
                        namespace.stage(),
                        namespace.name(),
                        from,
                        to,
                        true,
                        namespace.tenant(),
                        null)
                .stream()
                .map(ChangeRow::of)
                .toList();
    }

    /** What waits, the next first, then what is over, the last first. */
    List<ScheduledView> scheduled(Namespace namespace) {
        return schedules.scheduled(namespace.application(), namespace.stage(), namespace.tenant(), null).stream()
                .filter(scheduled -> scheduled.revisions().containsKey(namespace.name()))
                .toList();
    }

    /** @param id new for each release */
    void schedule(
            Namespace namespace,
            String id,
            Instant at,
            long revision,
            String message,
            boolean again,
            @Nullable String override) {
        var request = new ScheduleRequest(at, Map.of(namespace.name(), revision), message, again, override);
        schedules.schedule(namespace.application(), namespace.stage(), id, request, namespace.tenant(), null);
    }

    void cancel(Namespace namespace, String id) {
        schedules.cancel(namespace.application(), namespace.stage(), id, namespace.tenant(), null);
    }

    /** What clients read now. */
    EffectivePart effective(Namespace namespace) {
        return EffectivePart.of(inheritance.effective(
                namespace.application(), namespace.stage(), namespace.name(), false, namespace.tenant(), null));
    }

    /** The one that runs, or else the last one; empty if there never was one. */
    Optional<CanaryDetails> canary(Namespace namespace) {
        return canaries.canaries(namespace.application(), namespace.stage(), namespace.tenant(), null).stream()
                .filter(canary -> canary.releases().containsKey(namespace.name()))
                .findFirst()
                .map(canary -> canaries.canary(
                        namespace.application(), namespace.stage(), canary.id(), namespace.tenant(), null));
    }

    /** @param id new for each canary */
    void startCanary(
            Namespace namespace,
            String id,
            long revision,
            CanaryApi.Choice choice,
            String message,
            boolean again,
            @Nullable String override,
            @Nullable String accept) {
        var request =
                new CanaryRequest(Map.of(namespace.name(), revision), choice, message, null, again, override, accept);
        canaries.start(namespace.application(), namespace.stage(), id, request, namespace.tenant(), null);
    }

    /** @param override as with {@link #publish} */
    void chooseForCanary(Namespace namespace, String id, CanaryApi.Choice choice, @Nullable String override) {
        var request = ChoiceRequest.of(choice, override);
        canaries.choose(namespace.application(), namespace.stage(), id, request, namespace.tenant(), null);
    }

    /** @param override as with {@link #publish} */
    void promoteCanary(Namespace namespace, String id, @Nullable String override) {
        canaries.promote(
                namespace.application(),
                namespace.stage(),
                id,
                new PromotionRequest(override),
                namespace.tenant(),
                null);
    }

    void abandonCanary(Namespace namespace, String id, String reason) {
        canaries.abandon(
                namespace.application(),
                namespace.stage(),
                id,
                new AbandonmentRequest(reason),
                namespace.tenant(),
                null);
    }

    void submit(Namespace namespace, long revision, String message) {
        reviews.submit(
                namespace.application(),
                namespace.stage(),
                namespace.name(),
                new SubmitRequest(revision, message),
                namespace.tenant(),
                null);
    }

    void decide(Namespace namespace, long revision, boolean approved, String message) {
        reviews.decide(
                namespace.application(),
                namespace.stage(),
                namespace.name(),
                new DecisionRequest(revision, approved, message),
                namespace.tenant(),
                null);
    }

    StageRulesView rules(Namespace namespace) {
        return reviews.rules(namespace.application(), namespace.stage(), namespace.tenant(), null);
    }

    void setRules(Namespace namespace, StageRulesRequest rules) {
        reviews.putRules(namespace.application(), namespace.stage(), rules, namespace.tenant(), null);
    }
}
