package io.switchboard.config.namespace;

import io.switchboard.config.credential.KeyUses;
import io.switchboard.config.credential.Keyring;
import io.switchboard.config.credential.Keyrings;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ReaderKeysApi;
import io.switchboard.contracts.identity.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ReaderKeysController implements ReaderKeysApi {

    private final Keyrings keys;
    private final KeyUses uses;
    private final Applications applications;
    private final Audit audit;

    ReaderKeysController(Keyrings keys, KeyUses uses, Applications applications, Audit audit) {
        this.keys = keys;
        this.uses = uses;
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
            audit.readerKeyIssued(path, Callers.actor(caller), id);
        }
        return views(path);
    }

    @Override
    public List<ReaderKeyView> retire(String application, String id, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = Callers.application(caller, tenant, application);
        Callers.checkId(id);
        applications.checkPublisher(path, Callers.known(caller));
        if (keys.retire(path, id)) {
            audit.readerKeyRetired(path, Callers.actor(caller), id);
        }
        return views(path);
    }

    @Override
    public List<ReaderKeyView> rotate(
            String application,
            String id,
            @Nullable Duration overlap,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.application(caller, tenant, application);
        Callers.checkId(id);
        Duration valid = Callers.overlap(overlap);
        applications.checkPublisher(path, Callers.known(caller));
        if (keys.rotate(path, id, valid, Callers.author(caller))) {
            audit.readerKeysRotated(path, Callers.actor(caller), id, valid);
        }
        if (valid.isZero()) {
            keys.retireDue(path).forEach(one -> audit.readerKeyRetired(path, Callers.actor(caller), one));
        }
        return views(path);
    }

    private List<ReaderKeyView> views(NamespacePath path) {
        Keyring keyring = keys.keyring(path);
        Map<String, KeyUses.Use> used = uses.of(path, keyring);
        return keyring.keys().stream()
                .map(key -> {
                    KeyUses.Use use = Objects.requireNonNull(used.get(key.salt()), "each key has one");
                    return new ReaderKeyView(
                            key.id(),
                            Optional.of(key.issuedAt()).filter(at -> !at.equals(Instant.EPOCH)),
                            key.issuedBy(),
                            keyring.holders(key),
                            Optional.ofNullable(key.retiresAt()),
                            use.last(),
                            use.clients());
                })
                .toList();
    }
}
