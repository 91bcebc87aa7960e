package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.access.ReaderKeys;
import io.switchboard.config.credential.Keyrings;
import io.switchboard.config.ensemble.ZooKeeperProperties;
import io.switchboard.config.secret.AccessKeys;
import io.switchboard.configprotocol.ClientVariable;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.SealingKey;
import io.switchboard.contracts.config.ConfigApi.ReadAccess;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What programs read their configuration with. */
@Component
class ReadCredentials {

    private final Namespaces namespaces;
    private final Identities identities;
    private final Keyrings keyrings;
    private final AccessKeys accessKeys;
    private final ZooKeeperProperties zookeeper;
    private final Audit audit;

    ReadCredentials(
            Namespaces namespaces,
            Identities identities,
            Keyrings keyrings,
            AccessKeys accessKeys,
            ZooKeeperProperties zookeeper,
            Audit audit) {
        this.namespaces = namespaces;
        this.identities = identities;
        this.keyrings = keyrings;
        this.accessKeys = accessKeys;
        this.zookeeper = zookeeper;
        this.audit = audit;
    }

    /** @param workload whose tasks it is for; null for the newest key */
    ReadAccess ofTasks(NamespacePath path, @Nullable String workload) {
        return give(path, workload, true, "-");
    }

    /** @param opens whether with what opens encrypted items */
    ReadAccess ofOthers(NamespacePath path, boolean opens, String author) {
        return give(path, null, opens, author);
    }

    private ReadAccess give(NamespacePath path, @Nullable String workload, boolean opens, String author) {
        namespaces.ensureForTasks(path);
        // Before what it reads with is written down.
        boolean before = workload != null && keyrings.keyring(path).workloads().containsKey(workload);
        Optional<SealingKey> accessKey = opens ? accessKeys.give(path, workload, before) : Optional.empty();
        ReaderKeys.Key key = keyrings.give(path, workload);
        audit.accessGiven(path, key.id(), author, opens);
        Map<String, String> environment = new HashMap<>(Map.of(
                ClientVariable.SWITCHBOARD_CONFIG_ZOOKEEPER.name(), zookeeper.forTasks(),
                ClientVariable.SWITCHBOARD_CONFIG_TENANT.name(), path.tenant(),
                ClientVariable.SWITCHBOARD_CONFIG_APPLICATION.name(), path.application(),
                ClientVariable.SWITCHBOARD_CONFIG_STAGE.name(), path.stage(),
                ClientVariable.SWITCHBOARD_CONFIG_USER.name(), identities.readerUser(path),
                ClientVariable.SWITCHBOARD_CONFIG_SECRET.name(), identities.readerSecret(path, key)));
        accessKey.ifPresent(
                opener -> environment.put(ClientVariable.SWITCHBOARD_CONFIG_ACCESS_KEY.name(), opener.encoded()));
        return new ReadAccess(environment);
    }
}
