package io.switchboard.fakes;

import io.switchboard.contracts.config.ApplicationsApi;
import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
        return config.drafts(FakeStages.tenant(caller)).keySet().stream()
                .map(name ->
                        new ApplicationView(name, List.of(new StageView("prod", 1, 0, Optional.of(Instant.now())))))
                .toList();
    }

    @Override
    public void delete(String application, @Nullable String tenant, @Nullable Caller caller) {
        config.forget(FakeStages.tenant(caller), application);
    }
}
