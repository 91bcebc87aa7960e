package io.switchboard.config.backup;

import io.switchboard.config.access.Identities;
import io.switchboard.config.access.ReaderKeys;
import io.switchboard.config.backup.Steps.Step;
import io.switchboard.config.credential.Keyring;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.HeirNodes;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the nodes of a backup, whose entries are given in their order, with the rights that the center gives. The pointers of a stage
 * come last and in one step: clients that watch for them see all or none.
 */
final class RestoredTree {

    private static final byte[] NOTHING = new byte[0];

    private final Identities identities;
    private final JsonMapper json;
    private final Steps steps;
    private final List<Step> pointers = new ArrayList<>();
    private final List<Step> canaries = new ArrayList<>();
    private final SortedMap<Integer, Step> builds = new TreeMap<>();
    private final Set<String> made = new HashSet<>();
    private final Set<Long> pointed = new HashSet<>();
    private String tenant = "";
    private String application = "";
    private String stage = "";
    private @Nullable NamespacePath path;
    private ReaderKeys keys = ReaderKeys.FIRST;

    RestoredTree(Steps steps, Identities identities, JsonMapper json) {
        this.steps = steps;
        this.identities = identities;
        this.json = json;
    }

    void add(Entry entry) throws KeeperException, DamagedContent {
        Address address = entry.address();
        if (!address.place().isNode()) {
            return;
        }
        begin(address);
        byte[] content = entry.content();
        NamespacePath of = address.path();
        String node = address.node();
        switch (address.place()) {
            case READER_KEYS -> {
                keys = json.readValue(content, Keyring.class).readers();
                create(node, content, identities.centerOnly());
            }
            case BUILDS -> createBuilds(of);
            case BUILD -> {
                createBuilds(of);
                builds.put(entry.revision(), created(node, content, identities.readable(of, keys)));
            }
            case DRAFT -> createDraft(node, content, entry.revision());
            case CURRENT -> {
                pointed.add(Current.decode(content, of).pointer().number());
                pointers.add(created(node, content, identities.readable(of, keys)));
            }
            case CANARY -> {
                pointed.add(Canary.decode(content, of).pointer().number());
                canaries.add(created(node, content, identities.readable(of, keys)));
            }
            case RELEASE -> {
                create(node, content, identities.readable(of, keys));
                if (pointed.contains(address.number())) {
                    writeDownHeir(Release.decode(content));
                }
            }
            case COMMENTS -> {
                ensure(of.comments(), NOTHING, identities.centerOnly());
                create(node, content, identities.centerOnly());
            }
            case FREEZES,
                    READER_KEY_USES,
                    READERS_UNSETTLED,
                    READERS_RETIRING,
                    RULES,
                    SCHEDULE,
                    DUE,
                    CANARIES,
                    CANARY_RUNNING,
                    ACCESS_KEYS,
                    ACCESS_RETIRING,
                    SCHEMA,
                    DATA_KEYS,
                    REVIEW -> create(node, content, identities.centerOnly());
            case EARLIER_RELEASE -> throw new IllegalStateException("it is no node");
        }
    }

    private void begin(Address address) throws KeeperException {
        boolean sameTenant = address.tenant().equals(tenant);
        boolean sameApplication = sameTenant && address.application().equals(application);
        if (!sameApplication || !address.stage().equals(stage)) {
            endStage();
        }
        if (!sameTenant) {
            made.clear();
        }
        if (!sameApplication) {
            keys = ReaderKeys.FIRST;
        }
        tenant = address.tenant();
        application = address.application();
        stage = address.stage();
        if (address.place().owner() == Place.Owner.NAMESPACE && !address.path().equals(path)) {
            pointed.clear();
            path = address.path();
            ensure(NamespacePath.ROOT + "/" + tenant, NOTHING, identities.centerOnly());
            List<ACL> readable = identities.readable(path, keys);
            for (String parent : List.of(path.applicationNode(), path.stageNode(), path.node(), path.releases())) {
                ensure(parent, NOTHING, readable);
            }
            ensure(path.clients(), centerId(), identities.reportable(path, keys));
        }
    }

    private byte[] centerId() {
        return identities.centerId().getBytes(StandardCharsets.US_ASCII);
    }

    private void createBuilds(NamespacePath of) throws KeeperException {
        ensureParents(of.builds());
        ensure(of.builds(), centerId(), identities.reportable(of, keys));
    }

    /** Its revision is how often it was written since it was made. */
    private void createDraft(String node, byte[] content, int revision) throws KeeperException {
        create(node, revision == 0 ? content : NOTHING, identities.centerOnly());
        for (int written = 1; written <= revision; written++) {
            byte[] then = written == revision ? content : NOTHING;
            steps.add(
                    zookeeper -> zookeeper.transactionOp().setData().forPath(node, then), then.length + node.length());
        }
    }

    private void writeDownHeir(Release release) throws KeeperException {
        NamespacePath heir = release.path();
        for (var parent : release.inherited()) {
            String heirs = HeirNodes.of(parent.path());
            ensure(heirs, NOTHING, identities.centerOnly());
            ensure(HeirNodes.of(parent.path(), heir), NOTHING, identities.centerOnly());
        }
    }

    private void create(String node, byte[] content, List<ACL> rights) throws KeeperException {
        ensureParents(node);
        steps.add(created(node, content, rights), size(node, content, rights));
    }

    /** The center's alone, unless they were made before; a namespace's are. */
    private void ensureParents(String node) throws KeeperException {
        if (node.startsWith(Documents.ROOT + "/")) {
            int directory = node.indexOf('/', Documents.ROOT.length() + 1);
            for (int slash = node.indexOf('/', directory + 1); slash > 0; slash = node.indexOf('/', slash + 1)) {
                ensure(node.substring(0, slash), NOTHING, identities.centerOnly());
            }
        }
    }

    private void ensure(String node, byte[] content, List<ACL> rights) throws KeeperException {
        if (made.add(node)) {
            steps.add(created(node, content, rights), size(node, content, rights));
        }
    }

    private static int size(String node, byte[] content, List<ACL> rights) {
        return content.length + node.length() + 100 * rights.size();
    }

    private static Step created(String node, byte[] content, List<ACL> rights) {
        return zookeeper -> zookeeper.transactionOp().create().withACL(rights).forPath(node, content);
    }

    /** Also after the last entry. */
    void endStage() throws KeeperException {
        steps.commit();
        // By age, which their order in ZooKeeper tells.
        for (Step build : builds.values()) {
            steps.commit(List.of(build));
        }
        builds.clear();
        steps.commit(pointers);
        pointers.clear();
        // Each may be as large as its pointer; a client takes one once it is there.
        while (!canaries.isEmpty()) {
            List<Step> some = canaries.subList(0, Math.min(10, canaries.size()));
            steps.commit(some);
            some.clear();
        }
    }
}
