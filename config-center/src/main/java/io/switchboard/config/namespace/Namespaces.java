package io.switchboard.config.namespace;

import io.switchboard.config.access.ReaderKeys;
import io.switchboard.config.credential.Keyring;
import io.switchboard.config.ensemble.Answers;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.HeirNodes;
import io.switchboard.config.ensemble.ReportedNodes;
import io.switchboard.config.ensemble.ReportedNodes.Listing;
import io.switchboard.config.namespace.NamespaceState.Guards;
import io.switchboard.config.secret.Secrets;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Namespaces in ZooKeeper, the only place where they are; {@link Releases} makes their releases. */
@Component
class Namespaces {

    /** How often a change without a revision is tried again when another one got in between. */
    private static final int ATTEMPTS = 10;

    private final Ensemble ensemble;
    private final ReportedNodes reported;
    private final NamespaceNodes nodes;
    private final Documents documents;
    private final Secrets secrets;
    private final LastEdits lastEdits;

    Namespaces(
            Ensemble ensemble,
            ReportedNodes reported,
            NamespaceNodes nodes,
            Documents documents,
            Secrets secrets,
            LastEdits lastEdits) {
        this.ensemble = ensemble;
        this.reported = reported;
        this.nodes = nodes;
        this.documents = documents;
        this.secrets = secrets;
        this.lastEdits = lastEdits;
    }

