package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.UUID;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.springframework.stereotype.Component;

/** Makes releases, each in one step for everybody who looks. */
@Component
class Releases {

    /** ZooKeeper takes a mebibyte per transaction; the rest is for paths and rights. */
    private static final int LARGEST_TOGETHER = 900 * 1024;

    private final Ensemble ensemble;
    private final Namespaces namespaces;
    private final ReleaseHistory history;
    private final Identities identities;
    private final Clock clock;

    Releases(Ensemble ensemble, Namespaces namespaces, ReleaseHistory history, Identities identities, Clock clock) {
        this.ensemble = ensemble;
        this.namespaces = namespaces;
        this.history = history;
        this.identities = identities;
        this.clock = clock;
    }

    /**
     * A release that was made.
     *
     * @param before what clients read until then
     */
    record Made(Release release, Items before) {}

    /** One that is to be made: {@code items} on top of {@code state}. */
    private record Wish(NamespacePath path, NamespaceState state, Items items, OptionalLong restores) {

        Release release(String author, String message, Clock clock) {
            return new Release(path, state.number() + 1, author, message, clock.instant(), items, restores);
        }
    }

    /**
     * Makes drafts the releases in effect, all of them in one step.
     *
     * @param revisions the revision that each draft must be at, by namespace; at least one
     */
    List<Made> publish(SortedMap<NamespacePath, Long> revisions, Caller publisher, String message) {
        List<Wish> wishes = new ArrayList<>();
        revisions.forEach((path, revision) -> {
            NamespaceState state = namespaces.current(path, revision);
            PublishRules.checkPublisher(state.rules(), publisher);
            if (state.draft().equals(state.released())) {
                throw new Problem(
                        ConfigProblem.NOTHING_TO_PUBLISH,
                        "The draft of '" + path.namespace() + "' is what release " + state.number() + " holds.",
                        Map.of("namespace", path.namespace()));
            }
            PublishRules.checkReview(path, state);
            wishes.add(new Wish(path, state, state.draft(), OptionalLong.empty()));
        });
        return make(wishes, publisher.subject(), message);
    }

    /**
     * Makes a release of what an earlier one held; the draft stays as it is. That needs no review: it had one, and calls may be
     * failing.
     *
     * @param from the release that must be in effect
     * @param to the earlier one
     */
    Made rollBack(NamespacePath path, long from, long to, Caller publisher, String message) {
        NamespaceState state = namespaces.read(path);
        PublishRules.checkPublisher(state.rules(), publisher);
        if (state.number() != from) {
            throw new Problem(
                    ConfigProblem.STALE_RELEASE,
                    "Release " + state.number() + " is in effect, not " + from + ".",
                    Map.of("release", state.number()));
        }
        Items items = history.release(path, to).items();
        if (items.equals(state.released())) {
            throw new Problem(
                    ConfigProblem.NOTHING_TO_PUBLISH,
                    "Release " + from + ", which is in effect, holds what release " + to + " held.");
        }
        return make(List.of(new Wish(path, state, items, OptionalLong.of(to))), publisher.subject(), message)
                .getFirst();
    }

    private List<Made> make(List<Wish> wishes, String author, String message) {
        List<Release> releases = wishes.stream()
                .map(wish -> wish.release(author, message, clock))
                .toList();
        NamespacePath path = wishes.getFirst().path();
        try {
            ensemble.ask(zookeeper -> {
                make(zookeeper, wishes, releases);
                return path;
            });
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            throw new Problem(
                    ConfigProblem.STALE_REVISION, "Another change, decision or release got in between.");
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
        List<Made> made = new ArrayList<>();
        for (int index = 0; index < wishes.size(); index++) {
            made.add(new Made(releases.get(index), wishes.get(index).state().released()));
        }
        return made;
    }

    private void make(CuratorFramework zookeeper, List<Wish> wishes, List<Release> releases) throws Exception {
        // Contents can't tell two attempts apart: the same author may publish the same twice in one millisecond.
        byte[] attempt = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
        List<CuratorOp> steps = new ArrayList<>();
        int bytes = 0;
        for (int index = 0; index < wishes.size(); index++) {
            byte[] content = releases.get(index).encode();
            byte[] current = Current.encode(releases.get(index));
            bytes += content.length + current.length;
            steps.addAll(steps(zookeeper, wishes.get(index), content, current, attempt));
        }
        if (bytes > LARGEST_TOGETHER && wishes.size() > 1) {
            throw new Problem(
                    ConfigProblem.TOO_LARGE_TOGETHER,
                    "Together the namespaces have " + bytes + " bytes compressed, one step takes " + LARGEST_TOGETHER
                            + ".");
        }
        try {
            zookeeper.transaction().forOperations(steps);
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            // Curator repeats after a lost answer: then it is our own release that is in the way.
            if (!Arrays.equals(
                    zookeeper.getData().forPath(wishes.getFirst().path().releases()), attempt)) {
                throw e;
            }
        }
    }

    private List<CuratorOp> steps(CuratorFramework zookeeper, Wish wish, byte[] content, byte[] current, byte[] attempt)
            throws Exception {
        NamespacePath path = wish.path();
        List<CuratorOp> steps = new ArrayList<>();
        if (wish.restores().isEmpty()) {
            steps.add(unchanged(zookeeper, path.draft(), (int) wish.state().revision()));
            if (wish.state().rules().review() && wish.state().lastReview().isPresent()) {
                steps.add(unchanged(
                        zookeeper,
                        Review.node(path),
                        wish.state().lastReview().get().version()));
            }
        }
        if (wish.state().storedRules().isPresent()) {
            steps.add(unchanged(
                    zookeeper,
                    StageRules.node(path),
                    wish.state().storedRules().get().version()));
        }
        steps.add(zookeeper
                .transactionOp()
                .create()
                .withACL(identities.readable(path))
                .forPath(path.release(wish.state().number() + 1), content));
        steps.add(zookeeper
                .transactionOp()
                .setData()
                .withVersion(wish.state().pointerVersion())
                .forPath(path.current(), current));
        steps.add(zookeeper.transactionOp().setData().forPath(path.releases(), attempt));
        List<Long> kept = wish.state().kept();
        for (long old : kept.subList(0, Math.max(0, kept.size() - (ReleaseHistory.KEPT - 1)))) {
            steps.add(zookeeper.transactionOp().delete().forPath(path.release(old)));
        }
        return steps;
    }

    private static CuratorOp unchanged(CuratorFramework zookeeper, String node, int version) throws Exception {
        return zookeeper.transactionOp().check().withVersion(version).forPath(node);
    }
}
