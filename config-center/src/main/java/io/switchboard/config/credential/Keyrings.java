package io.switchboard.config.credential;

import io.switchboard.config.access.Identities;
import io.switchboard.config.access.ReaderKeys.Key;
import io.switchboard.config.audit.OwnAct;
import io.switchboard.config.audit.OwnActs;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.ReportedNodes;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Issues and retires reader keys. Which are valid changes in one step, with the version of the application's node: what is made by
 * an older list fails from then on. A mark stays until what was there before is open to the same keys.
 */
@Component
public class Keyrings {

    private static final int MOST = 3;
    private static final int ATTEMPTS = 10;

    private final Ensemble ensemble;
    private final Documents documents;
    private final ReportedNodes reported;
    private final Identities identities;
    private final OwnActs acts;
    private final Clock clock;

    Keyrings(
            Ensemble ensemble,
            ReportedNodes reported,
            Documents documents,
            Identities identities,
            OwnActs acts,
            Clock clock) {
        this.reported = reported;
        this.ensemble = ensemble;
        this.documents = documents;
        this.identities = identities;
        this.acts = acts;
        this.clock = clock;
    }

    /** @param application any namespace of it */
    public Keyring keyring(NamespacePath application) {
        return value(stored(application));
    }

    /**
     * The same for the same workload every time.
     *
     * @param workload whose tasks get it; null for the newest
     */
    public Key give(NamespacePath application, @Nullable String workload) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Stored<Keyring>> before = stored(application);
            Keyring keyring = value(before);
            Key newest = keyring.readers().newest();
            if (workload == null) {
                return newest;
            }
            if (keyring.workloads().containsKey(workload)) {
                return Objects.requireNonNull(keyring.workloads().get(workload));
            }
            if (replaced(application, before, keyring.given(workload, newest))) {
                return newest;
            }
        }
        throw busy(application);
    }

    /**
     * Makes another key valid beside those that are; one of that id stays as it is. Tasks get it once it opens everything.
     *
     * @return whether it is a new one
     */
    public boolean issue(NamespacePath application, String id, String author) {
        Key key = another(id, author);
        return changed(
                application, keyring -> keyring.readers().byId(id).isPresent() ? keyring : withOneMore(keyring, key));
    }

    /**
     * As {@link #issue}, and the center retires all other keys after that time; none is valid for longer than it would have been.
     *
     * @param overlap zero has them end now: {@link #retireDue(NamespacePath)} does it, or the center's next look
     * @return whether anything changed
     */
    public boolean rotate(NamespacePath application, String id, Duration overlap, String author) {
        Key key = another(id, author);
        Instant end = clock.instant().plus(overlap).truncatedTo(ChronoUnit.MILLIS);
        return changed(application, keyring -> {
            boolean there = keyring.readers().byId(id).isPresent();
            if (there && !keyring.keys().getFirst().id().equals(id)) {
                throw new Problem(
                        CredentialProblem.READER_KEY_IS_OLDER, "'" + id + "' is one of the older reader keys.");
            }
            return (there ? keyring : withOneMore(keyring, key)).retiringOthers(end);
        });
    }

    /**
     * Has those whose time has come read nothing; may be repeated.
     *
     * @return the ids of those that this call retired
     */
    public List<String> retireDue(NamespacePath application) {
        return retireDue(new Retiring(application, clock.instant()), true);
    }

    private Key another(String id, String author) {
        return new Key(id, UUID.randomUUID().toString(), clock.instant(), author, false, null);
    }

    private static Keyring withOneMore(Keyring keyring, Key key) {
        if (keyring.keys().size() == MOST) {
            throw new Problem(CredentialProblem.TOO_MANY_READER_KEYS, "There are " + MOST + " reader keys, the most.");
        }
        return keyring.with(key);
    }

    /**
     * Has those whose time has come read nothing, also of an application that is deleted; may be repeated.
     *
     * @param asked whether a call asks for it, which has an entry of its own in the audit
     * @return the ids of those that this call retired
     */
    List<String> retireDue(Retiring due, boolean asked) {
        NamespacePath application = due.application();
        Set<String> gone = new TreeSet<>();
        UnaryOperator<Keyring> change = keyring -> {
            Keyring left = keyring.withoutDue(due.at());
            gone.clear();
            keyring.keys().stream().filter(key -> !left.keys().contains(key)).forEach(key -> gone.add(key.id()));
            return left;
        };
        boolean changed = changed(
                application,
                change,
                true,
                zookeeper -> asked
                        ? List.of()
                        : acts.steps(
                                zookeeper,
                                gone.stream()
                                        .map(id -> OwnAct.inApplication(application, "reader-key.retire", id))
                                        .toList()));
        done(
                application,
                zookeeper -> List.of(zookeeper.transactionOp().delete().forPath(due.node())));
        return changed ? List.copyOf(gone) : List.of();
    }

    /**
     * From its end on the key reads nothing; may be repeated.
     *
     * @return whether it was there
     * @throws Problem {@link RequestProblem#NOT_FOUND} if no key had this id
     */
    public boolean retire(NamespacePath application, String id) {
        return changed(application, keyring -> {
            if (keyring.readers().newest().id().equals(id)) {
                throw new Problem(
                        CredentialProblem.NEWEST_READER_KEY, "Tasks that start get the reader key '" + id + "'.");
            }
            if (keyring.readers().byId(id).isEmpty() && !keyring.retired().contains(id)) {
                throw new Problem(
                        RequestProblem.NOT_FOUND,
                        "'" + application.application() + "' has no reader key '" + id + "'.");
            }
            return keyring.without(id);
        });
    }

    private boolean changed(NamespacePath application, UnaryOperator<Keyring> change) {
        return changed(application, change, false, zookeeper -> List.of());
    }

    /**
     * @param alsoDeleted whether the application may be gone
     * @param with what happens in the same step; asked for after the change
     */
    private boolean changed(NamespacePath application, UnaryOperator<Keyring> change, boolean alsoDeleted, Steps with) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            settle(application);
            Optional<Stored<Keyring>> before = stored(application);
            Keyring after = change.apply(value(before));
            if (after.equals(value(before))) {
                return false;
            }
            if (begun(application, before, after, alsoDeleted, with)) {
                settle(application);
                return true;
            }
        }
        throw busy(application);
    }

    private boolean begun(
            NamespacePath application,
            Optional<Stored<Keyring>> before,
            Keyring after,
            boolean alsoDeleted,
            Steps with) {
        return done(application, zookeeper -> {
            boolean there = zookeeper.checkExists().forPath(application.applicationNode()) != null;
            if (!there && !alsoDeleted) {
                throw new Problem(RequestProblem.NOT_FOUND, "The application has no configuration.");
            }
            String mark = new Unsettled(application).node();
            documents.ensureParents(zookeeper, mark);
            documents.ensureParents(zookeeper, Keyring.node(application));
            List<CuratorOp> steps = new ArrayList<>(List.of(
                    documents.step(zookeeper, Keyring.node(application), before, after),
                    documents.step(zookeeper, mark, Optional.empty(), application.toString())));
            if (there) {
                steps.add(zookeeper.transactionOp().setData().forPath(application.applicationNode(), new byte[0]));
            } else if (zookeeper.checkExists().forPath(application.tenantNode()) != null) {
                // Fails if somebody makes it again meanwhile, with nodes that the older list opens.
                steps.add(zookeeper
                        .transactionOp()
                        .create()
                        .withACL(identities.centerOnly())
                        .forPath(application.applicationNode(), new byte[0]));
                steps.add(zookeeper.transactionOp().delete().forPath(application.applicationNode()));
            }
            steps.addAll(documents.marks(
                    zookeeper, marks(application, value(before)), marks(application, after), application.toString()));
            steps.addAll(with.of(zookeeper));
            return steps;
        });
    }

    /** One for each end: there are never more of them than keys. */
    private static Set<String> marks(NamespacePath application, Keyring keyring) {
        return keyring.ends().stream()
                .map(end -> new Retiring(application, end).node())
                .collect(Collectors.toSet());
    }

    /** Goes on where somebody was cut off, this one or another center; does nothing if nobody was. */
    void settle(NamespacePath application) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Stored<Keyring>> before = stored(application);
            Optional<Boolean> settled = asked(application, zookeeper -> {
                if (zookeeper.checkExists().forPath(new Unsettled(application).node()) == null) {
                    return Optional.of(true);
                }
                new ReaderRights(
                                zookeeper,
                                reported,
                                identities,
                                application,
                                value(before).readers())
                        .write();
                return Optional.<Boolean>empty();
            });
            boolean over = settled.isPresent()
                    || done(
                            application,
                            zookeeper -> List.of(
                                    documents.step(
                                            zookeeper,
                                            Keyring.node(application),
                                            before,
                                            value(before).settled()),
                                    zookeeper.transactionOp().delete().forPath(new Unsettled(application).node())));
            if (over) {
                return;
            }
        }
        throw busy(application);
    }

    /** Opens all nodes to the keys that are valid now: some may have been made by an older list. */
    public void openAnew(NamespacePath application) {
        done(application, zookeeper -> {
            String mark = new Unsettled(application).node();
            documents.ensureParents(zookeeper, mark);
            return List.of(documents.step(zookeeper, mark, Optional.empty(), application.toString()));
        });
        settle(application);
    }

    /** What is left of a deleted application: nothing, unless keys were retired that must stay so. */
    public void forget(NamespacePath application) {
        Optional<Stored<Keyring>> before = stored(application);
        if (before.isPresent() && value(before).isFirst()) {
            done(
                    application,
                    zookeeper -> List.of(zookeeper
                            .transactionOp()
                            .delete()
                            .withVersion(before.get().version())
                            .forPath(Keyring.node(application))));
        }
    }

    private boolean replaced(NamespacePath application, Optional<Stored<Keyring>> before, Keyring after) {
        return done(application, zookeeper -> {
            documents.ensureParents(zookeeper, Keyring.node(application));
            return List.of(documents.step(zookeeper, Keyring.node(application), before, after));
        });
    }

    @FunctionalInterface
    private interface Steps {
        List<CuratorOp> of(CuratorFramework zookeeper) throws Exception;
    }

    /** False if somebody else was quicker. */
    private boolean done(NamespacePath application, Steps steps) {
        try {
            ensemble.commit(steps::of);
            return true;
        } catch (KeeperException.BadVersionException
                | KeeperException.NodeExistsException
                | KeeperException.NoNodeException e) {
            return false;
        } catch (KeeperException e) {
            throw defect(application, e);
        }
    }

    private <T> T asked(NamespacePath application, Ensemble.Question<T> question) {
        try {
            return ensemble.ask(question);
        } catch (KeeperException e) {
            throw defect(application, e);
        }
    }

    private Optional<Stored<Keyring>> stored(NamespacePath application) {
        try {
            return documents.read(Keyring.node(application), Keyring.class);
        } catch (KeeperException e) {
            throw defect(application, e);
        }
    }

    private static Keyring value(Optional<Stored<Keyring>> stored) {
        return stored.map(Stored::value).orElse(Keyring.FIRST);
    }

    private static Problem busy(NamespacePath application) {
        return new Problem(
                RequestProblem.CONFLICT,
                "Others change the reader keys of '" + application.application() + "' all the time.");
    }

    private static IllegalStateException defect(NamespacePath application, KeeperException e) {
        return new IllegalStateException(
                "ZooKeeper answered " + e.code() + " for the reader keys of " + application.application(), e);
    }
}