    /** Makes the namespace if it isn't there, so that clients can start before its first release. */
    void ensure(NamespacePath path) {
        try {
            nodes.ensure(path);
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    /** Makes the place where the application's builds leave what they take, too. */
    void ensureForTasks(NamespacePath path) {
        try {
            nodes.ensure(path);
            nodes.ensureBuilds(path);
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    NamespaceState read(NamespacePath path) {
        try {
            return ensemble.ask(zookeeper -> state(zookeeper, path));
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    /** A draft after a change, and the keys that are other than before, ordered. */
    record Edited(NamespaceState state, Set<String> keys) {}

    /**
     * Changes the draft.
     *
     * @param changes a value for each key, {@code null} to take it out
     * @param comments a comment for each key, {@code null} to take it away
     * @param revision what the draft must be at, or null for whatever it is at
     */
    Edited edit(
            NamespacePath path,
            Map<String, @Nullable String> changes,
            Map<String, @Nullable String> comments,
            @Nullable Long revision,
            String author) {
        // Before any node is made: a refused change leaves nothing behind.
        ItemRules.check(path.namespace(), changes);
        Comments.check(path.namespace(), comments);
        ItemRules.encode(ItemRules.apply(Items.NONE, changes));
        return edit(path, content -> ItemRules.apply(content, changes, comments), revision, author);
    }

    /**
     * Changes encrypted items of the draft.
     *
     * @param changes a value for each key, {@code null} to take it out
     * @param revision as with {@link #edit}
     */
    Edited encrypt(NamespacePath path, Map<String, @Nullable String> changes, @Nullable Long revision, String author) {
        ItemRules.checkSecrets(path.namespace(), changes);
        secrets.checkPossible();
        current(path, revision);
        ensure(path);
        return edit(
                path,
                // Each time with the newest key: where somebody else was quicker, that may have been a rotation.
                content -> new Content(
                        ItemRules.encrypt(content.items(), changes, secrets.sealer(path, author)), content.comments()),
                revision,
                author);
    }

    private Edited edit(NamespacePath path, UnaryOperator<Content> change, @Nullable Long revision, String author) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long sign = lastEdits.watch(path);
            NamespaceState before = current(path, revision);
            Draft after = before.wholeDraft().with(change.apply(before.drafted()), author, before.inEffect());
            if (!before.isThere()) {
                ensure(path);
                continue;
            }
            if (after.content().equals(before.drafted())) {
                return new Edited(before, Set.of());
            }
            OptionalLong stored = stored(path, after, before.revision());
            if (stored.isPresent()) {
                NamespaceState edited = before.with(after, stored.getAsLong());
                lastEdits.keep(path, edited, sign);
                return new Edited(edited, after.content().changedSince(before.drafted()));
            }
        }
        throw new Problem(RequestProblem.CONFLICT, "Others change this draft all the time.");
    }

    /**
     * The same draft, sealed in another way.
     *
     * @param also what happens in the same step
     * @throws Problem {@link ConfigProblem#STALE_REVISION} if it is at another revision by then, {@link RequestProblem#CONFLICT} if
     *     something else is another
     */
    void replace(NamespacePath path, Draft draft, long revision, ReleaseTransaction.Also also) {
        if (stored(path, draft, revision, also).isEmpty()) {
            long now = read(path).revision();
            throw now != revision
                    ? stale(revision, now)
                    : new Problem(RequestProblem.CONFLICT, "Somebody else changed what waits for this draft.");
        }
    }

    /** Makes the draft hold this, unless it is at another revision by then. */
    void replace(NamespacePath path, Content content, long revision, String author) {
        NamespaceState state = read(path);
        if (state.revision() == revision && !state.drafted().equals(content)) {
            stored(path, state.wholeDraft().replacedBy(content, author), revision);
        }
    }

    /** @throws Problem {@link ConfigProblem#STALE_REVISION} if the draft is at another revision than a given one */
    NamespaceState current(NamespacePath path, @Nullable Long revision) {
        NamespaceState state = read(path);
        if (revision != null && revision != state.revision()) {
            throw stale(revision, state.revision());
        }
        return state;
    }

    private OptionalLong stored(NamespacePath path, Draft draft, long revision) {
        return stored(path, draft, revision, zookeeper -> List.of());
    }

    /** The draft's new revision; empty if somebody else was quicker. */
    private OptionalLong stored(NamespacePath path, Draft draft, long revision, ReleaseTransaction.Also also) {
        byte[] encoded = draft.encode();
        try {
            ensemble.commit(zookeeper -> {
                List<CuratorOp> steps = new ArrayList<>(also.steps(zookeeper));
                steps.add(zookeeper
                        .transactionOp()
                        .setData()
                        .withVersion((int) revision)
                        .forPath(path.draft(), encoded));
                return steps;
            });
            return OptionalLong.of(revision + 1);
        } catch (KeeperException.BadVersionException | KeeperException.NoNodeException e) {
            return OptionalLong.empty();
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    /** Names of the namespaces that an application has in a stage, ordered. */
    List<String> names(NamespacePath sibling) {
        try {
            return ensemble.ask(zookeeper -> zookeeper.getChildren().forPath(sibling.stageNode()).stream()
                    .sorted()
                    .toList());
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw defect(sibling, e);
        }
    }

    /**
     * A client that is connected.
     *
     * @param since when it told of itself first, by ZooKeeper's clock
     */
    record Connected(ClientReport report, Instant since) {}

    /** What clients say about themselves, by name; what isn't in our format, or not for us to read, is left out. */
    List<ClientReport> clients(NamespacePath path) {
        return connected(path).stream().map(Connected::report).toList();
    }

    /** As {@link #clients}; none if there are too many, for what must not fail for that. */
    List<ClientReport> clientsIfListed(NamespacePath path) {
        try {
            return clients(path);
        } catch (Problem e) {
            if (e.code().equals(ConfigProblem.TOO_MANY_CLIENTS)) {
                return List.of();
            }
            throw e;
        }
    }

    /**
     * As {@link #clients}, and since when they are there.
     *
     * @throws Problem {@link ConfigProblem#TOO_MANY_CLIENTS}
     */
    List<Connected> connected(NamespacePath path) {
        try {
            return switch (reported.list(path.clients())) {
                case Listing.TooMany(int count) -> throw tooManyClients(path, count);
                case Listing.Names(List<String> names) ->
                    reported
                            .decoded(
                                    names.stream().map(path::client).toList(),
                                    content ->
                                            report(content.data()).map(report -> new Connected(report, content.made())))
                            .stream()
                            .sorted(Comparator.comparing(one -> one.report().client()))
                            .toList();
            };
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    private static Problem tooManyClients(NamespacePath path, int count) {
        return new Problem(
                ConfigProblem.TOO_MANY_CLIENTS,
                count + " nodes below 'clients' of '" + path.namespace()
                        + "' are too many to look at, or have too long names.",
                Map.of("namespace", path.namespace(), "clients", count));
    }

    private static Optional<ClientReport> report(byte[] content) {
        try {
            return Optional.of(ClientReport.decode(content));
        } catch (DamagedContent e) {
            return Optional.empty();
        }
    }

    /** The place where builds of an application leave what they take. */
    void ensureBuilds(NamespacePath path) {
        try {
            nodes.ensureBuilds(path);
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    private NamespaceState state(CuratorFramework zookeeper, NamespacePath path) throws Exception {
        // Again if a release went away between the pointer and the look at it, which takes 50 releases at that moment.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Answers answers = Answers.of(
                    zookeeper,
                    Answers.data(path.current()),
                    Answers.data(path.draft()),
                    Answers.children(path.releases()),
                    Answers.data(Review.node(path)),
                    Answers.data(StageRules.node(path)),
                    Answers.data(Freezes.node(path)),
                    Answers.data(path.canary()),
                    Answers.data(path.applicationNode()),
                    Answers.data(Keyring.node(path)),
                    Answers.data(path.builds()),
                    Answers.data(Schemas.node(path)),
                    Answers.data(HeirNodes.of(path)),
                    Answers.children(path.comments()));
            Guards guards = guards(answers, path);
            if (answers.found(0).isEmpty()) {
                return NamespaceState.absent(guards);
            }
            Answers.Found pointer = answers.data(0);
            Current current = pointer.decoded(data -> Current.decode(data, path));
            long number = current.pointer().number();
            Optional<Release> release = number == 0 || current.release().isPresent()
                    ? current.release()
                    : ReleaseHistory.stored(zookeeper, path, number);
            Optional<ReleaseComments> comments = comments(zookeeper, path, number, answers);
            if ((number == 0 || release.isPresent()) && comments.isPresent()) {
                Answers.Found draft = answers.data(1);
                return new NamespaceState(
                        draft.version(),
                        draft.decoded(Draft::decode),
                        release,
                        pointer.version(),
                        pointer.written(),
                        answers.children(2).stream().map(Long::valueOf).sorted().toList(),
                        comments.get(),
                        guards);
            }
        }
        throw new Problem(RequestProblem.CONFLICT, "Others publish in this namespace all the time.");
    }

    /** Empty if they went away between the two looks. */
    private static Optional<ReleaseComments> comments(
            CuratorFramework zookeeper, NamespacePath path, long number, Answers answers) throws Exception {
        Optional<Set<Long>> numbers;
        try {
            numbers = Optional.of(
                    answers.children(12).stream().map(Long::valueOf).collect(Collectors.toUnmodifiableSet()));
        } catch (KeeperException.NoNodeException e) {
            numbers = Optional.empty();
        }
        if (!new ReleaseComments(Comments.NONE, numbers).has(number)) {
            return Optional.of(new ReleaseComments(Comments.NONE, numbers));
        }
        Optional<Set<Long>> known = numbers;
        return ReleaseHistory.comments(zookeeper, path, number).map(comments -> new ReleaseComments(comments, known));
    }

    private Guards guards(Answers answers, NamespacePath path) throws KeeperException {
        ReaderKeys readers = answers.found(8)
                .map(found -> documents.stored(found, Keyring.class).value().readers())
                .orElse(ReaderKeys.FIRST);
        return new Guards(
                answers.found(3).map(found -> documents.stored(found, Review.class, Review.UNREADABLE)),
                answers.found(4).map(found -> documents.stored(found, StageRules.class)),
                answers.found(5).map(found -> documents.stored(found, Freezes.class)),
                answers.found(6).map(found -> found.decoded(data -> Canary.decode(data, path))),
                new Stored<>(
                        readers, answers.found(7).map(Answers.Found::version).orElse(0)),
                answers.found(10).map(found -> documents.stored(found, Schemas.Kept.class)),
                answers.found(9).filter(found -> found.children() > 0).isPresent(),
                answers.found(11).filter(found -> found.children() > 0).isPresent());
    }

    static Problem stale(long given, long actual) {
        return new Problem(
                ConfigProblem.STALE_REVISION,
                "The draft is at revision " + actual + ", not " + given + ".",
                Map.of("revision", actual));
    }

    static IllegalStateException defect(NamespacePath path, KeeperException e) {
        return new IllegalStateException("ZooKeeper answered " + e.code() + " for namespace " + path, e);
    }
}
