package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.OpResult.GetDataResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/** The config center as one application sees it through its session: what is in effect, and a place for its reports. */
final class Center {

    private final Session session;
    private final Troubles troubles;

    /** Sets processes apart that go by the same name, as with several contexts in one JVM. */
    private final String suffix = "~" + UUID.randomUUID().toString().substring(0, 8);

    /** What a namespace was found to be at. */
    sealed interface Reading {

        record There(Current current, Optional<Canary> canary) implements Reading {}

        record Missing() implements Reading {}

        /** @param reason in plain words, without values */
        record Unreadable(String reason) implements Reading {}
    }

    /** @param zxid the last transaction that changed one of them */
    record Look(Map<NamespacePath, Reading> readings, long zxid) {}

    Center(Session session, Troubles troubles) {
        this.session = session;
        this.troubles = troubles;
    }

    /** Has the watcher called at each change of these namespaces, for as long as the session lasts. */
    void watch(Collection<NamespacePath> paths, Watcher watcher) throws CenterFailure {
        for (NamespacePath path : paths) {
            session.ask(zookeeper -> {
                zookeeper.addWatch(path.current(), watcher, AddWatchMode.PERSISTENT);
                return path;
            });
        }
    }

    /**
     * What all these namespaces are at. ZooKeeper answers between two transactions: what was published together is seen
     * together. Only where a namespace turns out to have a canary, all are asked for once more, with it.
     */
    Look look(Collection<NamespacePath> paths) throws CenterFailure {
        List<NamespacePath> asked = List.copyOf(paths);
        List<NamespacePath> canaries = List.of();
        while (true) {
            List<Op> reads = reads(asked, canaries);
            List<OpResult> answers = session.ask(zookeeper -> answers(zookeeper, reads));
            List<NamespacePath> withCanary = withCanary(asked, canaries, answers);
            if (withCanary.size() == canaries.size()) {
                return look(asked, canaries, answers);
            }
            canaries = withCanary;
        }
    }

    private static List<Op> reads(List<NamespacePath> paths, List<NamespacePath> canaries) {
        List<Op> reads = new ArrayList<>();
        paths.forEach(path -> reads.add(Op.getData(path.current())));
        canaries.forEach(path -> reads.add(Op.getData(path.canary())));
        return reads;
    }

    /** As ZooKeeper's {@code multi} does. Most have one namespace, and asking for one alone costs both sides less. */
    private static List<OpResult> answers(ZooKeeper zookeeper, List<Op> reads)
            throws KeeperException, InterruptedException {
        if (reads.size() > 1) {
            return zookeeper.multi(reads);
        }
        List<OpResult> answers = new ArrayList<>();
        for (Op read : reads) {
            var stat = new Stat();
            try {
                answers.add(new GetDataResult(zookeeper.getData(read.getPath(), false, stat), stat));
            } catch (KeeperException.NoNodeException | KeeperException.NoAuthException e) {
                answers.add(new ErrorResult(e.code().intValue()));
            }
        }
        return answers;
    }

    /** Those that were known, then more that turned out to: the pointer's node has a child as long as there is a canary. */
    private static List<NamespacePath> withCanary(
            List<NamespacePath> paths, List<NamespacePath> known, List<OpResult> answers) {
        List<NamespacePath> all = new ArrayList<>(known);
        for (int index = 0; index < paths.size(); index++) {
            if (answers.get(index) instanceof GetDataResult data
                    && data.getStat().getNumChildren() > 0
                    && !known.contains(paths.get(index))) {
                all.add(paths.get(index));
            }
        }
        return all;
    }

    private Look look(List<NamespacePath> paths, List<NamespacePath> canaries, List<OpResult> answers)
            throws CenterFailure {
        Map<NamespacePath, Reading> found = new LinkedHashMap<>();
        long zxid = 0;
        for (int index = 0; index < paths.size(); index++) {
            NamespacePath path = paths.get(index);
            int canary = canaries.indexOf(path);
            found.put(
                    path,
                    reading(
                            path,
                            answers.get(index),
                            canary < 0 ? Optional.empty() : canary(path, answers.get(paths.size() + canary))));
            if (answers.get(index) instanceof GetDataResult data) {
                zxid = Math.max(
                        zxid, Math.max(data.getStat().getMzxid(), data.getStat().getPzxid()));
            }
        }
        return new Look(found, zxid);
    }

