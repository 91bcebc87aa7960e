package io.switchboard.fakes;

import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.config.SecretsApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Encrypted items in memory, whose values are thrown away. */
@RestController
public class FakeSecrets implements SecretsApi {

    private final FakeConfig config;
    private final Map<String, Map<String, SecretView>> secrets = new HashMap<>();

    FakeSecrets(FakeConfig config) {
        this.config = config;
    }

    @Override
    public synchronized List<SecretView> secrets(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return List.copyOf(of(application, stage, namespace).values());
    }

    private Map<String, SecretView> of(String application, String stage, String namespace) {
        return secrets.computeIfAbsent(String.join("/", application, stage, namespace), name -> new TreeMap<>());
    }

    @Override
    public synchronized NamespaceView putSecrets(
            String application,
            String stage,
            String namespace,
            @RequestBody SecretsRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        Caller author = FakeOrders.signedIn(caller);
        request.secrets().forEach((key, value) -> {
            if (key.contains(" ")) {
                throw RequestProblem.invalid("key", "must be a key");
            }
            if (value == null) {
                of(application, stage, namespace).remove(key);
            } else {
                of(application, stage, namespace).put(key, new SecretView(key, author.subject(), Instant.now()));
            }
        });
        return config.namespace(application, stage, namespace, tenant, caller);
    }

    @Override
    public NamespaceView rotateDataKey(
            String application,
            String stage,
            String namespace,
            @RequestBody RotationRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return config.namespace(application, stage, namespace, tenant, caller);
    }

    @Override
    public MasterKeyView masterKey(@Nullable Caller caller) {
        throw new Problem(RequestProblem.NOT_FOUND, "The console doesn't ask for master keys.");
    }

    @Override
    public MasterKeyView rotateMasterKey(@Nullable Caller caller) {
        throw new Problem(RequestProblem.NOT_FOUND, "The console doesn't rotate master keys.");
    }
}
