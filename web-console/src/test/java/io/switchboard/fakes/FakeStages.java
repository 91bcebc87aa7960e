package io.switchboard.fakes;

import io.switchboard.contracts.config.StagesApi;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** All drafts of {@link FakeConfig} at once. */
@RestController
public class FakeStages implements StagesApi {

    private final FakeConfig config;

    FakeStages(FakeConfig config) {
        this.config = config;
    }

    static String tenant(@Nullable Caller caller) {
        return FakeOrders.signedIn(caller).tenant().orElse("");
    }

    @Override
    public SearchAnswer search(
            String text,
            @Nullable String application,
            @Nullable String stage,
            @Nullable String cursor,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return new SearchAnswer(config.found(tenant(caller), text), Optional.empty());
    }

    @Override
    public List<DraftDifference> replace(
            @RequestBody ReplaceRequest request, @Nullable String tenant, @Nullable Caller caller) {
        return config.drafts(tenant(caller)).keySet().stream()
                .map(place -> new DraftDifference(
                        place.application(),
                        place.stage(),
                        place.namespace(),
                        1,
                        config.replaced(place, request.find(), request.replace(), request.revisions() != null)))
                .filter(difference -> !difference.changes().isEmpty())
                .toList();
    }

    @Override
    public List<DraftDifference> compare(
            String application, String from, String to, @Nullable String tenant, @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }

    @Override
    public List<DraftDifference> copy(CopyRequest request, @Nullable String tenant, @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }
}
