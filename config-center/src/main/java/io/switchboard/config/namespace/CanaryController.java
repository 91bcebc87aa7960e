package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.CanaryApi;
import io.switchboard.contracts.identity.Caller;
import jakarta.validation.Valid;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CanaryController implements CanaryApi {

    private static final int CONFIRM_SECONDS = 60;

    private final Canaries canaries;
    private final CanaryEnds ends;

    CanaryController(Canaries canaries, CanaryEnds ends) {
        this.canaries = canaries;
        this.ends = ends;
    }

    @Override
    public List<CanaryView> canaries(
            String application, String stage, @Nullable String tenant, @Nullable Caller caller) {
        return canaries.list(Callers.stage(caller, tenant, application, stage));
    }

    @Override
    public CanaryDetails canary(
            String application, String stage, String id, @Nullable String tenant, @Nullable Caller caller) {
        return canaries.details(Callers.stage(caller, tenant, application, stage), id);
    }

    @Override
    public CanaryView start(
            String application,
            String stage,
            String id,
            @Valid CanaryRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.stage(caller, tenant, application, stage);
        Callers.checkId(id);
        var revisions = new TreeMap<NamespacePath, Long>();
        request.revisions()
                .forEach((name, revision) ->
                        revisions.put(Callers.namespace(caller, tenant, application, stage, name), revision));
        var wish = new Releases.Publication(
                revisions,
                ItemRules.message(request.message()),
                Boolean.TRUE.equals(request.again()),
                ItemRules.reason(request.override()),
                ItemRules.reason(request.accept()));
        return CanaryActs.again(() -> canaries.start(
                path,
                id,
                wish,
                request.choice(),
                Objects.requireNonNullElse(request.confirmSeconds(), CONFIRM_SECONDS),
                Callers.known(caller)));
    }

    @Override
    public CanaryView choose(
            String application,
            String stage,
            String id,
            @Valid ChoiceRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return CanaryActs.again(() -> canaries.choose(
                Callers.stage(caller, tenant, application, stage),
                id,
                request.choice(),
                ItemRules.reason(request.override()),
                Callers.known(caller)));
    }

    @Override
    public CanaryView promote(
            String application,
            String stage,
            String id,
            @Valid PromotionRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return CanaryActs.again(() -> ends.promote(
                Callers.stage(caller, tenant, application, stage),
                id,
                ItemRules.reason(request.override()),
                Callers.known(caller)));
    }

    @Override
    public CanaryView abandon(
            String application,
            String stage,
            String id,
            @Valid AbandonmentRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return CanaryActs.again(() -> ends.abandon(
                Callers.stage(caller, tenant, application, stage),
                id,
                ItemRules.message(request.reason()),
                Callers.known(caller)));
    }
}
