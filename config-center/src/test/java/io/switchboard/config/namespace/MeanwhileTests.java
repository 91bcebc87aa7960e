package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was asked for has happened although the answer to it is lost with the connection: it is neither done twice nor refused. Each call is
 * made as often as it has transactions, and each time the answer to another one is lost. What it writes without one is the same if it is
 * done twice.
 */
class MeanwhileTests {

    private static final String BOB = "acme.bob.tenant";
    private static final int MOST_WRITES = 20;

    private final Center center = Center.get();

    MeanwhileTests() throws Exception {}

    /** Makes an application ready for the call. */
    @FunctionalInterface
    interface Scene {
        Call ready(Desk desk) throws Exception;
    }

    @FunctionalInterface
    interface Call {
        Answer make() throws Exception;
    }

    @AfterEach
    void loseNothingMore() {
        center.relay().loseNone();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatHappenedIsKnownThoughItsAnswerIsLost(String name, Scene scene) throws Exception {
        for (int write = 0; write < MOST_WRITES; write++) {
            Desk desk = Desk.next("meanwhile");
            Call call = scene.ready(desk);
            long lost = center.relay().lost();
            center.relay().loseAnswer(write);

            Answer answer = call.make();

            // The center's own writes go by there, too: it may be one of theirs whose answer is lost, and last.
            center.relay().loseNone();
            center.awaitConnected();
            leave(desk);
            assertThat(answer.status())
                    .as("%s without the answer to write %s: %s", name, write, answer.body())
                    .isBetween(200, 204);
            if (center.relay().lost() == lost) {
                assertThat(write).as("writes of " + name).isPositive();
                return;
            }
        }
        throw new AssertionError(name + " writes more often than " + MOST_WRITES + " times");
    }

    static Stream<Arguments> whatHappenedIsKnownThoughItsAnswerIsLost() {
        return Stream.of(
                scene("edit", desk -> {
                    desk.edit(ACME, Map.of("a", "1"));
                    return () -> put(desk, "/draft/items", ACME, desk.center().items(Map.of("a", "2")));
                }),
                scene("encrypt", desk -> {
                    desk.edit(ACME, Map.of("a", "1"));
                    return () -> put(desk, "/draft/secrets", ACME, desk.center().secrets(Map.of("pin", "2")));
                }),
                scene("publish", desk -> {
                    long revision = desk.edit(ACME, Map.of("a", "1"));
                    return () -> desk.publish(ACME, revision);
                }),
                scene("publish an heir", desk -> {
                    Desk shared = Desk.next("shared");
                    shared.release(Map.of("switchboard.shared", "*"));
                    long revision =
                            desk.edit(ACME, Map.of("switchboard.inherits", shared.application() + "/application"));
                    return () -> desk.publish(ACME, revision);
                }),
                scene("roll back", desk -> {
                    desk.release(Map.of("a", "1"));
                    desk.release(Map.of("a", "2"));
                    long revision = desk.edit(ACME, Map.of("a", "3"));
                    return () -> post(desk, "/rollbacks", ACME, "{\"from\":2,\"to\":1,\"discard\":" + revision + "}");
                }),
                scene("rules", desk -> {
                    String rules = "/api/v1/config-rules/" + desk.application() + "/prod";
                    desk.edit(ACME, Map.of("a", "1"));
                    return () -> desk.center().put(rules, ACME, "{\"review\":true,\"publishers\":[]}");
                }),
                scene("ask for a review", desk -> {
                    long revision = desk.edit(ACME, Map.of("a", "1"));
                    return () -> put(desk, "/review", ACME, "{\"revision\":" + revision + "}");
                }),
                scene("decide", desk -> {
                    long revision = desk.edit(ACME, Map.of("a", "1"));
                    put(desk, "/review", ACME, "{\"revision\":" + revision + "}");
                    return () ->
                            put(desk, "/review/decision", BOB, "{\"revision\":" + revision + ",\"approved\":true}");
                }),
                scene("freeze", desk -> {
                    desk.edit(ACME, Map.of("a", "1"));
                    return () -> desk.center().put(freeze(desk), ACME, whileFrozen());
                }),
                scene("end a freeze", desk -> {
                    desk.edit(ACME, Map.of("a", "1"));
                    desk.center().put(freeze(desk), ACME, whileFrozen());
                    return () -> desk.center().send("DELETE", freeze(desk), ACME, null);
                }),
                scene("schedule", desk -> {
                    long revision = desk.edit(ACME, Map.of("a", "1"));
                    return () -> schedule(desk, revision);
                }),
                scene("cancel what is scheduled", desk -> {
                    schedule(desk, desk.edit(ACME, Map.of("a", "1")));
                    return () -> desk.center().send("DELETE", schedules(desk), ACME, null);
                }),
                scene("start a canary", desk -> {
                    long revision = readyForCanary(desk);
                    return () -> canary(desk, revision);
                }),
                scene("give a canary to others", desk -> {
                    canary(desk, readyForCanary(desk));
                    return () -> desk.center().put(canaries(desk) + "/choice", ACME, "{\"percent\":100}");
                }),
                scene("promote", desk -> {
                    canary(desk, readyForCanary(desk));
                    return () -> desk.center().post(canaries(desk) + "/promotion", ACME, "{}");
                }),
                scene("abandon", desk -> {
                    canary(desk, readyForCanary(desk));
                    return () -> desk.center().post(canaries(desk) + "/abandonment", ACME, "{}");
                }),
                scene("schema", desk -> {
                    String namespace = desk.stage() + "/menu.json";
                    desk.edit(namespace, ACME, Map.of("content", "{}"));
                    return () -> desk.center().put(namespace + "/schema", ACME, "{\"schema\":{\"type\":\"object\"}}");
                }),
                scene("another data key", desk -> {
                    assertThat(desk.publish(ACME, desk.encrypt(ACME, Map.of("pin", "1")))
                                    .status())
                            .isEqualTo(201);
                    return () -> post(desk, "/data-key/rotations", ACME, "{}");
                }),
                scene("issue a reader key", desk -> {
                    desk.release(Map.of("a", "1"));
                    return () -> desk.center().put(readerKeys(desk) + "/second", ACME, "");
                }),
                scene("retire a reader key", desk -> {
                    desk.release(Map.of("a", "1"));
                    desk.center().put(readerKeys(desk) + "/second", ACME, "");
                    return () -> desk.center().send("DELETE", readerKeys(desk) + "/first", ACME, null);
                }),
                scene("give access", desk -> {
                    desk.edit(ACME, Map.of("a", "1"));
                    return () -> desk.center()
                            .post(
                                    "/internal/v1/config/access",
                                    SERVICE,
                                    "{\"tenant\":\"acme\",\"application\":\"" + desk.application()
                                            + "\",\"stage\":\"prod\",\"workload\":\"w1\"}");
                }),
                scene("replace", desk -> {
                    String old = "old-" + desk.application();
                    desk.edit(ACME, Map.of("a", old));
                    return () -> desk.center()
                            .post(
                                    "/api/v1/config-replacements",
                                    ACME,
                                    "{\"find\":\"" + old + "\",\"replace\":\"new\",\"revisions\":{\""
                                            + desk.application() + "/prod/application\":1}}");
                }));
    }

    private static Arguments scene(String name, Scene scene) {
        return Arguments.of(name, scene);
    }

    private static Answer put(Desk desk, String path, String token, String body) throws Exception {
        return desk.center().put(desk.namespace() + path, token, body);
    }

    private static Answer post(Desk desk, String path, String token, String body) throws Exception {
        return desk.center().post(desk.namespace() + path, token, body);
    }

    private static String freeze(Desk desk) {
        return "/api/v1/config-freezes/meanwhile/" + desk.application();
    }

    private static String whileFrozen() {
        Instant from = Instant.now().plus(Duration.ofDays(30));
        return "{\"from\":\"" + from + "\",\"until\":\"" + from.plusSeconds(1) + "\",\"reason\":\"peak\"}";
    }

    private static String schedules(Desk desk) {
        return "/api/v1/config-schedules/" + desk.application() + "/prod/night";
    }

    private static Answer schedule(Desk desk, long revision) throws Exception {
        return desk.center()
                .put(
                        schedules(desk),
                        ACME,
                        "{\"at\":\"" + Instant.now().plus(Duration.ofDays(30)) + "\",\"revisions\":{\"application\":"
                                + revision + "}}");
    }

    private static String canaries(Desk desk) {
        return "/api/v1/config-canaries/" + desk.application() + "/prod/night";
    }

    private static String client(Desk desk) {
        return new NamespacePath("acme", desk.application(), "prod", "application").client("c1");
    }

    /** One that stayed would be late for all that other tests look at. */
    private static void leave(Desk desk) throws Exception {
        desk.center().bean(Ensemble.class).ask(zookeeper -> {
            if (zookeeper.checkExists().forPath(client(desk)) != null) {
                zookeeper.delete().forPath(client(desk));
            }
            return desk;
        });
    }

    /** A release that a client runs which takes canaries, and a change of it. */
    private static long readyForCanary(Desk desk) throws Exception {
        desk.release(Map.of("a", "1"));
        desk.connect(1);
        return desk.edit(ACME, Map.of("a", "2"));
    }

    private static Answer canary(Desk desk, long revision) throws Exception {
        return desk.center()
                .put(
                        canaries(desk),
                        ACME,
                        "{\"revisions\":{\"application\":" + revision + "},\"choice\":{\"instances\":[\"c1\"]}}");
    }

    private static String readerKeys(Desk desk) {
        return "/api/v1/config-applications/" + desk.application() + "/reader-keys";
    }
}
