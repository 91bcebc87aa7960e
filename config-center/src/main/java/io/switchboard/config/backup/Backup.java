package io.switchboard.config.backup;

import io.switchboard.config.ensemble.Answers;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.ReportedNodes;
import io.switchboard.config.ensemble.UnreadableDocument;
import io.switchboard.config.history.EarlierReleases;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.springframework.stereotype.Component;

/**
 * Writes down all that the center keeps, one stage of an application after the other, each as it was at one moment. What is sealed stays
 * so; master keys are no part of it. Nobody has to wait for it, and it waits for nobody.
 */
@Component
class Backup {

    private static final int ATTEMPTS = 100;
    private static final int AT_ONCE = 50;

    /** As many as are kept of an application; a task may leave any number. */
    static final int MOST_BUILDS = 40;

    private static final List<String> OF_STAGES = List.of(
            NamespacePath.ROOT,
            Documents.ROOT + "/rules",
            Documents.ROOT + "/schedules",
            Documents.ROOT + "/canaries",
            Documents.ROOT + "/keys");
    private static final String FREEZES = Documents.ROOT + "/freezes";
    private static final String READERS = Documents.ROOT + "/readers";
    private static final String READERS_RETIRING = Documents.ROOT + "/readers-retiring";

    private final Ensemble ensemble;
    private final ReportedNodes reported;
    private final EarlierReleases earlier;

    Backup(Ensemble ensemble, ReportedNodes reported, EarlierReleases earlier) {
        this.ensemble = ensemble;
        this.reported = reported;
        this.earlier = earlier;
    }

    /** @return how many entries it has */
    long write(OutputStream out) throws IOException {
        var file = new BackupWriter(out);
        try {
            for (String tenant : names(FREEZES, READERS, NamespacePath.BUILDS)) {
                writeTenant(file, tenant);
            }
        } catch (KeeperException e) {
            throw new IllegalStateException("ZooKeeper answered " + e.code() + " for a backup", e);
        }
        file.finish();
        return file.count();
    }

    /** Below these nodes or those of stages, ordered. */
    private SortedSet<String> names(String... others) {
        SortedSet<String> names = new TreeSet<>();
        OF_STAGES.forEach(node -> names.addAll(ensemble.children(node)));
        for (String node : others) {
            names.addAll(ensemble.children(node));
        }
        return names;
    }

    private SortedSet<String> names(List<String> nodes, String below) {
        SortedSet<String> names = new TreeSet<>();
        nodes.forEach(node -> names.addAll(ensemble.children(node + below)));
        return names;
    }

    private void writeTenant(BackupWriter file, String tenant) throws IOException, KeeperException {
        for (String stage : new TreeSet<>(ensemble.children(FREEZES + "/" + tenant))) {
            Address address = Address.of(Place.FREEZES, tenant, stage);
            Optional<Entry> freezes = ensemble.ask(zookeeper -> Answers.of(zookeeper, Answers.data(address.node()))
                    .found(0)
                    .map(found -> new Entry(address, 0, found.data())));
            write(file, freezes);
        }
        List<String> ofApplications = new ArrayList<>(OF_STAGES);
        ofApplications.addAll(List.of(READERS, NamespacePath.BUILDS));
        for (String application : names(ofApplications, "/" + tenant)) {
            var any = new NamespacePath(tenant, application, "any", NamespacePath.DEFAULT_NAMESPACE);
            for (Entry entry : ensemble.ask(zookeeper -> ofApplication(zookeeper, any))) {
                file.write(entry);
            }
            for (Entry build : builds(any)) {
                file.write(build);
            }
            for (String stage : names(OF_STAGES, "/" + tenant + "/" + application)) {
                writeStage(file, new NamespacePath(tenant, application, stage, NamespacePath.DEFAULT_NAMESPACE));
            }
        }
    }

    private static void write(BackupWriter file, Optional<Entry> entry) throws IOException {
        if (entry.isPresent()) {
            file.write(entry.get());
        }
    }

    private static List<Entry> ofApplication(CuratorFramework zookeeper, NamespacePath any) throws Exception {
        List<Place> places = List.of(Place.READER_KEYS, Place.READER_KEY_USES, Place.READERS_UNSETTLED, Place.BUILDS);
        List<Address> addresses =
                places.stream().map(place -> Address.of(place, any, "")).toList();
        Answers answers = Answers.of(
                zookeeper,
                Answers.data(addresses.get(0).node()),
                Answers.data(addresses.get(1).node()),
                Answers.data(addresses.get(2).node()),
                Answers.data(addresses.get(3).node()),
                Answers.children(READERS_RETIRING));
        List<Entry> entries = new ArrayList<>();
        for (int index = 0; index < addresses.size(); index++) {
            Address address = addresses.get(index);
            answers.found(index)
                    .map(found -> new Entry(address, 0, address.place() == Place.BUILDS ? new byte[0] : found.data()))
                    .ifPresent(entries::add);
        }
        String own = any.tenant() + "." + any.application() + ".";
        answers.children(4).stream()
                .filter(name -> name.startsWith(own))
                .map(name -> Address.of(Place.READERS_RETIRING, any, name.substring(own.length())))
                .forEach(address -> entries.add(new Entry(address, 0, new byte[0])));
        entries.sort((one, other) -> one.address().compareTo(other.address()));
        return entries;
    }

