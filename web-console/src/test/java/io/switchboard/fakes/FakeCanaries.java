package io.switchboard.fakes;

import io.switchboard.contracts.config.CanaryApi;
import io.switchboard.contracts.config.ConfigApi.ClientView;
import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** One canary of each stage of an application; its first client runs it at once. */
@RestController
public class FakeCanaries implements CanaryApi {

    private final Map<String, CanaryView> canaries = new HashMap<>();
    private final FakeConfig config;

    FakeCanaries(FakeConfig config) {
        this.config = config;
    }

    @Override
    public synchronized List<CanaryView> canaries(
            String application, String stage, @Nullable String tenant, @Nullable Caller caller) {
        return Optional.ofNullable(canaries.get(application + "/" + stage)).stream()
                .toList();
    }

    private CanaryView of(String application, String stage) {
        return Objects.requireNonNull(canaries.get(application + "/" + stage));
    }

    @Override
    public synchronized CanaryDetails canary(
            String application, String stage, String id, @Nullable String tenant, @Nullable Caller caller) {
        CanaryView canary = of(application, stage);
        String namespace = canary.releases().firstKey();
        List<ClientView> clients = config.clients(application, stage, namespace, tenant, caller);
        return new CanaryDetails(
                canary,
                canary.state() == CanaryState.RUNNING
                        ? clients.stream()
                                .map(client -> new CanaryClient(
                                        namespace,
                                        client.client(),
                                        client.release(),
                                        client.client().endsWith("-0") ? ClientState.RUNS : ClientState.OTHER,
                                        Optional.empty()))
                                .toList()
                        : List.of());
    }

    @Override
    public synchronized CanaryView start(
            String application,
            String stage,
            String id,
            @RequestBody CanaryRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        config.checkFit(application, request.accept());
        SortedMap<String, Long> releases = new TreeMap<>();
        request.revisions().keySet().forEach(namespace -> releases.put(namespace, 3L));
        return put(
                application,
                stage,
                running(
                        id,
                        request.choice(),
                        releases,
                        FakeOrders.signedIn(caller).subject()));
    }

    @Override
    public synchronized CanaryView choose(
            String application,
            String stage,
            String id,
            @RequestBody ChoiceRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        CanaryView before = of(application, stage);
        checkFreeze(before, application, stage, request.override(), caller);
        return put(application, stage, running(id, request.choice(), before.releases(), before.by()));
    }

    @Override
    public synchronized CanaryView promote(
            String application,
            String stage,
            String id,
            @RequestBody PromotionRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        checkFreeze(of(application, stage), application, stage, request.override(), caller);
        return end(application, stage, CanaryState.PROMOTED, Optional.empty());
    }

    @Override
    public synchronized CanaryView abandon(
            String application,
            String stage,
            String id,
            @RequestBody AbandonmentRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return end(application, stage, CanaryState.ABANDONED, Optional.ofNullable(request.reason()));
    }

    private void checkFreeze(
            CanaryView canary, String application, String stage, @Nullable String override, @Nullable Caller caller) {
        canary.releases()
                .keySet()
                .forEach(namespace -> config.checkFreeze(application, stage, namespace, override, caller));
    }

    private CanaryView end(String application, String stage, CanaryState state, Optional<String> reason) {
        CanaryView before = of(application, stage);
        return put(application, stage, before.ended(state, Instant.now(), Optional.of(before.by()), reason));
    }

    private static CanaryView running(String id, Choice choice, SortedMap<String, Long> releases, String by) {
        Instant now = Instant.now();
        return CanaryView.begun(id, choice, releases, "", by, now, 60).proven(Optional.of(now));
    }

    private CanaryView put(String application, String stage, CanaryView canary) {
        canaries.put(application + "/" + stage, canary);
        return canary;
    }
}