    /** Empty if it is over, or not in a form that this version reads: then the release in effect is for this client too. */
    private Optional<Canary> canary(NamespacePath path, OpResult answer) {
        if (!(answer instanceof GetDataResult data)) {
            return Optional.empty();
        }
        try {
            Canary canary = Canary.decode(data.getData(), path);
            troubles.over(path.canary(), () -> "The canary of namespace " + path.namespace() + " can be read");
            return Optional.of(canary);
        } catch (DamagedContent e) {
            troubles.with(
                    path.canary(), "The canary of namespace " + path.namespace() + " is left out: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Reading reading(NamespacePath path, OpResult answer, Optional<Canary> canary) throws CenterFailure {
        if (answer instanceof GetDataResult data) {
            try {
                return new Reading.There(Current.decode(data.getData(), path), canary);
            } catch (DamagedContent e) {
                return new Reading.Unreadable(damaged(e));
            }
        }
        int error =
                answer instanceof ErrorResult failed ? failed.getErr() : KeeperException.Code.SYSTEMERROR.intValue();
        return switch (KeeperException.Code.get(error)) {
            case NONODE -> new Reading.Missing();
            case NOAUTH -> new Reading.Unreadable(Session.REFUSED);
            default -> throw new CenterFailure("ZooKeeper gave no answer (" + KeeperException.Code.get(error) + ")");
        };
    }

    /** The release in effect, or a canary's, checked against the pointer; asks ZooKeeper only if it was too large to come with it. */
    Release release(NamespacePath path, Current current) throws CenterFailure, DamagedContent {
        return release(path, current.pointer(), current.release());
    }

    /** One that is kept, in the same way. */
    Release release(NamespacePath path, Pointer pointer) throws CenterFailure, DamagedContent {
        return release(path, pointer, Optional.empty());
    }

    private Release release(NamespacePath path, Pointer pointer, Optional<Release> beside)
            throws CenterFailure, DamagedContent {
        if (beside.isPresent()) {
            return beside.get();
        }
        byte[] stored = session.ask(zookeeper -> zookeeper.getData(path.release(pointer.number()), false, null));
        return Release.decode(stored, path, pointer);
    }

    /**
     * Leaves the report in a node that vanishes with this session.
     *
     * @return that node
     */
    String report(NamespacePath path, ClientReport report) throws CenterFailure {
        return session.ask(zookeeper -> write(zookeeper, path, path.client(report.client()), report));
    }

    /**
     * Changes what {@link #report} left, with one request.
     *
     * @return false if it isn't there any more
     */
    boolean reportAgain(String node, ClientReport report) throws CenterFailure {
        return session.ask(zookeeper -> {
            try {
                zookeeper.setData(node, report.encode(), -1);
                return true;
            } catch (KeeperException.NoNodeException e) {
                return false;
            }
        });
    }

    private String write(ZooKeeper zookeeper, NamespacePath path, String node, ClientReport report)
            throws KeeperException, InterruptedException {
        try {
            return zookeeper.create(node, report.encode(), reportAcl(zookeeper, path), CreateMode.EPHEMERAL);
        } catch (KeeperException.NodeExistsException e) {
            Stat stat = zookeeper.exists(node, false);
            if (stat != null && stat.getEphemeralOwner() == zookeeper.getSessionId()) {
                zookeeper.setData(node, report.encode(), -1);
                return node;
            } else if (!node.endsWith(suffix)) {
                return write(zookeeper, path, node + suffix, report);
            } else {
                throw e;
            }
        }
    }

    /**
     * Leaves what the build takes, unless it lies there already, for as long as the center keeps it.
     *
     * @return false if the center has no place for it, or it is not to be had
     */
    boolean leave(NamespacePath path, Build build) throws CenterFailure {
        String node = path.builds() + "/" + build.id();
        return session.ask(zookeeper -> {
            if (zookeeper.exists(path.builds(), false) == null) {
                return false;
            }
            if (zookeeper.exists(node, false) != null) {
                return true;
            }
            Optional<byte[]> metadata = build.metadata();
            if (metadata.isEmpty()) {
                return false;
            }
            try {
                List<ACL> rights = shared(zookeeper, path.builds(), ZooDefs.Perms.READ);
                zookeeper.create(node, metadata.get(), rights, CreateMode.PERSISTENT);
            } catch (KeeperException.NodeExistsException e) {
                // Another process of this build was quicker.
            }
            return true;
        });
    }

    private static List<ACL> reportAcl(ZooKeeper zookeeper, NamespacePath path)
            throws KeeperException, InterruptedException {
        return shared(zookeeper, path.clients(), ZooDefs.Perms.READ | ZooDefs.Perms.WRITE);
    }

    /** Such a folder holds the center's ACL id; the center must read what this client writes. */
    private static List<ACL> shared(ZooKeeper zookeeper, String folder, int own)
            throws KeeperException, InterruptedException {
        String center = new String(zookeeper.getData(folder, false, null), StandardCharsets.UTF_8);
        // No List.of: ZooKeeper asks whether it contains null.
        return Arrays.asList(new ACL(own, ZooDefs.Ids.AUTH_IDS), new ACL(ZooDefs.Perms.ALL, new Id("digest", center)));
    }

    /** In plain words. */
    static String damaged(DamagedContent e) {
        return "what is stored is damaged: " + e.getMessage();
    }
}
