package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.BackupTests.BACKUP;
import static io.switchboard.config.namespace.BackupTests.backup;
import static io.switchboard.config.namespace.BackupTests.kept;
import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.contracts.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Restores on an ensemble of three, that are disturbed at each of their steps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreTests {

    private static final String GATE = Documents.ROOT + "/restore";

    /** In each transaction of a restore. */
    private static final String HELD = GATE + "/";

    private final TestingCluster ensemble = new TestingCluster(3);
    private final Relay relay;
    private final Center center;
    private final Center other;
    private final byte[] file;
    private final SortedMap<String, String> whole;

    RestoreTests() throws Exception {
        try (TestingServer server = new TestingServer(-1, true);
                Center source = Center.on(server.getConnectString(), "restore_of")) {
            Desk base = new Desk(source, "base");
            base.release(Map.of("switchboard.shared", "*", "greeting", "Hello"));
            new Desk(source, "desk").release(Map.of("switchboard.inherits", "base/application", "a", "1"));
            nothingIsUnderWay(source);
            file = backup(source);
            whole = kept(source);
        }
        ensemble.start();
        allAreThere();
        relay = new Relay(members("follower").getFirst().getPort());
        center = Center.through(relay, ensemble.getConnectString(), "restore");
        other = Center.on(ensemble.getConnectString(), "restore");
        assertThat(other.restore(BACKUP, OPERATOR, file).status()).isEqualTo(200);
    }

    private static void nothingIsUnderWay(Center center) {
        Ensemble ensemble = center.bean(Ensemble.class);
        await().until(() -> ensemble.children(UntoldReleases.ROOT).isEmpty());
        await().until(() ->
                ensemble.children(Documents.ROOT + "/readers-unsettled").isEmpty());
    }

    @AfterAll
    void stop() throws Exception {
        other.close();
        center.close();
        ensemble.close();
    }

    @BeforeEach
    void bothAreConnected() {
        relay.beforeNone();
        relay.loseNone();
        center.awaitConnected();
        other.awaitConnected();
    }

    @Test
    void aRestoreThatWasPausedLeavesAloneWhatTheNextOneMade() throws Exception {
        for (int step = 0; ; step++) {
            ZooKeeper session = session(center);
            anEarlierVersionWasCutOff();
            var paused = before(step, () -> {
                end(session);
                Answer next = other.restore(BACKUP, OPERATOR, file);
                assertThat(next.status()).as(next.body().toString()).isEqualTo(200);
            });

            Answer answer = center.restore(BACKUP, OPERATOR, file);

            assertThat(kept(other)).as("after step %s", step).isEqualTo(whole);
            if (!paused.get()) {
                assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
                assertThat(step).as("steps").isGreaterThan(4);
                return;
            }
            assertThat(answer.code())
                    .as("step %s: %s", step, answer.body())
                    .isIn("RESTORE_CUT_OFF", "RESTORE_UNDER_WAY", "UNAVAILABLE");
        }
    }

    @Test
    void aRestoreThatWasCutOffIsDoneAnew() throws Exception {
        for (int step = 0; ; step++) {
            ZooKeeper session = session(center);
            anEarlierVersionWasCutOff();
            var cutOff = before(step, () -> end(session));

            Answer answer = center.restore(BACKUP, OPERATOR, file);

            if (!cutOff.get()) {
                assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
                return;
            }
            if (answer.status() != 200) {
                Answer publishing = other.post(
                        "/api/v1/config/desk/prod/application/releases", ACME, "{\"revision\":1,\"message\":\"\"}");
                assertThat(publishing.status()).isEqualTo(503);
                assertThat(publishing.code()).isEqualTo("RESTORE_UNDER_WAY");
                assertThat(publishing.body().get("fault").asString()).isEqualTo("BUSY");
                assertThat(publishing.body().get("remedy").asString()).contains("repeat a restore that was cut off");
                Answer again = other.restore(BACKUP, OPERATOR, file);
                assertThat(again.status()).as("step %s: %s", step, again.body()).isEqualTo(200);
            }
            assertThat(kept(other)).as("after step %s", step).isEqualTo(whole);
        }
    }

    @Test
    void anAnswerThatIsLostIsNoOtherRestore() throws Exception {
        long lost;
        int answered = 0;
        do {
            anEarlierVersionWasCutOff();
            lost = relay.lost();
            relay.loseAnswer(answered++);

            Answer answer = center.restore(BACKUP, OPERATOR, file);

            assertThat(answer.status())
                    .as("answer %s: %s", answered, answer.body())
                    .isEqualTo(200);
            assertThat(kept(other)).as("answer %s", answered).isEqualTo(whole);
        } while (relay.lost() > lost);
        relay.loseNone();
        assertThat(answered).isGreaterThan(5);
    }

    @Test
    void whoNeverKnewThatItShutTheGateOpensItAgain() throws Exception {
        // Sessions may be as long as twenty ticks; this one outlives the silence.
        try (TestingServer server = new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, 4_000, -1), true)) {
            var silent = new Relay(server.getPort());
            try (Center restoring = Center.through(silent, server.getConnectString(), "restore_unknown");
                    Center publishing = Center.on(server.getConnectString(), "restore_unknown")) {
                long before = session(restoring).getSessionId();
                Desk desk = new Desk(publishing, "never");
                silent.cutBehind(GATE);

                Answer answer = restoring.restore(BACKUP, OPERATOR, file);

                assertThat(answer.code()).isEqualTo("UNAVAILABLE");
                assertThat(publishing.get(desk.namespace(), ACME).code()).isEqualTo("RESTORE_UNDER_WAY");
                silent.mend();
                await().until(() -> publishing.get(desk.namespace(), ACME).status() == 200);
                desk.release(Map.of("a", "1"));
                restoring.awaitConnected();
                assertThat(session(restoring).getSessionId())
                        .as("not gone with its session")
                        .isEqualTo(before);
            }
        }
    }

    @Test
    void whatIsPublishedJustBeforeARestoreIsKeptAlthoughAnAnswerIsLost() throws Exception {
        try (TestingServer server = new TestingServer(-1, true)) {
            var before = new Relay(server.getPort());
            try (Center restoring = Center.through(before, server.getConnectString(), "restore_late");
                    Center publishing = Center.on(server.getConnectString(), "restore_late")) {
                Desk desk = new Desk(publishing, "just");
                before.before(GATE, () -> {
                    done(() -> desk.release(Map.of("a", "1")));
                    before.loseAnswer(0);
                });

                Answer answer = restoring.restore(BACKUP, OPERATOR, file);

                assertThat(before.lost()).isEqualTo(1);
                assertThat(answer.code()).isEqualTo("CENTER_NOT_EMPTY");
                await().until(() -> publishing.get(desk.namespace(), ACME).status() == 200);
                desk.release(Map.of("a", "2"));
            }
        }
    }

    @Test
    void theLeaderGoesDuringARestore() throws Exception {
        anEarlierVersionWasCutOff();
        allAreThere();
        InstanceSpec leader = members("leader").getFirst();
        var gone = before(2, () -> ensemble.killServer(leader));

        await().atMost(BackupTests.SESSIONS_END)
                .until(() -> center.restore(BACKUP, OPERATOR, file).code(), "CENTER_NOT_EMPTY"::equals);

        assertThat(gone).isTrue();
        await().atMost(BackupTests.SESSIONS_END).ignoreExceptions().until(() -> kept(other), whole::equals);
        ensemble.restartServer(leader);
        allAreThere();
    }

    @Test
    void whatHappensToTheGateWhileACenterIsCutOffIsSeenByIt() throws Exception {
        InstanceSpec member = ensemble.getInstances().stream()
                .filter(one -> one.getPort() == relay.server())
                .findFirst()
                .orElseThrow();
        long session = session(center).getSessionId();
        anEarlierVersionWasCutOff();
        ensemble.killServer(member);
        try (CuratorFramework admin = admin()) {
            admin.delete().forPath(GATE);
        } finally {
            ensemble.restartServer(member);
            allAreThere();
        }

        center.awaitConnected();
        await().ignoreExceptions().until(() -> kept(center), whole::equals);
        assertThat(session(center).getSessionId()).as("the same session").isEqualTo(session);
    }

    @Test
    void aGateThatNoRestoreLeftIsLeftToAnOperator() throws Exception {
        gate("{}");
        try {
            Answer answer = other.restore(BACKUP, OPERATOR, file);

            assertThat(answer.code()).isEqualTo("UNREADABLE_DOCUMENT");
            assertThat(answer.body().get("detail").asString()).contains(GATE);
        } finally {
            try (CuratorFramework admin = admin()) {
                admin.delete().forPath(GATE);
            }
        }
        await().untilAsserted(() -> assertThat(kept(other)).isEqualTo(whole));
    }

    /** Whatever is there by then is to be deleted. */
    private void anEarlierVersionWasCutOff() throws Exception {
        gate("");
    }

    private void gate(String content) throws Exception {
        try (CuratorFramework admin = admin()) {
            admin.create()
                    .withACL(center.bean(Identities.class).centerOnly())
                    .forPath(GATE, content.getBytes(StandardCharsets.US_ASCII));
        }
        for (Center each : List.of(center, other)) {
            await().until(
                            () -> each.get("/api/v1/config/desk/prod/application", ACME)
                                    .code(),
                            "RESTORE_UNDER_WAY"::equals);
        }
    }

    private CuratorFramework admin() {
        CuratorFramework admin = CuratorFrameworkFactory.builder()
                .connectString(ensemble.getConnectString())
                .retryPolicy(new RetryNTimes(10, 500))
                .authorization(
                        "digest",
                        center.bean(Identities.class).centerCredential().getBytes(StandardCharsets.UTF_8))
                .build();
        admin.start();
        return admin;
    }

    @FunctionalInterface
    private interface Act {
        void run() throws Exception;
    }

    private static void done(Act act) {
        try {
            act.run();
        } catch (Exception e) {
            throw new AssertionError("it could not be done", e);
        }
    }

    /**
     * Has it done before that transaction of the next restore goes on.
     *
     * @return whether it was
     */
    private AtomicBoolean before(int step, Act act) {
        var reached = new AtomicBoolean();
        relay.before(HELD, new Runnable() {

            private int left = step;

            @Override
            public void run() {
                if (left-- > 0) {
                    relay.before(HELD, this);
                } else {
                    done(act);
                    reached.set(true);
                }
            }
        });
        return reached;
    }

    private static ZooKeeper session(Center center) {
        return await().ignoreExceptionsInstanceOf(Problem.class)
                .until(
                        () -> center.bean(Ensemble.class)
                                .ask(zookeeper -> zookeeper.getZookeeperClient().getZooKeeper()),
                        Objects::nonNull);
    }

    /** At the ensemble, at once; its client is told when it asks next. */
    private void end(ZooKeeper session) throws Exception {
        var connected = new CountDownLatch(1);
        var same = new ZooKeeper(
                ensemble.getConnectString(),
                40_000,
                event -> connected.countDown(),
                session.getSessionId(),
                session.getSessionPasswd());
        connected.await();
        same.close();
    }

    private void allAreThere() {
        await().atMost(BackupTests.SESSIONS_END)
                .until(() ->
                        members("leader").size() == 1 && members("follower").size() == 2);
    }

    /** Members that say they are this now. */
    private List<InstanceSpec> members(String mode) {
        return ensemble.getInstances().stream()
                .filter(member -> EnsembleTests.mode(member).equals(mode))
                .toList();
    }
}
