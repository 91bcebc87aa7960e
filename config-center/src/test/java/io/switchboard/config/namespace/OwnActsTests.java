package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the center does by itself has an entry in the audit, as what it is asked for has. */
class OwnActsTests {

    private final Desk desk;
    private final Center center;

    OwnActsTests() throws Exception {
        desk = Desk.next("own-acts");
        center = desk.center();
    }

    @Test
    void aReleaseAtItsTimeHasOneAndOneThatCannotBe() throws Exception {
        long revision = desk.edit(ACME, Map.of("a", "1"));
        Instant at = Instant.now().plus(Duration.ofHours(5)).truncatedTo(ChronoUnit.MILLIS);
        schedule("early", at, revision);
        schedule("late", at.plusSeconds(1), revision);

        ahead(Duration.between(Instant.now(), at).plusSeconds(2), () -> entries(2));

        List<JsonNode> entries = entries(2);
        JsonNode released = ofObject(entries, "early");
        assertThat(released.get("action").asString()).isEqualTo("schedule.release");
        assertThat(released.get("outcome").asString()).isEqualTo("DONE");
        assertThat(released.has("status")).isFalse();
        assertThat(released.has("code")).isFalse();
        assertThat(released.get("tenant").asString()).isEqualTo("acme");
        assertThat(released.get("stage").asString()).isEqualTo("prod");
        assertThat(released.get("requestId").asString()).isEqualTo("-");
        assertThat(Instant.parse(released.get("at").asString())).isBetween(at, at.plusSeconds(60));
        JsonNode failed = ofObject(entries, "late");
        assertThat(failed.get("action").asString()).isEqualTo("schedule.release");
        assertThat(failed.get("outcome").asString()).isEqualTo("REFUSED");
        assertThat(failed.get("code").asString()).isEqualTo("NOTHING_TO_PUBLISH");
        assertThat(center.get(audit(), GLOBEX).body().get("items")).isEmpty();
    }

    private void schedule(String id, Instant at, long revision) throws Exception {
        assertThat(center.put(
                                "/api/v1/config-schedules/" + desk.application() + "/prod/" + id,
                                ACME,
                                "{\"at\":\"" + at + "\",\"revisions\":{\"application\":" + revision + "}}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aCanaryThatItTakesBackHasOneAndOneThatIsAbandonedHasNot() throws Exception {
        desk.release(Map.of("a", "1"));
        desk.connect(1);
        canary("abandoned", desk.edit(ACME, Map.of("a", "2")));
        assertThat(center.post(canary("abandoned") + "/abandonment", ACME, "{}").status())
                .isEqualTo(200);
        canary("taken-back", desk.edit(ACME, Map.of("a", "3")));

        ahead(Center.CONFIRM_WITHIN.multipliedBy(3), () -> entries(1));

        JsonNode entry = entries(1).getFirst();
        assertThat(entry.get("action").asString()).isEqualTo("canary.fail");
        assertThat(entry.get("object").asString()).isEqualTo("taken-back");
        assertThat(entry.get("outcome").asString()).isEqualTo("DONE");
    }

    private String canary(String id) {
        return "/api/v1/config-canaries/" + desk.application() + "/prod/" + id;
    }

    private void canary(String id, long revision) throws Exception {
        Center.Answer started = center.put(
                canary(id),
                ACME,
                "{\"revisions\":{\"application\":" + revision + "},\"choice\":{\"instances\":[\"c1\"]}}");
        assertThat(started.status()).as(started.body().toString()).isBetween(200, 204);
    }

    @Test
    void keysThatRetireHaveOneEachUnlessACallRetiresThem() throws Exception {
        desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "hunter2")));
        String readers = "/api/v1/config-applications/" + desk.application() + "/reader-keys/";
        String access = "/api/v1/config-access-keys/" + desk.application() + "/prod/";
        assertThat(center.put(readers + "now/rotation?overlap=PT0S", ACME, "").status())
                .isEqualTo(200);
        assertThat(center.put(access + "now/rotation?overlap=PT0S", ACME, "").status())
                .isEqualTo(200);
        assertThat(center.put(readers + "next/rotation?overlap=PT2H", ACME, "").status())
                .isEqualTo(200);
        assertThat(center.put(access + "next/rotation?overlap=PT2H", ACME, "").status())
                .isEqualTo(200);

