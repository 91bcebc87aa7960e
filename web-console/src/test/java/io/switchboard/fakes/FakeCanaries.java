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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** One canary of each application; its first client runs it at once. */
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
        return Optional.ofNullable(canaries.get(application)).stream().toList();
    }

    @Override
    public synchronized CanaryDetails canary(
            String application, String stage, String id, @Nullable String tenant, @Nullable Caller caller) {
        CanaryView canary = Objects.requireNonNull(canaries.get(application));
        List<ClientView> clients = config.clients(application, stage, "application", tenant, caller);
        return new CanaryDetails(
                canary,
                canary.state() == CanaryState.RUNNING
                        ? clients.stream()
                                .map(client -> new CanaryClient(
                                        "application",
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
        return put(
                application,
                id,
                request.choice(),
                FakeOrders.signedIn(caller).subject(),
                CanaryState.RUNNING,
                Optional.empty());
    }

    @Override
    public synchronized CanaryView choose(
            String application,
            String stage,
            String id,
            @RequestBody Choice choice,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return put(application, id, choice, by(application), CanaryState.RUNNING, Optional.empty());
    }

    @Override
    public synchronized CanaryView promote(
            String application,
            String stage,
            String id,
            @RequestBody PromotionRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return put(application, id, choice(application), by(application), CanaryState.PROMOTED, Optional.empty());
    }

    @Override
    public synchronized CanaryView abandon(
            String application,
            String stage,
            String id,
            @RequestBody AbandonmentRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return put(
                application,
                id,
                choice(application),
                by(application),
                CanaryState.ABANDONED,
                Optional.ofNullable(request.reason()));
    }

    private Choice choice(String application) {
        return Objects.requireNonNull(canaries.get(application)).choice();
    }

    private String by(String application) {
        return Objects.requireNonNull(canaries.get(application)).by();
    }

    private CanaryView put(
            String application, String id, Choice choice, String by, CanaryState state, Optional<String> reason) {
        Instant now = Instant.now();
        CanaryView running = CanaryView.begun(id, choice, new TreeMap<>(Map.of("application", 3L)), "", by, now, 60)
                .proven(Optional.of(now));
        CanaryView canary = state == CanaryState.RUNNING ? running : running.ended(state, now, Optional.of(by), reason);
        canaries.put(application, canary);
        return canary;
    }
}
