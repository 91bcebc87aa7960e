package io.switchboard.fakes;

import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.config.InheritanceApi;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The application {@code heir} inherits one key and overrides another; no other one inherits anything. {@code menu.yaml} has more keys
 * than a page shows, {@code broken.yaml} is none.
 */
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
        if (namespace.equals("menu.yaml")) {
            return new EffectiveView(
                    List.of(own),
                    IntStream.range(0, 502)
                            .mapToObj(number -> leaf("menu[" + number + "]", number + 3, own))
                            .toList(),
                    Optional.empty());
        }
        if (namespace.equals("broken.yaml")) {
            return new EffectiveView(List.of(own), List.of(), Optional.of("Line 3, column 1 is no YAML."));
        }
        if (!application.equals("heir")) {
            return new EffectiveView(List.of(own), List.of(), Optional.empty());
        }
        var common = new Source("common", "telephony", Optional.of(7L));
        return new EffectiveView(
                List.of(own, common),
                List.of(
                        item("codec", "opus", common),
                        item("own", "1", own),
                        new EffectiveItem(
                                "ring",
                                "20s",
                                Optional.empty(),
                                own,
                                List.of(new SourcedValue(common, "30s")),
                                Optional.empty(),
                                Optional.empty())),
                Optional.empty());
    }

    private static EffectiveItem item(String key, String value, Source source) {
        return new EffectiveItem(key, value, Optional.empty(), source, List.of(), Optional.empty(), Optional.empty());
    }

    private static EffectiveItem leaf(String key, int line, Source source) {
        return new EffectiveItem(key, "Desk", Optional.empty(), source, List.of(), Optional.empty(), Optional.of(line));
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
