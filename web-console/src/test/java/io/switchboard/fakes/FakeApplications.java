package io.switchboard.fakes;

import io.switchboard.contracts.config.ApplicationsApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.fakes.FakeConfig.Place;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** Which applications {@link FakeConfig} knows; no client reads any. */
@RestController
public class FakeApplications implements ApplicationsApi {

    private final FakeConfig config;

    FakeApplications(FakeConfig config) {
        this.config = config;
    }

    @Override
    public List<ApplicationView> applications(
            @Nullable String after, @Nullable String tenant, @Nullable Caller caller) {
        Map<String, List<Place>> byName = config.drafts(tenant(tenant, caller)).keySet().stream()
                .filter(place -> after == null || place.application().compareTo(after) > 0)
                .collect(Collectors.groupingBy(Place::application, TreeMap::new, Collectors.toList()));
        return byName.entrySet().stream()
                .map(one -> new ApplicationView(one.getKey(), stages(one.getValue())))
                .limit(100)
                .toList();
    }

    private static List<StageView> stages(List<Place> places) {
        Map<String, Long> byStage =
                places.stream().collect(Collectors.groupingBy(Place::stage, TreeMap::new, Collectors.counting()));
        return byStage.entrySet().stream()
                .map(stage -> new StageView(stage.getKey(), stage.getValue().intValue(), 0, Optional.of(Instant.now())))
                .toList();
    }

    private static String tenant(@Nullable String tenant, @Nullable Caller caller) {
        return FakeOrders.signedIn(caller).tenant().orElseGet(() -> String.valueOf(tenant));
    }

    @Override
    public void delete(String application, @Nullable String tenant, @Nullable Caller caller) {
        config.forget(FakeStages.tenant(caller), application);
    }
}
