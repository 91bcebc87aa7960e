package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.DraftChecks.Accepted;
import io.switchboard.config.namespace.Releases.Made;
import io.switchboard.config.namespace.Releases.Overridden;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Releases that nobody was told of yet, neither the audit log nor who watches clients, copies releases or gives them to heirs. Each is a
 * node that is made in the release's own step and names its center. Who finds one of a center that is gone tells in its place. What is
 * told goes a little later, many at once.
 */
@Component
class UntoldReleases implements AutoCloseable {

    static final String ROOT = Documents.ROOT + "/untold";

    private static final Logger log = LoggerFactory.getLogger(UntoldReleases.class);

    /** Stands in no name of ours. */
    private static final String BETWEEN = "~";

    private static final int AT_ONCE = 100;

    private final Ensemble ensemble;
    private final Documents documents;
    private final ReleaseHistory history;
    private final Audit audit;
    private final LateClients lateClients;
    private final HistoryCopies copies;
    private final List<Consumer<NamespacePath>> listeners = new CopyOnWriteArrayList<>();

    /**
     * Names of those that this center makes, or has told, each with who makes it: of two that want to, one finds that it was slower, and
     * what the other one made is ours all the same.
     */
    private final Map<String, Set<Object>> ours = new ConcurrentHashMap<>();

    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    /** So many of them, the first ones, were told before {@link #forgetTold} ran last. */
    private int settled;

    UntoldReleases(
            Ensemble ensemble,
            Documents documents,
            ReleaseHistory history,
            Audit audit,
            LateClients lateClients,
            HistoryCopies copies) {
        this.ensemble = ensemble;
        this.documents = documents;
        this.history = history;
        this.audit = audit;
        this.lateClients = lateClients;
        this.copies = copies;
    }

    /**
     * What only whoever made the release knows.
     *
     * @param before number of the release in effect until then, 0 for none
     */
    record Untold(long before, Optional<Overridden> overridden, Optional<Accepted> accepted) {}

    /** @param release that nobody was told of */
    private record Name(String center, NamespacePath path, long release) {

        static Name of(String center, Release release) {
            return new Name(center, release.path(), release.number());
        }

