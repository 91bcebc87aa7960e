package io.switchboard.config.validation;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Answers;
import io.switchboard.config.ensemble.ReportedNodes;
import io.switchboard.configprotocol.ApplicationMetadata;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ValidationApi.BuildView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.springframework.stereotype.Component;

/**
 * What the builds of an application left with the center. They write it themselves and any number of it, so all of it is
 * bounded here: how many are kept, how large one may be, and how much is held in memory.
 */
@Component
class Builds {

    private static final int KEPT = 20;

    /** With earlier ones that still run. */
    private static final int MOST_KEPT = 2 * KEPT;

    private static final int MOST_CHECKED = 5;

    /** Characters, of all tenants. */
    private static final long LARGEST_CACHE = 64L * 1024 * 1024;

    private final ReportedNodes reported;
    private final Identities identities;
    private final RunningBuilds running;
    private final Map<String, Cached> cache = new LinkedHashMap<>(16, 0.75f, true);
    private long cached;

    Builds(ReportedNodes reported, Identities identities, RunningBuilds running) {
        this.reported = reported;
        this.identities = identities;
        this.running = running;
    }

    private record Cached(KnownProperties properties, long made) {}

    /**
     * @param made in milliseconds
     * @param place among all that was ever made: several may be made in the same millisecond
     * @param changed the last transaction that changed it
     */
    private record Left(String build, long made, long place, long changed) {}

    /** @param build its name */
    record Checked(String build, KnownProperties properties) {}

