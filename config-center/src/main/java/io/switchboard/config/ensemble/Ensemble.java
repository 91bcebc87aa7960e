package io.switchboard.config.ensemble;

import io.switchboard.config.access.Identities;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/**
 * Asks ZooKeeper within a bounded time. The client is no bean of its own: service discovery would take it for its
 * own, with the center's identity.
 */
@Component
public class Ensemble implements SmartInitializingSingleton, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Ensemble.class);

    /** All of a stage at once: 100 namespaces with drafts, reviews and schemas as large as they may be. */
    private static final int LARGEST_ANSWER = 128 * 1024 * 1024;

    private final Session session;
    private final ZooKeeperProperties properties;
    private final Identities identities;
    private final Marks marks;
    private final String center = UUID.randomUUID().toString();
    private final Gate gate = new Gate(this::gateChanged);
    private final List<Consumer<Boolean>> listeners = new CopyOnWriteArrayList<>();

    /** Whether listeners were told last that it is shut. */
    private final AtomicBoolean told = new AtomicBoolean();

    Ensemble(ZooKeeperProperties properties, Identities identities) {
        this.properties = properties;
        this.identities = identities;
        this.marks = new Marks(identities, center);
        this.session = new Session(properties, identities, LARGEST_ANSWER);
    }

    /** Something to ask; throws {@link KeeperException} or is interrupted, whatever Curator declares. */
    @FunctionalInterface
    public interface Question<T> {
        T ask(CuratorFramework zookeeper) throws Exception;
    }

    /**
     * @throws Problem {@link RequestProblem#UNAVAILABLE} if ZooKeeper gave no answer in time, {@link
     *     EnsembleProblem#RESTORE_UNDER_WAY} while what is there is not whole
     * @throws KeeperException what the caller can answer: a missing node, one that is there, another version
     */
    public <T> T ask(Question<T> question) throws KeeperException {
        try {
            return askThoughShut(zookeeper -> {
                checkOpen();
                return question.ask(zookeeper);
            });
        } finally {
            // Whatever was found: it may be half of what will be there.
            checkOpen();
        }
    }

    private void checkOpen() {
        if (gate.isShut()) {
            throw new Problem(EnsembleProblem.RESTORE_UNDER_WAY, "What the config center keeps is being restored.");
        }
    }

    /** As {@link #ask}, for whoever shut it. */
    <T> T askThoughShut(Question<T> question) throws KeeperException {
        return session.ask(zookeeper -> {
            long id = zookeeper.getZookeeperClient().getZooKeeper().getSessionId();
            if (!gate.isKnownIn(id)) {
                // Perhaps another ensemble, or one that was set back.
                OwnTree.claim(zookeeper, identities);
                gate.look(zookeeper, id);
            }
            return question.ask(zookeeper);
        });
    }

    /**
     * All steps at once, or none. If the answer is lost, it is found out whether they happened; if the session ended with it, nobody can
     * tell, and steps that happened fail as if somebody else had been quicker.
     *
     * @throws Problem {@link RequestProblem#UNAVAILABLE} if ZooKeeper gave no answer in time, also to that
     * @throws KeeperException as with {@link #ask}, without an effect
     */
    public void commit(Question<List<CuratorOp>> steps) throws KeeperException {
        ask(zookeeper -> committed(zookeeper, steps));
    }

    /** As {@link #commit}, for whoever shut it. */
    void commitThoughShut(Question<List<CuratorOp>> steps) throws KeeperException {
        askThoughShut(zookeeper -> committed(zookeeper, steps));
    }

    private List<CuratorOp> committed(CuratorFramework zookeeper, Question<List<CuratorOp>> steps) throws Exception {
        List<CuratorOp> asked = steps.ask(zookeeper);
        Marks.Mark mark = marks.take();
        try {
            new Transaction(zookeeper, mark, properties.requestTimeout()).commit(asked);
        } finally {
            marks.giveBack(mark);
        }
        return asked;
    }

    /**
     * Has nobody else ask or change anything, at no center, until it is opened; also if this center goes before.
     *
     * @throws Problem {@link EnsembleProblem#RESTORE_UNDER_WAY} if somebody holds it already
     */
    public Shut shut() throws KeeperException {
        String holder = Gate.NODE + "/" + UUID.randomUUID();
        Optional<Answers.Found> left = askThoughShut(
                zookeeper -> Answers.of(zookeeper, Answers.data(Gate.NODE)).found(0));
        boolean begun = left.isPresent() && Gate.hasBegun(left.get());
        if (left.isPresent() && left.get().children() > 0) {
            throw held();
        }
        var shut = new Shut(this, holder, begun);
        try {
            commitThoughShut(zookeeper -> List.of(
                    left.isPresent()
                            ? zookeeper
                                    .transactionOp()
                                    .setData()
                                    .withVersion(left.get().version())
                                    .forPath(Gate.NODE, left.get().data())
                            : zookeeper
                                    .transactionOp()
                                    .create()
                                    .withACL(identities.centerOnly())
                                    .forPath(Gate.NODE, Gate.CHECKING),
                    zookeeper
                            .transactionOp()
                            .create()
                            .withMode(CreateMode.EPHEMERAL)
                            .withACL(identities.centerOnly())
                            .forPath(holder, new byte[0])));
        } catch (KeeperException.NoNodeException
                | KeeperException.NodeExistsException
                | KeeperException.BadVersionException e) {
            throw held();
        } catch (Problem e) {
            // Nobody knows whether it is shut: if so, it would stay shut for as long as this session lives.
            later(shut::close);
            throw e;
        }
        return shut;
    }

    private static Problem held() {
        return new Problem(EnsembleProblem.RESTORE_UNDER_WAY, "Somebody restores the config center already.");
    }

    /** Has it tried in a moment, unless this center goes. */
    void later(Runnable attempt) {
        Thread.ofVirtual().name("config-gate").start(() -> {
            try {
                Thread.sleep(Duration.ofSeconds(1));
                if (session.isStarted()) {
                    attempt.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** It was opened, by whoever shut it. */
    void opened() {
        gate.forget();
    }

    /** Whether nobody has shut it. */
    public boolean isOpen() throws KeeperException {
        return askThoughShut(zookeeper -> !gate.isShut());
    }

    /** On ZooKeeper's thread, which must not wait. */
    private void gateChanged(boolean certainly) {
        Thread.ofVirtual().name("config-gate").start(() -> {
            try {
                askThoughShut(CuratorFramework::getState);
                boolean shut = gate.isShut();
                if (told.getAndSet(shut) != shut || certainly) {
                    listeners.forEach(listener -> listener.accept(!shut));
                }
            } catch (KeeperException | Problem e) {
                // The next question looks.
                log.debug("Not looked: {}", e.getMessage());
            }
        });
    }

    /**
     * Names of the nodes below this one, in no order; none if it isn't there.
     *
     * @throws Problem {@link RequestProblem#UNAVAILABLE} if ZooKeeper gave no answer in time
     */
    public List<String> children(String node) {
        try {
            return ask(zookeeper -> zookeeper.getChildren().forPath(node));
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw new IllegalStateException("ZooKeeper answered " + e.code() + " for the nodes below " + node, e);
        }
    }

    /** Nothing starts on a tree that isn't the center's; without an ensemble, the first question finds out. */
    @Override
    public void afterSingletonsInstantiated() {
        try {
            ask(CuratorFramework::getState);
        } catch (Problem later) {
            log.info("{} {}", later.detail(), later.code().remedy());
        } catch (KeeperException e) {
            throw new IllegalStateException("ZooKeeper answered " + e.code() + " for the center's own nodes", e);
        }
    }

    /** This center's name, for as long as it runs. */
    public String center() {
        return center;
    }

    /** Whether the center of that name is connected, once it has committed anything. */
    public boolean isThere(String other) {
        return children(Marks.ROOT).stream().anyMatch(mark -> mark.startsWith(other));
    }

    public boolean connected() {
        return session.connected();
    }

    /**
     * Has it called with true at each connection and each reconnection, and with false at each loss; likewise when a restore is done, and
     * when one begins.
     */
    public void onConnectionChange(Consumer<Boolean> listener) {
        session.zookeeper()
                .getConnectionStateListenable()
                .addListener((client, state) -> listener.accept(state.isConnected()));
        listeners.add(listener);
    }

    @Override
    public void close() {
        session.close();
    }
}
