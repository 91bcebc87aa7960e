package io.switchboard.config.backup;

import io.switchboard.config.ensemble.Answers;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;

/**
 * What an application has in one stage, all of it at one moment: whatever comes into effect in one step is in one stage. Only releases
 * are read later, as they never change.
 *
 * @param entries of the stage
 * @param namespaces their entries, without releases
 * @param kept numbers of the releases that ZooKeeper kept at that moment
 * @param pointed releases that are in effect, or a canary's
 */
record StageView(
        List<Entry> entries,
        SortedMap<NamespacePath, List<Entry>> namespaces,
        Map<NamespacePath, Collection<Long>> kept,
        Map<NamespacePath, List<Release>> pointed) {

    private static final List<Place> OF_STAGE = List.of(Place.RULES, Place.SCHEDULE, Place.CANARIES, Place.ACCESS_KEYS);
    private static final List<Place> OF_NAMESPACE =
            List.of(Place.SCHEMA, Place.DATA_KEYS, Place.REVIEW, Place.DRAFT, Place.CURRENT, Place.CANARY);

    private static final String DUE = Documents.ROOT + "/due";
    private static final String RUNNING = Documents.ROOT + "/canaries-running";
    private static final String RETIRING = Documents.ROOT + "/access-retiring";

    /**
     * @param stage any namespace of it
     * @return empty if something went away while it was read, and it must be read once more: a namespace came meanwhile, or a
     *     release in effect was replaced 50 times
     */
    static Optional<StageView> read(Ensemble ensemble, NamespacePath stage) throws KeeperException {
        List<NamespacePath> paths = ensemble.children(stage.stageNode()).stream()
                .sorted()
                .map(stage::sibling)
                .toList();
        return ensemble.ask(zookeeper -> read(zookeeper, stage, paths));
    }

    private static Optional<StageView> read(CuratorFramework zookeeper, NamespacePath stage, List<NamespacePath> paths)
            throws Exception {
        List<Address> addresses = new ArrayList<>();
        OF_STAGE.forEach(place -> addresses.add(Address.of(place, stage, "")));
        paths.forEach(path -> OF_NAMESPACE.forEach(place -> addresses.add(Address.of(place, path, ""))));
        List<Op> reads = new ArrayList<>();
        addresses.forEach(address -> reads.add(Answers.data(address.node())));
        paths.forEach(path -> reads.add(Answers.children(path.releases())));
        int lists = reads.size();
        Stream.of(DUE, RUNNING, RETIRING, stage.stageNode()).forEach(node -> reads.add(Answers.children(node)));
        Answers answers = Answers.of(zookeeper, reads.toArray(Op[]::new));
        if (!new TreeSet<>(names(answers, lists + 3))
                .equals(new TreeSet<>(
                        paths.stream().map(NamespacePath::namespace).toList()))) {
            return Optional.empty();
        }

        List<Entry> entries = new ArrayList<>();
        SortedMap<NamespacePath, List<Entry>> namespaces = new TreeMap<>();
        for (int index = 0; index < addresses.size(); index++) {
            Address address = addresses.get(index);
            Optional<Entry> entry = answers.found(index).map(found -> entry(address, found));
            List<Entry> these = address.namespace().isEmpty()
                    ? entries
                    : namespaces.computeIfAbsent(address.path(), path -> new ArrayList<>());
            entry.ifPresent(these::add);
        }
        entries.addAll(marks(answers, lists, stage));
        entries.sort((one, other) -> one.address().compareTo(other.address()));
        // An application that is just being deleted.
        namespaces.values().removeIf(these -> !has(these, Place.DRAFT) || !has(these, Place.CURRENT));

        Map<NamespacePath, Collection<Long>> kept = new HashMap<>();
        Map<NamespacePath, List<Release>> pointed = new HashMap<>();
        for (int index = 0; index < paths.size(); index++) {
            NamespacePath path = paths.get(index);
            if (namespaces.containsKey(path)) {
                kept.put(
                        path,
                        answers.children(addresses.size() + index).stream()
                                .map(Long::valueOf)
                                .toList());
                Optional<List<Release>> apart = pointed(zookeeper, path, answers, addresses);
                if (apart.isEmpty()) {
                    return Optional.empty();
                }
                pointed.put(path, apart.get());
            }
        }
        return Optional.of(new StageView(entries, namespaces, kept, pointed));
    }

    private static Entry entry(Address address, Answers.Found found) {
        return new Entry(address, address.place() == Place.DRAFT ? found.version() : 0, found.data());
    }

    private static boolean has(List<Entry> entries, Place place) {
        return entries.stream().anyMatch(entry -> entry.address().place() == place);
    }

    private static List<String> names(Answers answers, int index) throws KeeperException {
        try {
            return answers.children(index);
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        }
    }

    /** What shows all centers at one look what is to be done: nodes of all stages whose names say of which they are. */
    private static List<Entry> marks(Answers answers, int lists, NamespacePath stage) throws KeeperException {
        String own = String.join("~", stage.tenant(), stage.application(), stage.stage());
        List<Entry> marks = new ArrayList<>();
        for (String name : names(answers, lists)) {
            String[] timeAndRest = name.split("~", 2);
            if (timeAndRest.length == 2 && timeAndRest[1].startsWith(own + "~")) {
                marks.add(mark(Place.DUE, stage, timeAndRest[0] + timeAndRest[1].substring(own.length())));
            }
        }
        for (String name : names(answers, lists + 1)) {
            if (name.startsWith(own + "~")) {
                marks.add(mark(Place.CANARY_RUNNING, stage, name.substring(own.length() + 1)));
            }
        }
        for (String name : names(answers, lists + 2)) {
            if (name.startsWith(own + "~")) {
                marks.add(mark(Place.ACCESS_RETIRING, stage, name.substring(own.length() + 1)));
            }
        }
        return marks;
    }

    private static Entry mark(Place place, NamespacePath stage, String name) {
        return new Entry(Address.of(place, stage, name), 0, new byte[0]);
    }

    /** Empty if one of them is gone already. */
    private static Optional<List<Release>> pointed(
            CuratorFramework zookeeper, NamespacePath path, Answers answers, List<Address> addresses) throws Exception {
        Current current = answers.data(addresses.indexOf(Address.of(Place.CURRENT, path, "")))
                .decoded(data -> Current.decode(data, path));
        Optional<Canary> canary = answers.found(addresses.indexOf(Address.of(Place.CANARY, path, "")))
                .map(found -> found.decoded(data -> Canary.decode(data, path)));
        List<Pointer> pointers = new ArrayList<>();
        if (current.release().isEmpty() && current.pointer().number() > 0) {
            pointers.add(current.pointer());
        }
        canary.filter(one -> one.release().isEmpty()).ifPresent(one -> pointers.add(one.pointer()));
        List<Release> found = new ArrayList<>();
        current.release().ifPresent(found::add);
        canary.flatMap(Canary::release).ifPresent(found::add);
        for (Pointer pointer : pointers) {
            try {
                byte[] content = zookeeper.getData().forPath(path.release(pointer.number()));
                found.add(Release.decode(content, path, pointer));
            } catch (KeeperException.NoNodeException e) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }
}