    /** The last ones, and earlier ones that still run, the latest first; others are removed. */
    List<BuildView> list(NamespacePath path) {
        try {
            return reported.ask(zookeeper -> {
                List<BuildView> views = new ArrayList<>();
                for (Left left : newestFirst(zookeeper, path)) {
                    read(zookeeper, path, left.build(), left.changed())
                            .map(build -> new BuildView(
                                    left.build(), build.version(), Instant.ofEpochMilli(left.made()), build.count()))
                            .ifPresent(views::add);
                }
                return views;
            });
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    /** Those that run, at most five, the latest first; the latest of all if none of them does. */
    List<Checked> running(NamespacePath path, Set<String> connected) {
        try {
            return reported.ask(zookeeper -> {
                List<Left> left = newestFirst(zookeeper, path);
                List<Left> running = left.stream()
                        .filter(one -> connected.contains(one.build()))
                        .toList();
                List<Checked> checked = new ArrayList<>();
                for (Left one : running.isEmpty() ? left : running) {
                    read(zookeeper, path, one.build(), one.changed())
                            .ifPresent(properties -> checked.add(new Checked(one.build(), properties)));
                    if (checked.size() == (running.isEmpty() ? 1 : MOST_CHECKED)) {
                        break;
                    }
                }
                return checked;
            });
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    /** One of them, whether it runs or not. */
    Optional<Checked> named(NamespacePath path, String build) {
        try {
            return reported.ask(zookeeper -> {
                Stat stat = zookeeper.checkExists().forPath(path.builds() + "/" + build);
                return stat == null
                        ? Optional.<Checked>empty()
                        : read(zookeeper, path, build, stat.getMzxid())
                                .map(properties -> new Checked(build, properties));
            });
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    /** For one that doesn't run yet; in place of what lay there. */
    BuildView leave(NamespacePath path, String build, byte[] metadata) {
        String node = path.builds() + "/" + build;
        try {
            reported.ask(zookeeper -> zookeeper
                    .create()
                    .orSetData()
                    .withACL(identities.centerOnly())
                    .forPath(node, metadata));
        } catch (KeeperException e) {
            throw defect(path, e);
        }
        return list(path).stream()
                .filter(one -> one.build().equals(build))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a build that was just left is not there"));
    }

    private List<Left> newestFirst(CuratorFramework zookeeper, NamespacePath path) throws Exception {
        List<Left> left = left(zookeeper, path);
        if (left.size() <= KEPT) {
            return left;
        }
        Set<String> run = running.of(path);
        List<Left> kept = new ArrayList<>(left.subList(0, KEPT));
        for (Left old : left.subList(KEPT, left.size())) {
            if (run.contains(old.build()) && kept.size() < MOST_KEPT) {
                kept.add(old);
            } else {
                remove(zookeeper, path.builds() + "/" + old.build());
            }
        }
        return kept;
    }

    /** None if there are too many to look at. */
    private List<Left> left(CuratorFramework zookeeper, NamespacePath path) throws Exception {
        List<String> builds = reported.list(path.builds()).orNone();
        List<Optional<Stat>> stats = Answers.stats(
                zookeeper,
                builds.stream().map(build -> path.builds() + "/" + build).toList());
        List<Left> left = new ArrayList<>();
        for (int index = 0; index < builds.size(); index++) {
            String build = builds.get(index);
            // What is not for us to look at counts as the oldest, the first to be removed.
            left.add(stats.get(index)
                    .map(stat -> new Left(build, stat.getCtime(), stat.getCzxid(), stat.getMzxid()))
                    .orElseGet(() -> new Left(build, 0, 0, 0)));
        }
        left.sort(Comparator.comparingLong(Left::place).reversed().thenComparing(Left::build));
        return left;
    }

    /** With what is below it, unless that has something below it, too: no build of a client of ours has. */
    private void remove(CuratorFramework zookeeper, String node) throws Exception {
        try {
            for (String below : reported.list(node).orNone()) {
                delete(zookeeper, node + "/" + below);
            }
        } catch (KeeperException.NoAuthException e) {
            // As below.
        }
        delete(zookeeper, node);
    }

    private static void delete(CuratorFramework zookeeper, String node) throws Exception {
        try {
            zookeeper.delete().forPath(node);
        } catch (KeeperException.NoNodeException e) {
            // Another request was quicker.
        } catch (KeeperException.NoAuthException | KeeperException.NotEmptyException e) {
            // Its application put something below it that is not ours to see; that must not keep anybody from
            // publishing.
        }
    }

    /**
     * Empty if it is not in our format, not for us to read, or gone.
     *
     * @param changed as of the last look; what is kept of that needs no request
     */
    private Optional<KnownProperties> read(CuratorFramework zookeeper, NamespacePath path, String build, long changed)
            throws Exception {
        String node = path.builds() + "/" + build;
        var stat = new Stat();
        try {
            Optional<KnownProperties> known = cached(node, changed);
            if (known.isPresent()) {
                return known;
            }
            byte[] encoded = zookeeper.getData().storingStatIn(stat).forPath(node);
            if (encoded.length > ApplicationMetadata.LARGEST) {
                return Optional.empty();
            }
            var properties = new KnownProperties(ApplicationMetadata.decode(encoded));
            keep(node, new Cached(properties, stat.getMzxid()));
            return Optional.of(properties);
        } catch (KeeperException.NoNodeException | KeeperException.NoAuthException | DamagedContent e) {
            return Optional.empty();
        }
    }

    private synchronized Optional<KnownProperties> cached(String node, long made) {
        return Optional.ofNullable(cache.get(node))
                .filter(one -> one.made() == made)
                .map(Cached::properties);
    }

    private synchronized void keep(String node, Cached fresh) {
        Cached before = cache.put(node, fresh);
        cached += fresh.properties().weight()
                - (before == null ? 0 : before.properties().weight());
        var eldest = cache.entrySet().iterator();
        while (cached > LARGEST_CACHE && eldest.hasNext()) {
            Cached out = eldest.next().getValue();
            eldest.remove();
            cached -= out.properties().weight();
        }
    }

    private static IllegalStateException defect(NamespacePath path, KeeperException e) {
        return new IllegalStateException("ZooKeeper answered " + e.code() + " for builds of " + path, e);
    }
}
