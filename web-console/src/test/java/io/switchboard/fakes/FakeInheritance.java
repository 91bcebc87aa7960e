package io.switchboard.fakes;

import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.config.InheritanceApi;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** The application {@code heir} inherits one key and overrides another; no other one inherits anything. */
@RestController
public class FakeInheritance implements InheritanceApi {

    @Override
    public EffectiveView effective(
            String application,
            String stage,
            String namespace,
            boolean draft,
            @Nullable String tenant,
            @Nullable Caller caller) {
        var own = new Source(application, namespace, Optional.of(1L));
        if (!application.equals("heir")) {
            return new EffectiveView(List.of(own), List.of());
        }
        var common = new Source("common", "telephony", Optional.of(7L));
        return new EffectiveView(
                List.of(own, common),
                List.of(
                        new EffectiveItem("codec", "opus", Optional.empty(), common, List.of(), Optional.empty()),
                        new EffectiveItem("own", "1", Optional.empty(), own, List.of(), Optional.empty()),
                        new EffectiveItem(
                                "ring",
                                "20s",
                                Optional.empty(),
                                own,
                                List.of(new SourcedValue(common, "30s")),
                                Optional.empty())));
    }

    @Override
    public List<Change> effectiveDiff(
            String application,
            String stage,
            String namespace,
            boolean lines,
            @Nullable String tenant,
            @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }

    @Override
    public List<HeirView> heirs(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }
}
