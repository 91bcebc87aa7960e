package io.switchboard.config.namespace;

import io.switchboard.config.secret.Secrets;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.config.SecretsApi;
import io.switchboard.contracts.identity.Caller;
import jakarta.validation.Valid;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class SecretsController implements SecretsApi {

    private final Namespaces namespaces;
    private final Resealing sealing;
    private final Secrets secrets;
    private final Audit audit;

    SecretsController(Namespaces namespaces, Resealing sealing, Secrets secrets, Audit audit) {
        this.namespaces = namespaces;
        this.sealing = sealing;
        this.secrets = secrets;
        this.audit = audit;
    }

    @Override
    public List<SecretView> secrets(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        return namespaces.read(path).draft().secrets().entrySet().stream()
                .map(item -> new SecretView(
                        item.getKey(), item.getValue().setBy(), item.getValue().setAt()))
                .toList();
    }

    @Override
    public NamespaceView putSecrets(
            String application,
            String stage,
            String namespace,
            @Valid SecretsRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        Namespaces.Edited edited =
                namespaces.encrypt(path, request.secrets(), request.revision(), Callers.author(caller));
        audit.edited(path, Callers.actor(caller), edited.state().revision(), edited.keys());
        return Views.of(path, edited.state());
    }

    @Override
    public NamespaceView rotateDataKey(
            String application,
            String stage,
            String namespace,
            @Valid RotationRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        sealing.sealAnew(path, request.revision(), Callers.known(caller));
        audit.dataKeyRotated(path, Callers.actor(caller));
        return Views.of(path, namespaces.read(path));
    }

    @Override
    public MasterKeyView masterKey(@Nullable Caller caller) {
        Caller.operator(caller, "Master keys are the operators' affair.");
        return view();
    }

    @Override
    public MasterKeyView rotateMasterKey(@Nullable Caller caller) {
        Caller operator = Caller.operator(caller, "Master keys are the operators' affair.");
        secrets.rotateMasterKey();
        MasterKeyView view = view();
        audit.masterKeyRotated(operator.subject(), view.current());
        return view;
    }

    private MasterKeyView view() {
        Secrets.MasterKeyUse use = secrets.masterKeyUse();
        return new MasterKeyView(use.current(), use.sealedWith());
    }
}