    /**
     * The last ones, with their place among all of the application's. Without what a task let nobody read, or gave a name or a size that
     * none of ours has.
     */
    private List<Entry> builds(NamespacePath any) throws KeeperException {
        List<Address> named = reported.list(any.builds()).orNone().stream()
                .filter(Place.BUILD::allows)
                .map(name -> Address.of(Place.BUILD, any, name))
                .toList();
        return reported.ask(zookeeper -> {
            List<Optional<Stat>> stats =
                    Answers.stats(zookeeper, named.stream().map(Address::node).toList());
            SortedMap<Long, Address> byAge = new TreeMap<>();
            for (int index = 0; index < named.size(); index++) {
                Address address = named.get(index);
                stats.get(index)
                        .filter(stat -> stat.getDataLength() <= Entry.LARGEST)
                        .ifPresent(stat -> byAge.put(stat.getCzxid(), address));
            }
            List<Entry> builds = new ArrayList<>();
            for (Address address : byAge.values().stream()
                    .skip(Math.max(0, byAge.size() - MOST_BUILDS))
                    .toList()) {
                for (Answers.Content content : Answers.contents(zookeeper, List.of(address.node()))) {
                    builds.add(new Entry(address, builds.size() + 1, content.data()));
                }
            }
            builds.sort((one, other) -> one.address().compareTo(other.address()));
            return builds;
        });
    }

    private void writeStage(BackupWriter file, NamespacePath stage) throws IOException, KeeperException {
        StageView view = view(stage);
        for (Entry entry : view.entries()) {
            file.write(entry);
        }
        for (var namespace : view.namespaces().entrySet()) {
            for (Entry entry : namespace.getValue()) {
                file.write(entry);
            }
            writeReleases(file, namespace.getKey(), view);
        }
    }

    private StageView view(NamespacePath stage) throws KeeperException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<StageView> view = StageView.read(ensemble, stage);
            if (view.isPresent()) {
                return view.get();
            }
        }
        throw new Problem(RequestProblem.CONFLICT, "Others make and delete namespaces in " + stage + " all the time.");
    }

    /** All up to the last one of that moment: what came later is in none of the stage's namespaces. */
    private void writeReleases(BackupWriter file, NamespacePath path, StageView view)
            throws IOException, KeeperException {
        SortedMap<Long, byte[]> releases = new TreeMap<>();
        view.pointed()
                .getOrDefault(path, List.of())
                .forEach(release -> releases.put(release.number(), release.encode()));
        List<String> nodes = view.kept().getOrDefault(path, List.of()).stream()
                .filter(number -> !releases.containsKey(number))
                .map(path::release)
                .toList();
        for (Answers.Content content : ensemble.ask(zookeeper -> Answers.contents(zookeeper, nodes))) {
            releases.put(number(path, content.data()), content.data());
        }
        for (var release : releases.entrySet()) {
            file.write(release(Place.RELEASE, path, release.getKey(), release.getValue()));
        }
        writeComments(file, path, releases.keySet());
        if (releases.isEmpty() || !earlier.isPresent()) {
            return;
        }
        List<Release> some = List.of();
        long after = 0;
        do {
            some = earlier.between(path, after, releases.lastKey(), AT_ONCE);
            for (Release release : some) {
                after = release.number();
                if (!releases.containsKey(after)) {
                    file.write(release(Place.EARLIER_RELEASE, path, after, release.encode()));
                }
            }
        } while (!some.isEmpty());
    }

    /** Each is made and goes with its release. */
    private void writeComments(BackupWriter file, NamespacePath path, Set<Long> releases)
            throws IOException, KeeperException {
        Set<String> commented = Set.copyOf(ensemble.children(path.comments()));
        for (long number : releases) {
            if (commented.contains(String.valueOf(number))) {
                Address address = Address.of(Place.COMMENTS, path, String.valueOf(number));
                try {
                    file.write(new Entry(
                            address,
                            0,
                            ensemble.ask(zookeeper -> zookeeper.getData().forPath(address.node()))));
                } catch (KeeperException.NoNodeException e) {
                    // Its release has just made room for another one.
                }
            }
        }
    }

    private static Entry release(Place place, NamespacePath path, long number, byte[] content) {
        return new Entry(Address.of(place, path, String.valueOf(number)), 0, content);
    }

    private static long number(NamespacePath path, byte[] content) {
        try {
            return Release.decode(content).number();
        } catch (DamagedContent e) {
            throw new UnreadableDocument(path.releases(), String.valueOf(e.getMessage()));
        }
    }
}
