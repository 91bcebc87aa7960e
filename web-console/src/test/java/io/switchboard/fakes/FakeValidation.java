package io.switchboard.fakes;

import io.switchboard.contracts.config.ValidationApi;
import io.switchboard.contracts.identity.Caller;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** Finds what it was told to find. */
@RestController
public class FakeValidation implements ValidationApi {

    private final Map<String, List<Finding>> findings = new HashMap<>();

    /** As if the application's build had said so. */
    public synchronized void find(String application, Finding... found) {
        findings.put(application, List.of(found));
    }

    synchronized boolean hasErrors(String application) {
        return findings.getOrDefault(application, List.of()).stream()
                .anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    @Override
    public synchronized CheckView check(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        List<Finding> found = findings.get(application);
        return found == null
                ? new CheckView(1, List.of(), List.of(), List.of(), List.of())
                : new CheckView(
                        1,
                        List.of("1.2~00"),
                        found,
                        List.of(),
                        List.of(new ClientChange(1, Optional.of("1.2~00"), 1, List.of("task-1"), List.of("greeting"))));
    }

    @Override
    public SchemaView schema(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }

    @Override
    public SchemaView putSchema(
            String application,
            String stage,
            String namespace,
            SchemaRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }

    @Override
    public List<BuildView> builds(String application, @Nullable String tenant, @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }
}
