package io.switchboard.scheduling.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.switchboard.engine.InMemoryEngine;
import io.switchboard.engine.Workload;
import io.switchboard.scheduling.SchedulerDatabase;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.curator.test.TestingServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.JdbcTemplate;

/** Several that stand, in one process, on a real ZooKeeper and a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeadershipTests {

    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration LONG_LEASE = Duration.ofSeconds(40);
    private static final Workload WORKLOAD = new Workload(
            "sb-desk-r1", "acd", 2, 100, 64, List.of(), Map.of(), new Workload.Health.Running(), Duration.ofSeconds(1));

    private final SchedulerDatabase database = new SchedulerDatabase();
    private final JdbcTemplate jdbc = database.jdbc();
    private final Epochs epochs = new Epochs(jdbc, database.transaction());
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
        open.clear();
    }

    @AfterAll
    void stop() throws IOException {
        database.close();
    }

    /** One that stands, and the terms it had. */
    private final class Stander implements TermListener, AutoCloseable {

        final List<Term> terms = new CopyOnWriteArrayList<>();
        final List<Term> ended = new CopyOnWriteArrayList<>();
        volatile boolean failsToBegin;
        final Leadership leadership;

        Stander(Election election, String name, Duration lease) {
            leadership = new Leadership(election, epochs, this, lease, name, System::nanoTime);
            leadership.start();
            open.add(this);
        }

        @Override
        public void began(Term term) {
            terms.add(term);
            if (failsToBegin) {
                failsToBegin = false;
                throw new IllegalStateException("a defect");
            }
        }

        @Override
        public boolean ended(Term term) {
            ended.add(term);
            return true;
        }

        boolean leads() {
            return leadership.role() instanceof Leadership.Role.Leads;
        }

        Term last() {
            return terms.getLast();
        }

        @Override
        public void close() {
            leadership.stop();
        }
    }

    private Stander inZooKeeper(TestingServer zookeeper, String name) {
        return inZooKeeper(zookeeper, name, LEASE);
    }

    private Stander inZooKeeper(TestingServer zookeeper, String name, Duration lease) {
        return new Stander(new ZooKeeperElection(client(zookeeper), name), name, lease);
    }

    private CuratorFramework client(TestingServer zookeeper) {
        var client = CuratorFrameworkFactory.builder()
                .connectString(zookeeper.getConnectString())
                .sessionTimeoutMs(2_000)
                .connectionTimeoutMs(2_000)
                .retryPolicy(new RetryForever(100))
                .build();
        client.start();
        open.add(client);
        return client;
    }

    private TestingServer zookeeper() throws Exception {
        var server = new TestingServer();
        open.add(server);
        return server;
    }

    @Test
    void oneLeadsAndTheNextFollowsItWithALaterEpoch() throws Exception {
        var zookeeper = zookeeper();
        var first = inZooKeeper(zookeeper, "first", LONG_LEASE);
        await().until(first::leads);
        var second = inZooKeeper(zookeeper, "second", LONG_LEASE);

        await().during(500, TimeUnit.MILLISECONDS).until(() -> !second.leads());
        first.close();
        // It gives up by itself, so nobody waits for its lease.
        await().atMost(LONG_LEASE).until(second::leads);

        assertThat(second.last().epoch()).isGreaterThan(first.last().epoch());
        assertThat(first.ended).containsExactly(first.last());
    }

    @Test
    void aLeaderCutOffFromZooKeeperEndsAndTheEpochOutlivesZooKeeper() throws Exception {
        var zookeeper = zookeeper();
        var only = inZooKeeper(zookeeper, "only");
        await().until(only::leads);
        var before = only.last();

        zookeeper.stop();
        await().until(() -> !before.goesOn());
        assertThatThrownBy(before::check).isInstanceOf(LeadershipLost.class);
        await().until(() -> only.ended.contains(before));
        // Another server, which knows nothing.
        var after = inZooKeeper(zookeeper(), "after");
        await().until(after::leads);

        assertThat(after.last().epoch()).isGreaterThan(before.epoch());
    }

    @Test
    void aLeaderCutOffForAMomentLeadsAgainWithALaterEpoch() throws Exception {
        var zookeeper = zookeeper();
        var only = inZooKeeper(zookeeper, "only");
        for (int cut = 1; cut <= 3; cut++) {
            int terms = cut;
            await().until(() -> only.terms.size() == terms && only.leads());
            var before = only.last();

            zookeeper.stop();
            await().until(() -> !before.goesOn());
            zookeeper.restart();
        }

        await().until(() -> only.terms.size() == 4 && only.leads());
        only.last().check();
        assertThat(only.ended).isEqualTo(only.terms.subList(0, 3));
    }

    @Test
    void whoIsOvertakenInSpiteOfZooKeeperStandsAgain() throws Exception {
        var only = inZooKeeper(zookeeper(), "only");
        await().until(only::leads);
        var before = only.last();

        epochs.next("somebody else");
        await().until(() -> only.ended.contains(before));
        await().until(() -> only.terms.size() == 2);

        assertThat(only.last().epoch()).isEqualTo(before.epoch() + 2);
    }

    @Test
    void whatCantBeginIsEndedAndTriedAgain() {
        var election = new HeldElection();
        var only = new Stander(election, "only", LEASE);
        only.failsToBegin = true;

        election.choose();
        await().until(() -> only.terms.size() == 2 && only.leads());

        assertThat(only.ended).containsExactly(only.terms.getFirst());
        assertThat(only.terms.getFirst().goesOn()).isFalse();
    }

    /** Chooses when it is told to. */
    private static final class HeldElection implements Election {

        private volatile @Nullable Candidate candidate;

        void choose() {
            Objects.requireNonNull(candidate).chosen();
        }

        @Override
        public void stand(Candidate candidate) {
            this.candidate = candidate;
        }

        @Override
        public void withdraw() {}

        @Override
        public boolean again() {
            return false;
        }
    }

    @Test
    void withoutZooKeeperTheLastOneLeadsAndTheOneBeforeStaysAside() {
        var first = new Stander(new AloneElection(), "first", LEASE);
        await().until(first::leads);
        var second = new Stander(new AloneElection(), "second", LEASE);

        await().until(() -> first.leadership.role() instanceof Leadership.Role.Overtaken);
        await().until(second::leads);

        assertThat(second.last().epoch()).isEqualTo(first.last().epoch() + 1);
        await().during(LEASE.multipliedBy(2)).until(() -> second.leads() && first.terms.size() == 1);
    }

    @Test
    void aLeaderBeginsOnlyAfterTheLeaseOfTheOneBefore() {
        var first = epochs.next("first");
        long asked = System.nanoTime();
        assertThat(epochs.confirm(first.epoch())).isTrue();

        var second = new Stander(new AloneElection(), "second", LEASE);
        await().pollInterval(5, TimeUnit.MILLISECONDS).until(second::leads);

        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThanOrEqualTo(LEASE);
    }

    @Test
    void oneThatStoodStillAsksBeforeItActsAndTouchesNothing() {
        var clock = new AtomicLong();
        var engine = new InMemoryEngine(InMemoryEngine.Readiness.IMMEDIATE, Clock.systemUTC());
        var old = new Term(epochs.next("old").epoch(), epochs, LEASE, clock::get, clock.get());
        var fenced = old.fence(engine);
        fenced.ensure(WORKLOAD);

        // The process stands still, and another begins meanwhile.
        clock.addAndGet(LEASE.multipliedBy(10).toNanos());
        epochs.next("new");
        var task = engine.tasks(WORKLOAD.name()).getFirst().id();

        assertThatThrownBy(() -> fenced.ensure(WORKLOAD.withTasks(1))).isInstanceOf(LeadershipLost.class);
        assertThatThrownBy(() -> fenced.stopTasks(WORKLOAD.name(), Set.of(task)))
                .isInstanceOf(LeadershipLost.class);
        assertThatThrownBy(() -> fenced.remove(WORKLOAD.name())).isInstanceOf(LeadershipLost.class);
        assertThat(engine.tasks(WORKLOAD.name())).hasSize(2);
        assertThat(old.wasOvertaken()).isTrue();
    }

    @Test
    void oneThatStoodStillWhileNobodyCameGoesOn() {
        var clock = new AtomicLong();
        var old = new Term(epochs.next("old").epoch(), epochs, LEASE, clock::get, clock.get());

        clock.addAndGet(LEASE.multipliedBy(10).toNanos());

        old.check();
        assertThat(old.goesOn()).isTrue();
    }

    @Test
    void aDatabaseTooSlowToBeSureOfItStopsTheCall() {
        // Every look at the clock is later than a lease allows.
        var clock = new AtomicLong();
        var term = new Term(
                epochs.next("old").epoch(),
                epochs,
                LEASE,
                () -> clock.addAndGet(LEASE.multipliedBy(2).toNanos()),
                0);

        assertThatThrownBy(term::check).isInstanceOf(LeadershipLost.class).hasMessageContaining("too slowly");
    }
}
