package io.switchboard.config.credential;

import io.switchboard.config.access.Identities;
import io.switchboard.config.access.ReaderKeys.Key;
import io.switchboard.config.ensemble.Answers;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.ReportedNodes;
import io.switchboard.configprotocol.NamespacePath;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.ACL;
import org.springframework.stereotype.Component;

/**
 * Who uses which reader key. A client at ZooKeeper leaves a node whose rights name the identity that made it; one over HTTP sends
 * its key with each request.
 */
@Component
public class KeyUses {

    /** Of one application; who has more sees those of the first. */
    private static final int MOST_LOOKED_AT = 5_000;

    private static final int MOST_NAMED = 20;

    private final Ensemble ensemble;
    private final ReportedNodes reported;
    private final Documents documents;
    private final Identities identities;
    private final Keyrings keyrings;
    private final Clock clock;

    /** Over HTTP at this center, by application and salt: as many as there are valid keys beside others. */
    private final Map<String, Map<String, Instant>> overHttp = new ConcurrentHashMap<>();

    KeyUses(
            Ensemble ensemble,
            ReportedNodes reported,
            Documents documents,
            Identities identities,
            Keyrings keyrings,
            Clock clock) {
        this.ensemble = ensemble;
        this.reported = reported;
        this.documents = documents;
        this.identities = identities;
        this.keyrings = keyrings;
        this.clock = clock;
    }

    /**
     * @param last when a client was last seen with it, to the minute; empty for never
     * @param clients that are connected to ZooKeeper with it now, as {@code stage/client}, 20 at most
     */
    public record Use(Optional<Instant> last, List<String> clients) {}

    /** @param bySalt when each key was last used */
    private record Kept(Instant at, Map<String, Instant> bySalt) {}

    /** While there is one key, it is the one that all use. */
    public void overHttp(NamespacePath application, Keyring keyring, Key key) {
        if (keyring.keys().size() > 1) {
            overHttp.computeIfAbsent(node(application), node -> new ConcurrentHashMap<>())
                    .put(key.salt(), clock.instant());
        } else {
            overHttp.remove(node(application));
        }
    }

    /** By salt. */
    public Map<String, Use> of(NamespacePath application, Keyring keyring) {
        Map<String, SortedSet<String>> clients = clients(application, keyring);
        Map<String, Instant> last = lastUses(keyring, stored(application), application, clients);
        Map<String, Use> uses = new HashMap<>();
        for (Key key : keyring.keys()) {
            uses.put(
                    key.salt(),
                    new Use(
                            Optional.ofNullable(last.get(key.salt())),
                            clients.getOrDefault(key.salt(), new TreeSet<>()).stream()
                                    .limit(MOST_NAMED)
                                    .toList()));
        }
        return uses;
    }

    /** Nobody asks any more: there is one key, or no application. */
    public void forget(NamespacePath application) {
        overHttp.remove(node(application));
        try {
            documents.delete(node(application));
        } catch (KeeperException e) {
            throw defect(application, e);
        }
    }

    /** Keeps it for when the clients are gone; does nothing if another center did within that time. */
    public void keep(NamespacePath application, Duration within) {
        Optional<Stored<Kept>> before = stored(application);
        Instant now = clock.instant();
        if (before.isPresent() && before.get().value().at().plus(within).isAfter(now)) {
            return;
        }
        Keyring keyring = keyrings.keyring(application);
        if (keyring.keys().size() == 1) {
            return;
        }
        var kept = new Kept(now, lastUses(keyring, before, application, clients(application, keyring)));
        try {
            ensemble.ask(zookeeper -> {
                documents.ensureParents(zookeeper, node(application));
                return zookeeper
                        .transaction()
                        .forOperations(documents.step(zookeeper, node(application), before, kept));
            });
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            // Another center did.
        } catch (KeeperException e) {
            throw defect(application, e);
        }
    }

    private Map<String, Instant> lastUses(
            Keyring keyring,
            Optional<Stored<Kept>> kept,
            NamespacePath application,
            Map<String, SortedSet<String>> clients) {
        Map<String, Instant> last = new HashMap<>();
        for (Key key : keyring.keys()) {
            String salt = key.salt();
            kept.map(stored -> stored.value().bySalt().get(salt)).ifPresent(at -> last.put(salt, at));
            Optional.ofNullable(
                            overHttp.getOrDefault(node(application), Map.of()).get(salt))
                    .ifPresent(at -> last.merge(salt, at, KeyUses::later));
            if (clients.containsKey(salt)) {
                last.put(salt, clock.instant());
            }
        }
        return last;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Map<String, SortedSet<String>> clients(NamespacePath application, Keyring keyring) {
        Map<String, String> saltByReader = new HashMap<>();
        keyring.keys().forEach(key -> saltByReader.put(identities.readerId(application, key), key.salt()));
        Map<String, SortedSet<String>> clients = new HashMap<>();
        try {
            ensemble.ask(zookeeper -> {
                // A client has a node of the same name in each namespace that it reads.
                Set<String> seen = new HashSet<>();
                for (NamespacePath path : namespaces(zookeeper, application)) {
                    List<String> names = new ArrayList<>();
                    for (String name : reported.list(path.clients()).orNone()) {
                        if (seen.size() < MOST_LOOKED_AT && seen.add(path.stage() + "/" + name)) {
                            names.add(name);
                        }
                    }
                    List<String> nodes = names.stream().map(path::client).toList();
                    List<List<ACL>> rights = reported.ask(session -> Answers.rights(session, nodes));
                    for (int index = 0; index < names.size(); index++) {
                        String client = path.stage() + "/" + names.get(index);
                        rights.get(index).stream()
                                .flatMap(right -> Optional.ofNullable(
                                        saltByReader.get(right.getId().getId()))
                                        .stream())
                                .forEach(salt -> clients.computeIfAbsent(salt, key -> new TreeSet<>())
                                        .add(client));
                    }
                }
                return clients;
            });
        } catch (KeeperException e) {
            throw defect(application, e);
        }
        return clients;
    }

    private static List<NamespacePath> namespaces(CuratorFramework zookeeper, NamespacePath application)
            throws Exception {
        List<NamespacePath> found = new ArrayList<>();
        for (String stage : children(zookeeper, application.applicationNode())) {
            for (String namespace : children(zookeeper, application.applicationNode() + "/" + stage)) {
                found.add(new NamespacePath(application.tenant(), application.application(), stage, namespace));
            }
        }
        return found;
    }

    private static List<String> children(CuratorFramework zookeeper, String node) throws Exception {
        try {
            return zookeeper.getChildren().forPath(node);
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        }
    }

    private Optional<Stored<Kept>> stored(NamespacePath application) {
        try {
            return documents.read(node(application), Kept.class);
        } catch (KeeperException e) {
            throw defect(application, e);
        }
    }

    private static String node(NamespacePath application) {
        return Documents.ROOT + "/readers-used/" + application.tenant() + "." + application.application();
    }

    private static IllegalStateException defect(NamespacePath application, KeeperException e) {
        return new IllegalStateException(
                "ZooKeeper answered " + e.code() + " for who uses the reader keys of " + application.application(), e);
    }
}
