package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static io.switchboard.config.namespace.Desk.attempts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Canaries as users start and end them, with clients over ZooKeeper and over HTTP. */
class CanaryTests {

    @TempDir
    private Path cache;

    private final Center center = Center.get();
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private Desk desk = new Desk(center, "unnamed");
    private JsonNode access = json.nullNode();

    CanaryTests() throws Exception {}

    @BeforeEach
    void nextApplication() throws Exception {
        desk = Desk.next("canary");
        access = desk.access();
        desk.release(Map.of("routing.attempts", "3"));
    }

    @AfterEach
    void backToNow() {
        center.setAhead(Duration.ZERO);
    }

    @Test
    void aTaskThatIsChosenByItsLabelRunsItFirstAndAllOthersOnceItIsPromoted() throws Exception {
        try (var first = task("task-eu", "eu");
                var other = task("task-us", "us")) {
            await().until(() -> clients().size() == 2);
            long revision = desk.edit(ACME, Map.of("routing.attempts", "5"));

            assertThat(start("night", revision, "{\"label\":\"zone=eu\"}").status())
                    .isEqualTo(200);

            await().until(() -> attempts(first) == 5);
            assertThat(attempts(other)).isEqualTo(3);
            Answer refused = desk.publish(ACME, revision);
            assertThat(refused.code()).isEqualTo("CANARY_RUNS");
            await().until(() -> canary("night").path("canary").hasNonNull("provenAt"));
            JsonNode clients = canary("night").get("clients");
            assertThat(clients.get(0).get("client").asString()).isEqualTo("task-eu");
            assertThat(clients.get(0).get("state").asString()).isEqualTo("RUNS");
            assertThat(clients.get(1).get("state").asString()).isEqualTo("OTHER");
            assertThat(clients().get(0).get("canary").asString()).isEqualTo("night");
            assertThat(clients().get(1).has("canary")).isFalse();

            assertThat(end("night", "promotion").body().get("state").asString()).isEqualTo("PROMOTED");

            await().until(() -> attempts(other) == 5);
            assertThat(attempts(first)).isEqualTo(5);
            assertThat(namespace().get("release").get("number").asInt()).isEqualTo(2);
            assertThat(namespace().get("changes").isEmpty()).isTrue();
            assertThat(end("night", "promotion").status()).isEqualTo(200);
            assertThat(end("night", "abandonment").code()).isEqualTo("CANARY_OVER");
        }
    }

