package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Between an edit and its publication at one center, something becomes another at the other one. */
class LastEditsTests {

    private static final String KEY = "calls.attempts";
    private static final String BUILD = "2.8.0";

    private static final AtomicInteger NEXT = new AtomicInteger();

    private static TestingServer zookeeper;
    private static Relay relay;
    private static Center here;
    private static Center other;

    /** The same application at both. */
    private Desk desk;

    private Desk there;

    @BeforeAll
    static void start() throws Exception {
        zookeeper = new TestingServer(-1, true);
        relay = new Relay(zookeeper.getPort());
        here = Center.through(relay, zookeeper.getConnectString(), "last_edits");
        other = Center.on(zookeeper.getConnectString(), "last_edits");
    }

    @AfterAll
    static void stop() throws Exception {
        here.close();
        other.close();
        zookeeper.close();
    }

    @BeforeEach
    void nextApplication() throws Exception {
        String application = "edited-" + NEXT.incrementAndGet();
        desk = new Desk(here, application);
        there = new Desk(other, application);
        desk.release(Map.of(KEY, "1"));
    }

    @AfterEach
    void thaw() throws Exception {
        thaw(there);
    }

    /** What somebody does. */
    @FunctionalInterface
    private interface Act {
        void by(Desk desk) throws Exception;
    }

    private static Arguments scene(String name, Act before, Act meanwhile, String code) {
        return Arguments.of(name, before, meanwhile, code);
    }

