package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.UnreadableDocument;
import io.switchboard.config.history.EarlierReleases;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.springframework.stereotype.Component;

/** The last releases of each namespace, and earlier ones where there is a database for them. */
@Component
class ReleaseHistory {

    /** Releases that ZooKeeper keeps; publishing one more removes the oldest. */
    static final int KEPT = 50;

    private final Ensemble ensemble;
    private final EarlierReleases earlier;

    ReleaseHistory(Ensemble ensemble, EarlierReleases earlier) {
        this.ensemble = ensemble;
        this.earlier = earlier;
    }

    /** Those that ZooKeeper has, ordered. */
    List<Long> numbers(NamespacePath path) {
        try {
            return ensemble.ask(zookeeper -> numbers(zookeeper, path));
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    private static List<Long> numbers(CuratorFramework zookeeper, NamespacePath path) throws Exception {
        return zookeeper.getChildren().forPath(path.releases()).stream()
                .map(Long::valueOf)
                .sorted()
                .toList();
    }

    /** Newest first. */
    List<Release> list(NamespacePath path) {
        try {
            return ensemble.ask(zookeeper -> {
                List<Release> releases = new ArrayList<>();
                for (long number : numbers(zookeeper, path)) {
                    stored(zookeeper, path, number).ifPresent(releases::add);
                }
                releases.sort(Comparator.comparing(Release::number).reversed());
                return releases;
            });
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    /**
     * Keys of the draft that the release in effect, a rollback, took back, and the rollbacks right before it, or that canaries
     * had which were abandoned since. Only as long as it is in effect: what is released after it was decided on anew.
     *
     * @param abandoned gives numbers of releases that were canaries and never came into effect; asked after a rollback only
     */
    SortedSet<String> takenBack(NamespacePath path, NamespaceState state, Supplier<Set<Long>> abandoned) {
        SortedSet<String> keys = new TreeSet<>();
        if (state.draft().equals(state.released())) {
            return keys;
        }
        state.kept().stream()
                .filter(number -> number > state.number() && !isCanary(state, number))
                .flatMap(number -> kept(path, number).stream())
                .forEach(canary -> keys.addAll(Blame.takenBack(canary.items(), state)));
        Optional<Release> newer =
                state.release().filter(release -> release.restores().isPresent());
        Set<Long> never = newer.isPresent() ? abandoned.get() : Set.of();
        while (newer.isPresent() && newer.get().restores().isPresent()) {
            long number = newer.get().number() - 1;
            while (never.contains(number)) {
                // A canary that ended by the rollback, or before it: it was never what the rollback went back from.
                kept(path, number).ifPresent(canary -> keys.addAll(Blame.takenBack(canary.items(), state)));
                number--;
            }
            Optional<Release> before = kept(path, number);
            before.ifPresent(release -> keys.addAll(Blame.takenBack(release.items(), state)));
            newer = before;
        }
        return keys;
    }

    /**
     * Whether what a release held is in effect without a break: only the center itself makes another release of the same.
     *
     * @param abandoned as with {@link #takenBack}; asked after another release only
     */
    boolean isStillInEffect(NamespacePath path, long number, NamespaceState state, Supplier<Set<Long>> abandoned) {
        if (number >= state.number()) {
            return number == state.number();
        }
        Set<Long> never = abandoned.get();
        return LongStream.range(number, state.number())
                .filter(earlier -> !never.contains(earlier))
                .allMatch(earlier -> kept(path, earlier)
                        .filter(release -> new Content(release.items(), comments(path, earlier))
                                .changedSince(state.inEffect())
                                .isEmpty())
                        .isPresent());
    }

    private static boolean isCanary(NamespaceState state, long number) {
        return state.canary()
                .filter(canary -> canary.pointer().number() == number)
                .isPresent();
    }

    /** @throws Problem {@link RequestProblem#NOT_FOUND} if there is none of that number, or none any more */
    Release release(NamespacePath path, long number) {
        return kept(path, number)
                .orElseThrow(() -> new Problem(
                        RequestProblem.NOT_FOUND,
                        "There is no release " + number + "; the last " + KEPT + " are kept"
                                + (earlier.isPresent() ? ", and earlier ones for some time." : ".")));
    }

    /**
     * One to go back to.
     *
     * @throws Problem also {@link ConfigProblem#KEYS_GONE} if it has encrypted items that the center can't seal anew
     */
    Release toGoBackTo(NamespacePath path, long number) {
        Release release = release(path, number);
        if (!release.items().secrets().isEmpty() && inZooKeeper(path, number).isEmpty()) {
            throw new Problem(
                    ConfigProblem.KEYS_GONE,
                    "Release " + number + " has encrypted items, and the last " + KEPT + " releases only keep theirs.");
        }
        return release;
    }

    /** Of those before this one, the newest first. */
    List<Release> before(NamespacePath path, long number, int most) {
        List<Release> releases = new ArrayList<>(list(path));
        releases.removeIf(release -> release.number() >= number);
        long oldest = releases.isEmpty() ? number : releases.getLast().number();
        if (releases.size() < most) {
            releases.addAll(earlier.before(path, oldest, most - releases.size()));
        }
        return releases.stream().limit(most).toList();
    }

    /** In ZooKeeper, or else among the earlier ones. */
    Optional<Release> kept(NamespacePath path, long number) {
        Optional<Release> release = inZooKeeper(path, number);
        return release.isPresent() ? release : earlier.find(path, number);
    }

    Optional<Release> inZooKeeper(NamespacePath path, long number) {
        try {
            return ensemble.ask(zookeeper -> stored(zookeeper, path, number));
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    /** None also for a release that isn't kept in ZooKeeper any more. */
    Comments comments(NamespacePath path, long number) {
        try {
            return ensemble.ask(zookeeper -> comments(zookeeper, path, number)).orElse(Comments.NONE);
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    static Optional<Comments> comments(CuratorFramework zookeeper, NamespacePath path, long number) throws Exception {
        String node = path.comments() + "/" + number;
        try {
            return Optional.of(Comments.decode(zookeeper.getData().forPath(node)));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        } catch (DamagedContent e) {
            throw new UnreadableDocument(node, String.valueOf(e.getMessage()));
        }
    }

    static Optional<Release> stored(CuratorFramework zookeeper, NamespacePath path, long number) throws Exception {
        try {
            return Optional.of(Release.decode(zookeeper.getData().forPath(path.release(number))));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        } catch (DamagedContent e) {
            throw new UnreadableDocument(path.release(number), String.valueOf(e.getMessage()));
        }
    }
}