    @Test
    void aTaskThatCantBindItEndsItAndKeepsWhatItRuns() throws Exception {
        try (var task = task("task-1", "eu")) {
            await().until(() -> clients().size() == 1);
            long revision = desk.edit(ACME, Map.of("routing.attempts", "many"));

            String choice = "{\"instances\":[\"task-1\"]}";
            assertThat(start("bad", revision, choice).code()).isEqualTo("DRAFT_UNFIT");
            assertThat(start("bad", revision, choice + ",\"accept\":\"to see what becomes of it\"")
                            .status())
                    .isEqualTo(200);

            await().until(() -> state("bad").equals("FAILED"));
            assertThat(canary("bad").get("canary").get("reason").asString())
                    .startsWith("Client 'task-1' can't take it over: release 2 is refused:")
                    .contains("routing.attempts");
            assertThat(attempts(task)).isEqualTo(3);
            await().until(() -> !clients().get(0).has("problem"));
            assertThat(desk.publish(ACME, revision).code()).isEqualTo("TAKEN_BACK");
            JsonNode releases = center.get(desk.namespace() + "/releases", ACME).body();
            assertThat(releases.get(0).get("number").asInt()).isEqualTo(2);
            assertThat(releases.get(0).get("canary").asString()).isEqualTo("ABANDONED");
            assertThat(releases.get(1).has("canary")).isFalse();
            JsonNode earlier = center.get(desk.namespace() + "/earlier-releases?before=3", ACME)
                    .body();
            assertThat(earlier.get(0).get("number").asInt()).isEqualTo(2);
            assertThat(earlier.get(0).get("canary").asString()).isEqualTo("ABANDONED");

            desk.release(Map.of("routing.attempts", "7"));

            assertThat(namespace().get("release").get("number").asInt()).isEqualTo(3);
            await().until(() -> attempts(task) == 7);
            assertThat(center.post(desk.namespace() + "/rollbacks", ACME, "{\"from\":3,\"to\":2}")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void overHttpOnlyWhoIsChosenGetsItAndNobodyWhoDoesNotSayWhoHeIs() throws Exception {
        report("c1", 1, "\"labels\":{}");
        report("c2", 1, "\"labels\":{}");
        String before = get("?client=c1", Map.of()).headers().firstValue("ETag").orElseThrow();
        CompletableFuture<HttpResponse<String>> waiting = http.sendAsync(
                request("?client=c1", Map.of("If-None-Match", before, "Prefer", "wait=60"))
                        .build(),
                BodyHandlers.ofString());
        long revision = desk.edit(ACME, Map.of("routing.attempts", "5"));

        started("named", revision, "{\"instances\":[\"c1\"]}");

        HttpResponse<String> told = waiting.get(Center.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(given(told)).isEqualTo("5");
        assertThat(given(get("?client=c2", Map.of()))).isEqualTo("3");
        assertThat(given(get("", Map.of()))).isEqualTo("3");

        assertThat(center.put(canaries() + "/named/choice", ACME, "{\"percent\":100}")
                        .status())
                .isEqualTo(200);
        assertThat(given(get("?client=c2", Map.of()))).isEqualTo("5");
        assertThat(given(get("", Map.of()))).isEqualTo("3");

        String during = told.headers().firstValue("ETag").orElseThrow();
        waiting = http.sendAsync(
                request("?client=c1", Map.of("If-None-Match", during, "Prefer", "wait=60"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(end("named", "abandonment").body().get("state").asString()).isEqualTo("ABANDONED");
        assertThat(given(waiting.get(Center.PATIENCE.toSeconds(), TimeUnit.SECONDS)))
                .isEqualTo("3");
        assertThat(end("named", "abandonment").status()).isEqualTo(200);
        assertThat(end("named", "promotion").code()).isEqualTo("CANARY_OVER");
    }

    @Test
    void oneThatIsNotHealthyOrDoesNotConfirmInTimeEndsIt() throws Exception {
        report("c1", 1, "\"labels\":{\"zone\":\"eu\"}");
        long revision = desk.edit(ACME, Map.of("routing.attempts", "5"));
        started("ill", revision, "{\"label\":\"zone=eu\"}");
        report("c1", 2, "\"labels\":{\"zone\":\"eu\"},\"healthy\":true");
        await().until(() -> canary("ill").path("canary").hasNonNull("provenAt"));

        report("c1", 2, "\"labels\":{\"zone\":\"eu\"},\"healthy\":false");

        await().until(() -> state("ill").equals("FAILED"));
        assertThat(canary("ill").get("canary").get("reason").asString())
                .isEqualTo("Client 'c1' runs it and is not healthy.");

        report("c1", 1, "\"labels\":{\"zone\":\"eu\"}");
        started("late", desk.edit(ACME, Map.of("routing.attempts", "6")), "{\"percent\":100}");
        center.setAhead(Duration.ofSeconds(61));
        await().until(() -> state("late").equals("FAILED"));
        assertThat(canary("late").get("canary").get("reason").asString())
                .isEqualTo("Client 'c1' did not confirm it within 60 seconds.");
    }

    @Test
    void oneThatCantBeReadIsForNobodyAndKeepsNobodyFromWhatIsInEffect() throws Exception {
        report("c1", 1, "\"labels\":{}");
        started("damaged", desk.edit(ACME, Map.of("routing.attempts", "5")), "{\"instances\":[\"c1\"]}");
        var path = new NamespacePath("acme", desk.application(), "prod", "application");
        center.bean(Ensemble.class).ask(zookeeper -> zookeeper.setData().forPath(path.canary(), new byte[] {1, 2, 3}));

        assertThat(given(get("?client=c1", Map.of()))).isEqualTo("3");
    }

    @Test
    void severalNamespacesAreGivenAndPromotedInOneStep() throws Exception {
        String menu = desk.stage() + "/menu";
        assertThat(center.post(
                                menu + "/releases",
                                ACME,
                                "{\"revision\":" + desk.edit(menu, ACME, Map.of("a", "1")) + "}")
                        .status())
                .isEqualTo(201);
        report("c1", 1, "\"labels\":{}");
        String revisions = "\"application\":" + desk.edit(ACME, Map.of("routing.attempts", "5")) + ",\"menu\":"
                + desk.edit(menu, ACME, Map.of("a", "2"));

        Answer started = center.put(
                canaries() + "/both", ACME, "{\"revisions\":{" + revisions + "},\"choice\":{\"instances\":[\"c1\"]}}");

        assertThat(started.body().get("releases").get("menu").asInt()).isEqualTo(2);
        String query = "?namespace=application,menu";
        assertThat(get(query + "&client=c1", Map.of()).body()).contains("\"5\"", "\"a\":\"2\"");
        assertThat(get(query + "&client=c2", Map.of()).body()).contains("\"3\"", "\"a\":\"1\"");
        assertThat(namespace().get("release").get("number").asInt()).isEqualTo(1);
        assertThat(center.get(menu, ACME).body().get("release").get("number").asInt())
                .isEqualTo(1);
        assertThat(end("both", "promotion").status()).isEqualTo(200);
        assertThat(get(query, Map.of()).body()).contains("\"5\"", "\"a\":\"2\"");
        assertThat(namespace().get("release").get("number").asInt()).isEqualTo(2);
        assertThat(center.get(menu, ACME).body().get("release").get("number").asInt())
                .isEqualTo(2);
    }

    @Test
    void aRollbackOfTheReleaseInEffectAbandonsIt() throws Exception {
        desk.release(Map.of("routing.attempts", "4"));
        report("c1", 2, "\"labels\":{}");
        started("on-top", desk.edit(ACME, Map.of("routing.attempts", "5")), "{\"instances\":[\"c1\"]}");

        assertThat(center.post(desk.namespace() + "/rollbacks", ACME, "{\"from\":2,\"to\":1}")
                        .status())
                .isEqualTo(201);

        assertThat(state("on-top")).isEqualTo("ABANDONED");
        assertThat(canary("on-top").get("canary").get("reason").asString()).isEqualTo("Release 2 was rolled back.");
        assertThat(given(get("?client=c1", Map.of()))).isEqualTo("3");
        assertThat(namespace().get("release").get("number").asInt()).isEqualTo(4);
        for (String takenBack : new String[] {"5", "4"}) {
            long revision = desk.edit(ACME, Map.of("routing.attempts", takenBack, "other", takenBack));
            assertThat(desk.publish(ACME, revision).code())
                    .as("what the canary had, and what was in effect: %s", takenBack)
                    .isEqualTo("TAKEN_BACK");
            JsonNode pending =
                    center.get(desk.namespace() + "/draft", ACME).body().get("changes");
            assertThat(pending.valueStream()
                            .filter(change -> change.get("takenBack").asBoolean())
                            .map(change -> change.at("/change/key").asString()))
                    .containsExactly("routing.attempts");
        }
    }

    @Test
    void whatCantBeStartedIsRefusedAndLeavesNothing() throws Exception {
        report("c1", 1, "\"labels\":{}");
        report("old", 1, "\"problem\":null");
        long revision = desk.edit(ACME, Map.of("routing.attempts", "5"));

        assertThat(start("x", revision, "{\"instances\":[\"c2\"]}").code()).isEqualTo("NOBODY_CHOSEN");
        assertThat(start("x", revision, "{\"instances\":[\"old\"]}").code()).isEqualTo("NOBODY_CHOSEN");
        assertThat(start("x", revision, "{}").status()).isEqualTo(400);
        assertThat(start("x", revision, "{\"percent\":101}").status()).isEqualTo(400);
        assertThat(start("x", revision, "{\"label\":\"zone\"}").status()).isEqualTo(400);
        assertThat(start("x", revision - 1, "{\"percent\":100}").code()).isEqualTo("STALE_REVISION");
        assertThat(center.put(
                                canaries() + "/x",
                                GLOBEX,
                                "{\"revisions\":{\"application\":0},\"choice\":{\"percent\":100}}")
                        .code())
                .isEqualTo("NOTHING_TO_PUBLISH");
        assertThat(center.get(canaries(), ACME).body().isEmpty()).isTrue();

        assertThat(start("x", revision, "{\"percent\":100}").status()).isEqualTo(200);
        assertThat(start("x", revision, "{\"percent\":100}").status()).isEqualTo(200);
        assertThat(start("x", revision, "{\"percent\":50}").code()).isEqualTo("CANARY_EXISTS");
        assertThat(start("x", revision - 1, "{\"percent\":100}").code()).isEqualTo("CANARY_EXISTS");
        assertThat(start("x", revision, "{\"percent\":100},\"confirmSeconds\":5")
                        .code())
                .isEqualTo("CANARY_EXISTS");
        assertThat(center.put(canaries() + "/x/choice", ACME, "{\"instances\":[\"c1\"]}")
                        .status())
                .isEqualTo(200);
        assertThat(start("x", revision, "{\"percent\":100}").status()).isEqualTo(200);
        assertThat(start("y", revision, "{\"percent\":100}").code()).isEqualTo("CANARY_RUNS");
        assertThat(center.get(canaries() + "/x", GLOBEX).status()).isEqualTo(404);
        desk.edit(desk.stage() + "/fresh", ACME, Map.of("a", "1"));
        assertThat(center.put(canaries() + "/z", ACME, "{\"revisions\":{\"fresh\":1},\"choice\":{\"percent\":100}}")
                        .code())
                .isEqualTo("NO_RELEASE_YET");
    }

    @Test
    void aPromotionHeedsWhatWasSetSinceItsStart() throws Exception {
        report("c1", 1, "\"labels\":{}");
        started("early", desk.edit(ACME, Map.of("routing.attempts", "5")), "{\"instances\":[\"c1\"]}");
        String freeze = freeze();
        assertThat(end("early", "promotion").code()).isEqualTo("FROZEN");
        assertThat(center.send("DELETE", freeze, ACME, null).status()).isEqualTo(200);
        askForReviews();

        assertThat(end("early", "promotion").code()).isEqualTo("REVIEW_NEEDED");

        assertThat(state("early")).isEqualTo("RUNNING");
        assertThat(end("early", "abandonment").status()).isEqualTo(200);
    }

    @Test
    void toGiveItToOthersHeedsWhatAPromotionHeeds() throws Exception {
        report("c1", 1, "\"labels\":{}");
        report("c2", 1, "\"labels\":{}");
        started("wide", desk.edit(ACME, Map.of("routing.attempts", "5")), "{\"instances\":[\"c1\",\"c2\"]}");
        String freeze = freeze();

        assertThat(choose("wide", "\"percent\":100").code()).isEqualTo("FROZEN");
        assertThat(choose("wide", "\"percent\":100,\"override\":\" \"").code()).isEqualTo("FROZEN");
        assertThat(choose("wide", "\"instances\":[\"c1\"]").status())
                .as("c2 goes back")
                .isEqualTo(200);
        assertThat(choose("wide", "\"instances\":[\"c1\",\"c2\"]").code()).isEqualTo("FROZEN");
        assertThat(choose("wide", "\"percent\":100,\"override\":\"calls fail\"").status())
                .isEqualTo(200);
        assertThat(choose("wide", "\"percent\":99").status()).isEqualTo(200);
        assertThat(choose("wide", "\"percent\":100").code()).isEqualTo("FROZEN");

        assertThat(center.send("DELETE", freeze, ACME, null).status()).isEqualTo(200);
        askForReviews();
        assertThat(choose("wide", "\"percent\":100").code()).isEqualTo("REVIEW_NEEDED");
        assertThat(choose("wide", "\"percent\":98").status()).isEqualTo(200);
        assertThat(end("wide", "abandonment").status()).isEqualTo(200);
    }

    @Test
    void whatACanaryInheritsStaysSharedAndNobodyInheritsHimself() throws Exception {
        Desk base = Desk.next("canary-base");
        base.release(Map.of("switchboard.shared", "*", "greeting", "hello"));
        report("c1", 1, "\"labels\":{}");
        Map<String, @Nullable String> inherits =
                Map.of("switchboard.inherits", base.application() + "/application", "switchboard.shared", "*");
        started("heir", desk.edit(ACME, inherits), "{\"instances\":[\"c1\"]}");
        Map<String, @Nullable String> unshared = new HashMap<>();
        unshared.put("switchboard.shared", null);

        long revision = base.edit(ACME, unshared);

        assertThat(base.publish(ACME, revision).code()).isEqualTo("STILL_INHERITED");
        assertThat(end("heir", "abandonment").status()).isEqualTo(200);
        assertThat(base.publish(ACME, revision).status()).isEqualTo(201);
    }

    @Test
    void aPromotionIsRefusedThatWouldGoInACircleOrTakeFromAnHeirWhatItHas() throws Exception {
        Desk other = Desk.next("canary-other");
        other.release(Map.of("switchboard.shared", "*", "greeting", "hello"));
        desk.release(Map.of("switchboard.shared", "*"));
        report("c1", 2, "\"labels\":{}");
        started(
                "circle",
                desk.edit(ACME, Map.of("switchboard.inherits", other.application() + "/application")),
                "{\"instances\":[\"c1\"]}");
        other.release(Map.of("switchboard.inherits", desk.application() + "/application"));

        assertThat(end("circle", "promotion").code()).isEqualTo("INVALID_PARENT");

        assertThat(end("circle", "abandonment").status()).isEqualTo(200);
        Map<String, @Nullable String> unshared = new HashMap<>();
        unshared.put("switchboard.inherits", null);
        unshared.put("switchboard.shared", null);
        assertThat(other.publish(ACME, other.edit(ACME, unshared)).status()).isEqualTo(201);
        started("unshared", desk.edit(ACME, unshared), "{\"instances\":[\"c1\"]}");
        other.release(Map.of("switchboard.inherits", desk.application() + "/application"));
        assertThat(end("unshared", "promotion").code()).isEqualTo("STILL_INHERITED");
    }

    @Test
    void noTenantTakesTheRoomOfAllOthers() {
        RunningCanary next = new RunningCanary(new NamespacePath("acme", "desk", "prod", "application"), "next");
        List<String> own = IntStream.range(0, 20)
                .mapToObj(number -> "acme~desk-" + number + "~prod~night")
                .toList();

        assertThatNoException().isThrownBy(() -> next.checkRoom(own.subList(1, 20)));
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> next.checkRoom(own));
        assertThatNoException()
                .isThrownBy(() -> new RunningCanary(new NamespacePath("acme2", "desk", "prod", "application"), "next")
                        .checkRoom(own));
    }

    private String canaries() {
        return "/api/v1/config-canaries/" + desk.application() + "/prod";
    }

    private Answer start(String id, long revision, String choice) throws Exception {
        return center.put(
                canaries() + "/" + id,
                ACME,
                "{\"revisions\":{\"application\":" + revision + "},\"choice\":" + choice + "}");
    }

    private void started(String id, long revision, String choice) throws Exception {
        Answer answer = start(id, revision, choice);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    private Answer choose(String id, String choice) throws Exception {
        return center.put(canaries() + "/" + id + "/choice", ACME, "{" + choice + "}");
    }

    /** Its path. */
    private String freeze() throws Exception {
        String freeze = "/api/v1/config-freezes/prod/peak-" + desk.application();
        Instant now = Instant.now();
        assertThat(center.put(
                                freeze,
                                ACME,
                                "{\"from\":\"" + now.minusSeconds(60) + "\",\"until\":\"" + now.plusSeconds(600)
                                        + "\",\"reason\":\"peak\",\"application\":\"" + desk.application() + "\"}")
                        .status())
                .isEqualTo(200);
        return freeze;
    }

    private void askForReviews() throws Exception {
        assertThat(center.put(
                                "/api/v1/config-rules/" + desk.application() + "/prod",
                                ACME,
                                "{\"review\":true,\"publishers\":[]}")
                        .status())
                .isEqualTo(200);
    }

    private Answer end(String id, String how) throws Exception {
        return center.post(canaries() + "/" + id + "/" + how, ACME, "{}");
    }

    private JsonNode canary(String id) throws Exception {
        return center.get(canaries() + "/" + id, ACME).body();
    }

    private String state(String id) throws Exception {
        return canary(id).get("canary").get("state").asString();
    }

    private JsonNode clients() throws Exception {
        return center.get(desk.namespace() + "/clients", ACME).body();
    }

    private JsonNode namespace() throws Exception {
        return center.get(desk.namespace(), ACME).body();
    }

    private void report(String client, long release, String more) throws Exception {
        HttpResponse<String> answer = http.send(
                request("/application/clients/" + client, Map.of("Content-Type", "application/json"))
                        .PUT(BodyPublishers.ofString("{\"release\":" + release + "," + more + "}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    private HttpResponse<String> get(String query, Map<String, String> headers) throws Exception {
        return http.send(request(query, headers).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, Map<String, String> headers) {
        String credential = access.get("SWITCHBOARD_CONFIG_USER").asString() + ":"
                + access.get("SWITCHBOARD_CONFIG_SECRET").asString();
        HttpRequest.Builder request = HttpRequest.newBuilder(center.uri("/delivery/v1/prod" + path))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credential.getBytes(StandardCharsets.UTF_8)));
        headers.forEach(request::header);
        return request;
    }

    private String given(HttpResponse<String> answer) {
        return json.readTree(answer.body())
                .get("namespaces")
                .get(0)
                .get("items")
                .get("routing.attempts")
                .asString("");
    }

    private ConfigurableApplicationContext task(String id, String zone) throws Exception {
        return desk.task(cache.resolve(id), "switchboard.config.labels.zone=" + zone, "switchboard.task-id=" + id);
    }
}
