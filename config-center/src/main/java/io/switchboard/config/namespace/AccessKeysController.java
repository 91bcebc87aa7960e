package io.switchboard.config.namespace;

import io.switchboard.config.secret.AccessKeys;
import io.switchboard.config.secret.AccessRing;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.AccessKeysApi;
import io.switchboard.contracts.identity.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AccessKeysController implements AccessKeysApi {

    private final AccessRotation rotation;
    private final AccessKeys keys;

    AccessKeysController(AccessRotation rotation, AccessKeys keys) {
        this.rotation = rotation;
        this.keys = keys;
    }

    @Override
    public List<AccessKeyView> accessKeys(
            String application, String stage, @Nullable String tenant, @Nullable Caller caller) {
        return views(Callers.stage(caller, tenant, application, stage));
    }

    @Override
    public List<AccessKeyView> rotate(
            String application,
            String stage,
            String id,
            @Nullable Duration overlap,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.stage(caller, tenant, application, stage);
        Callers.checkId(id);
        rotation.rotate(path, id, Callers.overlap(overlap), Callers.known(caller));
        return views(path);
    }

    private List<AccessKeyView> views(NamespacePath stage) {
        AccessRing ring = keys.ring(stage);
        return ring.notes().stream()
                .map(note -> new AccessKeyView(
                        note.id(),
                        Optional.of(note.issuedAt()).filter(at -> !at.equals(Instant.EPOCH)),
                        note.issuedBy(),
                        ring.holders(note.id()),
                        note.given(),
                        Optional.ofNullable(note.retiresAt())))
                .toList();
    }
}
