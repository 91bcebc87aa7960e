package io.switchboard.config.namespace;

import io.switchboard.config.credential.Keyring;
import io.switchboard.config.credential.Keyrings;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ReaderKeysApi;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ReaderKeysController implements ReaderKeysApi {

    private final Keyrings keys;
    private final Applications applications;
    private final Audit audit;

    ReaderKeysController(Keyrings keys, Applications applications, Audit audit) {
        this.keys = keys;
        this.applications = applications;
        this.audit = audit;
    }

    @Override
    public List<ReaderKeyView> keyrings(String application, @Nullable String tenant, @Nullable Caller caller) {
        return views(Callers.application(caller, tenant, application));
    }

    @Override
    public List<ReaderKeyView> issue(String application, String id, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = Callers.application(caller, tenant, application);
        Callers.checkId(id);
        applications.checkPublisher(path, Callers.known(caller));
        if (keys.issue(path, id, Callers.author(caller))) {
            audit.readerKeyIssued(path, Callers.author(caller), id);
        }
        return views(path);
    }

    @Override
    public List<ReaderKeyView> retire(String application, String id, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = Callers.application(caller, tenant, application);
        Callers.checkId(id);
        applications.checkPublisher(path, Callers.known(caller));
        if (keys.retire(path, id)) {
            audit.readerKeyRetired(path, Callers.author(caller), id);
        }
        return views(path);
    }

    private List<ReaderKeyView> views(NamespacePath path) {
        Keyring keyring = keys.keyring(path);
        return keyring.keys().stream()
                .map(key -> new ReaderKeyView(key.id(), key.issuedAt(), key.issuedBy(), keyring.holders(key)))
                .toList();
    }
}