        /** Empty for what is none of ours. */
        static Optional<Name> parse(String text) {
            String[] parts = text.split(BETWEEN, -1);
            try {
                return parts.length != 6
                        ? Optional.empty()
                        : Optional.of(new Name(
                                parts[0],
                                new NamespacePath(parts[1], parts[2], parts[3], parts[4]),
                                Long.parseLong(parts[5])));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        Name by(String other) {
            return new Name(other, path, release);
        }

        @Override
        public String toString() {
            return String.join(
                    BETWEEN,
                    center,
                    path.tenant(),
                    path.application(),
                    path.stage(),
                    path.namespace(),
                    String.valueOf(release));
        }
    }

    private static String node(String name) {
        return ROOT + "/" + name;
    }

    private String name(Release release) {
        return Name.of(ensemble.center(), release).toString();
    }

    /** The step of the release's transaction; after it comes {@link #tell} or {@link #failed}. */
    CuratorOp step(CuratorFramework zookeeper, Made made, long before) throws Exception {
        String name = name(made.release());
        if (ours.containsKey(name)) {
            // Its application may have been deleted since and made again.
            forget(told.size());
        }
        claim(name, made.release());
        return documents.step(
                zookeeper, node(name), Optional.empty(), new Untold(before, made.overridden(), made.accepted()));
    }

    /** If it was made all the same, which nobody could say, the next look finds it. */
    void failed(Release release) {
        giveUp(name(release), release);
    }

    private void claim(String name, Object maker) {
        ours.compute(name, (key, makers) -> {
            Set<Object> all = makers == null ? Collections.newSetFromMap(new IdentityHashMap<>()) : makers;
            all.add(maker);
            return all;
        });
    }

    private void giveUp(String name, Object maker) {
        ours.computeIfPresent(name, (key, makers) -> {
            makers.remove(maker);
            return makers.isEmpty() ? null : makers;
        });
    }

    /** Has it called with each namespace that has another release in effect, once that is told here. */
    void onRelease(Consumer<NamespacePath> listener) {
        listeners.add(listener);
    }

    void tell(Made made) {
        audit.published(made);
        lateClients.watch(made.release());
        copies.copy(made.release());
        listeners.forEach(listener -> listener.accept(made.release().path()));
        told.add(name(made.release()));
    }

    /** A second or two after they were told: while clients read a release, a write would hold up all of them. */
    @Scheduled(fixedDelayString = "PT1S")
    synchronized void forgetTold() {
        forget(settled);
        settled = told.size();
    }

    /** Others would tell of them once more. */
    @Override
    public void close() {
        forget(told.size());
    }

    /** One look at a time, or both would tell. */
    @Scheduled(fixedDelayString = "PT1S")
    synchronized void look() {
        // Without an ensemble there is nothing to wait for.
        if (!ensemble.connected()) {
            return;
        }
        try {
            Set<String> gone = new HashSet<>();
            Set<String> there = new HashSet<>();
            for (String text : ensemble.children(ROOT)) {
                Optional<Name> name = Name.parse(text);
                if (name.isPresent()
                        && !ours.containsKey(text)
                        && isLeft(name.get().center(), there, gone)) {
                    tellInPlace(name.get());
                }
            }
        } catch (Problem unavailable) {
            log.debug("releases wait to be told: {}", unavailable.detail());
        }
    }

    private boolean isLeft(String center, Set<String> there, Set<String> gone) {
        if (!there.contains(center) && !gone.contains(center)) {
            boolean own = center.equals(ensemble.center());
            (own || !ensemble.isThere(center) ? gone : there).add(center);
        }
        return gone.contains(center);
    }

    private synchronized void forget(int count) {
        if (count == 0 || !ensemble.connected()) {
            return;
        }
        try {
            clear(Math.min(count, told.size()));
        } catch (Problem unavailable) {
            log.debug("releases that were told are still there: {}", unavailable.detail());
        }
    }

    private void clear(int count) {
        for (int left = count; left > 0; left -= AT_ONCE) {
            List<String> some = told.stream().limit(Math.min(left, AT_ONCE)).toList();
            try {
                delete(some);
            } catch (KeeperException.NoNodeException e) {
                // Another center took this one for gone. Each by itself.
                some.forEach(this::deleteIfThere);
            } catch (KeeperException e) {
                throw defect(e);
            }
            some.forEach(name -> {
                told.remove();
                ours.remove(name);
            });
        }
    }

    private void delete(List<String> names) throws KeeperException {
        ensemble.ask(zookeeper -> {
            List<CuratorOp> steps = new ArrayList<>();
            for (String name : names) {
                steps.add(zookeeper.transactionOp().delete().forPath(node(name)));
            }
            return zookeeper.transaction().forOperations(steps);
        });
    }

    private void deleteIfThere(String name) {
        try {
            delete(List.of(name));
        } catch (KeeperException.NoNodeException e) {
            // That one.
        } catch (KeeperException e) {
            throw defect(e);
        }
    }

    /** One that can't be told keeps no other one waiting. */
    private void tellInPlace(Name left) {
        try {
            Optional<Stored<Untold>> untold = documents.read(node(left.toString()), Untold.class);
            if (untold.isPresent() && isTakenOver(left, untold.get())) {
                tell(left, untold.get().value());
            }
        } catch (Problem unavailable) {
            throw unavailable;
        } catch (RuntimeException | KeeperException e) {
            log.warn("release {} of {} is not told", left.release(), left.path(), e);
        }
    }

    /** By one center only; if that one goes too, the next one does. */
    private boolean isTakenOver(Name left, Stored<Untold> untold) throws KeeperException {
        String mine = left.by(ensemble.center()).toString();
        claim(mine, left);
        try {
            ensemble.commit(zookeeper -> List.of(
                    zookeeper.transactionOp().delete().forPath(node(left.toString())),
                    documents.step(zookeeper, node(mine), Optional.empty(), untold.value())));
            return true;
        } catch (KeeperException.NoNodeException | KeeperException.NodeExistsException e) {
            giveUp(mine, left);
            return false;
        } catch (RuntimeException | KeeperException e) {
            giveUp(mine, left);
            throw e;
        }
    }

    private void tell(Name left, Untold untold) {
        Optional<Release> release = history.kept(left.path(), left.release());
        if (release.isPresent()) {
            Items before = history.kept(left.path(), untold.before())
                    .map(Release::items)
                    .orElse(Items.NONE);
            tell(new Made(release.get(), before, untold.overridden(), untold.accepted()));
        } else {
            log.warn("release {} of {} was never told, and is deleted", left.release(), left.path());
            told.add(left.by(ensemble.center()).toString());
        }
    }

    private static IllegalStateException defect(KeeperException e) {
        return new IllegalStateException("ZooKeeper answered " + e.code() + " for releases that are told", e);
    }
}