    private static Arguments scene(String name, Act meanwhile, String code) {
        return scene(name, desk -> {}, meanwhile, code);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatIsAnotherByThenRefuses(String name, Act before, Act meanwhile, String code) throws Exception {
        before.by(there);
        long revision = edited();
        String released = released().toString();

        meanwhile.by(there);
        awaitNews();

        assertThat(desk.publish(ACME, revision).code()).isEqualTo(code);
        assertThat(released().toString()).isEqualTo(released);
    }

    static Stream<Arguments> whatIsAnotherByThenRefuses() {
        return Stream.of(
                scene("draft", desk -> desk.edit(ACME, Map.of("a", "1")), "STALE_REVISION"),
                scene("review", desk -> rules(desk, "{\"review\":true,\"publishers\":[]}"), "REVIEW_NEEDED"),
                scene(
                        "publishers",
                        desk -> rules(desk, "{\"review\":false,\"publishers\":[\"bob\"]}"),
                        "NOT_A_PUBLISHER"),
                scene("freeze", desk -> freeze(desk, Instant.now()), "FROZEN"),
                scene(
                        "freezes again, at the version that others had",
                        LastEditsTests::freezeLater,
                        desk -> {
                            thaw(desk);
                            freeze(desk, Instant.now());
                        },
                        "FROZEN"),
                scene("canary", desk -> desk.connect(1), LastEditsTests::startCanary, "CANARY_RUNS"),
                scene("build", desk -> desk.connect(1, Optional.of(BUILD)), LastEditsTests::leaveBuild, "DRAFT_UNFIT"),
                scene(
                        "heir",
                        desk -> {
                            desk.release(Map.of("switchboard.shared", "*"));
                            Desk heir = heir(desk);
                            heir.release(Map.of("a", "1"));
                            heir.connect(1, Optional.of(BUILD));
                            leaveBuild(heir);
                        },
                        desk -> heir(desk).release(Map.of("switchboard.inherits", desk.application() + "/application")),
                        "DRAFT_UNFIT"));
    }

    @Test
    void aReleaseByTheOtherOneIsNotMadeAgain() throws Exception {
        long revision = edited();

        ok(there.publish(ACME, revision));

        assertThat(desk.publish(ACME, revision).code()).isEqualTo("NOTHING_TO_PUBLISH");
    }

    @Test
    void aSchemaHoldsFromTheMomentItIsSet() throws Exception {
        String menu = desk.stage() + "/menu.json";
        long revision = desk.edit(menu, ACME, Map.of("content", "{}"));

        ok(other.put(menu + "/schema", ACME, "{\"schema\":{\"type\":\"object\",\"required\":[\"choices\"]}}"));

        assertThat(here.post(menu + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .code())
                .isEqualTo("DRAFT_UNFIT");
    }

    @Test
    void ofAnApplicationThatWasMadeAgainItsOwnDraftIsPublished() throws Exception {
        long revision = edited();

        ok(other.send("DELETE", "/api/v1/config-applications/" + desk.application(), ACME, null));
        there.release(Map.of(KEY, "1"));
        long again = 1;
        while (again < revision) {
            again = there.edit(ACME, Map.of(KEY, "again " + again));
        }
        awaitNews();

        ok(desk.publish(ACME, revision));
        assertThat(released().get(KEY).asString()).startsWith("again");
    }

    @Test
    void whoeverGotAReaderKeyMeanwhileReadsTheRelease() throws Exception {
        long revision = edited();

        ok(other.put("/api/v1/config-applications/" + desk.application() + "/reader-keys/second", ACME, ""));

        ok(desk.publish(ACME, revision));
        List<ACL> rights = other.bean(Ensemble.class)
                .ask(session -> session.getACL().forPath(path(desk).release(2)));
        assertThat(rights).as("the center and two keys").hasSize(3);
    }

    @FunctionalInterface
    private interface Break {
        void of(CuratorFramework session) throws Exception;
    }

    static Stream<Arguments> whatWasWatchedBeforeABreakIsWatchedAfterIt() {
        Break reconnection = session -> {
            long lost = relay.lost();
            relay.loseAnswer(0);
            session.transaction().forOperations(session.transactionOp().check().forPath("/"));
            assertThat(relay.lost()).isGreaterThan(lost);
        };
        Break anotherSession = session -> {
            ZooKeeper former = session.getZookeeperClient().getZooKeeper();
            former.getTestable().injectSessionExpiration();
            await().until(() -> session.getZookeeperClient().getZooKeeper() != former);
        };
        return Stream.of(Arguments.of("reconnection", reconnection), Arguments.of("another session", anotherSession));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatWasWatchedBeforeABreakIsWatchedAfterIt(String name, Break broken) throws Exception {
        there.connect(1, Optional.of(BUILD));
        edited();
        here.bean(Ensemble.class).ask(session -> {
            broken.of(session);
            return session;
        });
        here.awaitConnected();
        long revision = edited();

        leaveBuild(there);
        awaitNews();

        assertThat(desk.publish(ACME, revision).code()).isEqualTo("DRAFT_UNFIT");
    }

    /** The draft's revision after an edit that left what the next publication begins with; news may take it away at once. */
    private long edited() throws Exception {
        LastEdits edits = here.bean(LastEdits.class);
        while (true) {
            long revision = desk.edit(ACME, Map.of(KEY, "many " + NEXT.incrementAndGet()));
            awaitNews();
            var kept = edits.take(new TreeMap<>(Map.of(path(desk), revision)));
            if (kept.isPresent()) {
                edits.keep(path(desk), kept.get().firstEntry().getValue(), edits.watch(path(desk)));
                return revision;
            }
        }
    }

    /** Its session was told of all that has happened by now. */
    private static void awaitNews() throws Exception {
        var told = new CountDownLatch(1);
        here.bean(Ensemble.class)
                .ask(session -> session.sync()
                        .inBackground((client, event) -> told.countDown())
                        .forPath("/"));
        assertThat(told.await(Center.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private static long revision(Desk desk) throws Exception {
        return other.get(desk.namespace(), ACME).body().get("revision").asLong();
    }

    private JsonNode released() throws Exception {
        return other.get(desk.namespace(), ACME).body().get("released");
    }

    private static NamespacePath path(Desk desk) {
        return new NamespacePath("acme", desk.application(), "prod", "application");
    }

    private static Desk heir(Desk desk) {
        return new Desk(desk.center(), desk.application() + "-heir");
    }

    private static void ok(Answer answer) {
        assertThat(answer.status()).as(String.valueOf(answer.body())).isBetween(200, 201);
    }

    private static void rules(Desk desk, String rules) throws Exception {
        ok(other.put("/api/v1/config-rules/" + desk.application() + "/prod", ACME, rules));
    }

    private static void freezeLater(Desk desk) throws Exception {
        freeze(desk, Instant.now().plusSeconds(7_200));
    }

    private static void freeze(Desk desk, Instant from) throws Exception {
        String freeze = "{\"from\":\"" + from + "\",\"until\":\"" + from.plusSeconds(3_600)
                + "\",\"reason\":\"peak\",\"application\":\"" + desk.application() + "\"}";
        ok(other.put("/api/v1/config-freezes/prod/" + desk.application(), ACME, freeze));
    }

    private static void thaw(Desk desk) throws Exception {
        ok(other.send("DELETE", "/api/v1/config-freezes/prod/" + desk.application(), ACME, null));
    }

    private static void startCanary(Desk desk) throws Exception {
        ok(other.put(
                "/api/v1/config-canaries/" + desk.application() + "/prod/some",
                ACME,
                "{\"revisions\":{\"application\":" + revision(desk) + "},\"choice\":{\"instances\":[\"c1\"]}}"));
    }

    private static void leaveBuild(Desk desk) throws Exception {
        ok(other.put(
                "/api/v1/config-builds/" + desk.application() + "/" + BUILD,
                ACME,
                "{\"properties\":[{\"name\":\"" + KEY + "\",\"type\":\"java.lang.Integer\"}]}"));
    }
}