        ahead(Duration.ofHours(2).plusSeconds(1), () -> entries(2));

        assertThat(entries(2))
                .allSatisfy(entry -> assertThat(entry.get("object").asString()).isEqualTo("now"))
                .extracting(entry -> entry.get("action").asString() + " "
                        + entry.path("stage").asString("-"))
                .containsExactlyInAnyOrder("reader-key.retire -", "access-key.retire prod");
    }

    @Test
    void whatHeirsAreGivenAndWhatIsSealedAnewHaveOneEach() throws Exception {
        Desk heir = Desk.next("own-acts");
        desk.release(Map.of("switchboard.shared", "*", "a", "1"));
        desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "hunter2")));
        heir.release(Map.of("switchboard.inherits", desk.application() + "/application"));

        desk.release(Map.of("a", "2"));

        JsonNode given = entries(heir, 1).getFirst();
        assertThat(given.get("action").asString()).isEqualTo("release.inherit");
        assertThat(given.get("outcome").asString()).isEqualTo("DONE");
        assertThat(given.get("namespace").asString()).isEqualTo("application");
        desk.connect(1);
        canary("first", desk.edit(ACME, Map.of("a", "3")));
        assertThat(center.put(
                                "/api/v1/config-access-keys/" + desk.application() + "/prod/next/rotation?overlap=P1D",
                                ACME,
                                "")
                        .status())
                .isEqualTo(200);
        assertThat(center.post(canary("first") + "/abandonment", ACME, "{}").status())
                .isEqualTo(200);
        center.bean(AccessRotation.class).goOn();
        JsonNode sealed = entries(1).getFirst();
        assertThat(sealed.get("action").asString()).isEqualTo("release.seal");
        assertThat(sealed.get("namespace").asString()).isEqualTo("application");
    }

    @Test
    void ofTwoCentersOnlyTheOneThatDoesItHasAnEntry() throws Exception {
        try (TestingServer zookeeper = new TestingServer(-1, true);
                Center one = Center.on(zookeeper.getConnectString(), "own_acts");
                Center other = Center.on(zookeeper.getConnectString(), "own_acts")) {
            var shared = new Desk(one, "shared");
            long revision = shared.edit(ACME, Map.of("a", "1"));
            Instant at = Instant.now().plus(Duration.ofHours(4)).truncatedTo(ChronoUnit.MILLIS);
            assertThat(other.put(
                                    "/api/v1/config-schedules/shared/prod/soon",
                                    ACME,
                                    "{\"at\":\"" + at + "\",\"revisions\":{\"application\":" + revision + "}}")
                            .status())
                    .isEqualTo(200);

            ahead(Duration.ofHours(4).plusSeconds(1), () -> entries(shared, 1));

            await("nothing is left to be brought")
                    .until(() -> one.bean(Ensemble.class)
                            .children(Documents.ROOT + "/acts")
                            .isEmpty());
            assertThat(entries(shared, 1)).hasSize(1);
        }
    }

    private interface Waiting {
        void until() throws Exception;
    }

    private void ahead(Duration time, Waiting waiting) throws Exception {
        center.setAhead(time);
        try {
            waiting.until();
        } finally {
            center.setAhead(Duration.ZERO);
        }
    }

    private String audit() {
        return "/api/v1/config-audit?actor=config-center&application=" + desk.application();
    }

    private List<JsonNode> entries(int number) {
        return entries(desk, number);
    }

    /** Once there are so many. */
    private static List<JsonNode> entries(Desk desk, int number) {
        return await().until(
                        () -> desk.center()
                                .get("/api/v1/config-audit?actor=config-center&application=" + desk.application(), ACME)
                                .body()
                                .path("items")
                                .valueStream()
                                .toList(),
                        entries -> entries.size() == number);
    }

    private static JsonNode ofObject(List<JsonNode> entries, String object) {
        return entries.stream()
                .filter(entry -> entry.get("object").asString().equals(object))
                .findFirst()
                .orElseThrow();
    }
}
