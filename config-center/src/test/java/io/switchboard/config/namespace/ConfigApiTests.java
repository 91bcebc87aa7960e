package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static io.switchboard.config.namespace.Center.NOBODYS;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static io.switchboard.config.namespace.Center.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class ConfigApiTests {

    private static int applications;

    private Center center = Holder.CENTER;
    private String desk = "";

    /** Started on first use. */
    private static final class Holder {

        static final Center CENTER = start();

        private static Center start() {
            try {
                return Center.get();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @BeforeEach
    void nextApplication() {
        desk = "/api/v1/config/desk-" + ++applications + "/prod/application";
    }

    @Test
    void whatIsWrongWithARequestIsNamedByItsField() throws Exception {
        Answer nothing = center.post("/api/v1/config/desk/prod/releases", ACME, "{\"revisions\":{}}");
        assertThat(nothing.body().get("detail").asString()).contains("revisions must name 1 to 100 namespaces");

        Answer stage = center.put("/api/v1/config/desk/Prod/application/draft/items", ACME, "{\"items\":{}}");
        assertThat(stage.code()).isEqualTo("INVALID_NAME");
        assertThat(stage.body().get("field").asString()).isEqualTo("stage");
    }

    @Test
    void aDraftBecomesARelease(CapturedOutput output) throws Exception {
        Answer drafted = center.put(
                desk + "/draft/items", ACME, center.items(Map.of("routing.max-wait", "hunter2", "attempts", "3")));
        assertThat(drafted.status()).isEqualTo(200);
        assertThat(drafted.body().get("items").get("attempts").asString()).isEqualTo("3");
        assertThat(drafted.body().get("released").isEmpty()).isTrue();
        assertThat(keys(drafted.body().get("changes"))).containsExactly("attempts", "routing.max-wait");
        assertThat(drafted.body().get("changes").get(0).has("before")).isFalse();

        Answer published = center.post(
                desk + "/releases",
                ACME,
                "{\"revision\":" + drafted.body().get("revision") + ",\"message\":\"first\"}");

        assertThat(published.status()).isEqualTo(201);
        assertThat(published.body().get("number").asLong()).isEqualTo(1);
        assertThat(published.body().get("author").asString()).isEqualTo("ann");
        assertThat(published.body().get("contentHash").asString()).hasSize(64);
        Answer now = center.get(desk, ACME);
        assertThat(now.body().get("released")).isEqualTo(now.body().get("items"));
        assertThat(now.body().get("changes").isEmpty()).isTrue();
        assertThat(now.body().get("release")).isEqualTo(published.body());
        assertThat(output)
                .contains("draft changed", "release published", "author=ann", "routing.max-wait")
                .doesNotContain("hunter2");
    }

    @Test
    void itemsComeOrderedByKey() throws Exception {
        Map<String, @Nullable String> items = new HashMap<>();
        for (int item = 0; item < 40; item++) {
            items.put("item-" + item * 7919 % 1000, "value");
        }
        List<String> ordered = items.keySet().stream().sorted().toList();

        Answer drafted = center.put(desk + "/draft/items", ACME, center.items(items));
        center.post(desk + "/releases", ACME, "{\"revision\":" + drafted.body().get("revision") + "}");

        Answer now = center.get(desk, ACME);
        assertThat(now.body().get("items").propertyNames()).containsExactlyElementsOf(ordered);
        assertThat(now.body().get("released").propertyNames()).containsExactlyElementsOf(ordered);
    }

    @Test
    void changesAreAddedAlteredAndRemovedKeys() throws Exception {
        release(Map.of("same", "1", "altered", "1", "removed", "1"));

        Map<String, @Nullable String> edit = new HashMap<>();
        edit.put("altered", "2");
        edit.put("removed", null);
        edit.put("added", "1");
        JsonNode changes = center.put(desk + "/draft/items", ACME, center.items(edit))
                .body()
                .get("changes");

        assertThat(keys(changes)).containsExactly("added", "altered", "removed");
        assertThat(changes.get(1).get("before").asString()).isEqualTo("1");
        assertThat(changes.get(1).get("after").asString()).isEqualTo("2");
        assertThat(changes.get(2).has("after")).isFalse();
    }

    @Test
    void nothingToPublishIsAConflict() throws Exception {
        long revision = release(Map.of("a", "1"));

        Answer again = center.post(desk + "/releases", ACME, "{\"revision\":" + revision + "}");

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("NOTHING_TO_PUBLISH");
    }

    @Test
    void theSameChangeTwiceIsOneRevision() throws Exception {
        long first = edit(Map.of("a", "1"));

        assertThat(edit(Map.of("a", "1"))).isEqualTo(first);
        assertThat(edit(Map.of("a", "2"))).isGreaterThan(first);
    }

    @Test
    void aStaleRevisionIsAConflictAndSaysTheRightOne() throws Exception {
        long first = edit(Map.of("a", "1"));
        long second = edit(Map.of("a", "2"));

        Answer stale = center.put(desk + "/draft/items", ACME, "{\"items\":{\"a\":\"3\"},\"revision\":" + first + "}");
        Answer publish = center.post(desk + "/releases", ACME, "{\"revision\":" + first + "}");

        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.code()).isEqualTo("STALE_REVISION");
        assertThat(stale.body().get("revision").asLong()).isEqualTo(second);
        assertThat(publish.code()).isEqualTo("STALE_REVISION");
        assertThat(center.get(desk, ACME).body().get("items").get("a").asString())
                .isEqualTo("2");
    }

    @Test
    void ofConcurrentPublishesOneWins() throws Exception {
        for (int round = 1; round <= 10; round++) {
            long revision = edit(Map.of("a", String.valueOf(round)));

            List<Answer> answers =
                    together(8, () -> center.post(desk + "/releases", ACME, "{\"revision\":" + revision + "}"));

            assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
            assertThat(answers).filteredOn(answer -> answer.status() == 409).hasSize(7);
            assertThat(center.get(desk + "/releases", ACME).body()).hasSize(round);
        }
    }

    @Test
    void concurrentChangesWithoutARevisionAllCount() throws Exception {
        edit(Map.of("start", "1"));
        var next = new java.util.concurrent.atomic.AtomicInteger();

        List<Answer> answers = together(
                4,
                () -> center.put(
                        desk + "/draft/items", ACME, center.items(Map.of("key" + next.incrementAndGet(), "1"))));

        assertThat(answers).allMatch(answer -> answer.status() == 200);
        assertThat(center.get(desk, ACME).body().get("items")).hasSize(5);
    }

    @Test
    void aTenantSeesItsOwnOnly() throws Exception {
        release(Map.of("a", "1"));

        assertThat(center.get(desk, GLOBEX).body().get("items").isEmpty()).isTrue();
        assertThat(center.get(desk, GLOBEX).body().get("tenant").asString()).isEqualTo("globex");
        assertThat(center.get(desk + "/releases", GLOBEX).body()).isEmpty();
        assertThat(center.get(desk + "/clients", GLOBEX).body()).isEmpty();
        for (String path : List.of(desk, desk + "/releases", desk + "/clients")) {
            assertThat(center.get(path + "?tenant=acme", GLOBEX).status()).isEqualTo(404);
        }
        assertThat(center.put(desk + "/draft/items?tenant=acme", GLOBEX, center.items(Map.of("a", "2")))
                        .status())
                .isEqualTo(404);
        assertThat(center.post(desk + "/releases?tenant=acme", GLOBEX, "{\"revision\":1}")
                        .status())
                .isEqualTo(404);
        assertThat(center.get(desk + "?tenant=acme", ACME).status()).isEqualTo(200);
    }

    @Test
    void anOperatorNamesTheTenant() throws Exception {
        release(Map.of("a", "1"));

        assertThat(center.get(desk, OPERATOR).code()).isEqualTo("TENANT_MISSING");
        assertThat(center.get(desk + "?tenant=acme", NOBODYS).code()).isEqualTo("FORBIDDEN");
        assertThat(center.get(desk + "?tenant=acme", OPERATOR)
                        .body()
                        .get("items")
                        .get("a")
                        .asString())
                .isEqualTo("1");
    }

    @Test
    void withoutATokenNothingIsAnswered() throws Exception {
        assertThat(center.send("GET", desk, null, null).status()).isEqualTo(401);
        assertThat(center.get(desk, "nonsense").status()).isEqualTo(401);
        for (String token : List.of(ACME, OPERATOR)) {
            assertThat(center.post(
                                    "/internal/v1/config/access",
                                    token,
                                    "{\"tenant\":\"acme\",\"application\":\"desk\",\"stage\":\"prod\"}")
                            .status())
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PUT  | /desk/prod/application/draft/items | nonsense                                  | 400 | MALFORMED_BODY
            PUT  | /desk/prod/application/draft/items | []                                        | 400 | MALFORMED_BODY
            PUT  | /desk/prod/application/draft/items | {}                                        | 400 | INVALID_REQUEST
            PUT  | /desk/prod/application/draft/items | {"items":null}                            | 400 | INVALID_REQUEST
            PUT  | /desk/prod/application/draft/items | {"items":[]}                              | 400 | INVALID_REQUEST
            PUT  | /desk/prod/application/draft/items | {"items":{"a":1}}                         | 400 | INVALID_REQUEST
            PUT  | /desk/prod/application/draft/items | {"items":{"a":{"b":"c"}}}                 | 400 | INVALID_REQUEST
            PUT  | /desk/prod/application/draft/items | {"items":{"a":"1"},"revision":"x"}        | 400 | INVALID_REQUEST
            PUT  | /desk/prod/application/draft/items | {"items":{"a":"1"},"revision":1.5}        | 400 | INVALID_REQUEST
            PUT  | /desk/prod/application/draft/items | {"items":{"a":"1"},"revision":99999999999999999999} | 400 | INVALID_REQUEST
            PUT  | /desk/prod/application/draft/items | {"items":{"a":"1"},"revision":-1}         | 409 | STALE_REVISION
            PUT  | /desk/prod/application/draft/items | {"items":{"a":"1"},"revision":4294967296} | 409 | STALE_REVISION
            PUT  | /desk/prod/application/draft/items | {"items":{"a":"1"},"colour":"red"}        | 400 | UNKNOWN_FIELD
            PUT  | /desk/prod/application/draft/items | {"items":{"":"1"}}                        | 400 | INVALID_KEY
            PUT  | /desk/prod/application/draft/items | {"items":{".a":"1"}}                      | 400 | INVALID_KEY
            PUT  | /desk/prod/application/draft/items | {"items":{"a b":"1"}}                     | 400 | INVALID_KEY
            PUT  | /desk/prod/application/draft/items | {"items":{"a\\nb":null}}                  | 400 | INVALID_KEY
            PUT  | /desk/prod/application/draft/items | {"items":{"ä":"1"}}                       | 400 | INVALID_KEY
            PUT  | /desk/prod/application/draft/items | {"items":{"a":"\\ud800"}}                 | 400 | INVALID_REQUEST
            PUT  | /Desk/prod/application/draft/items | {"items":{"a":"1"}}                       | 400 | INVALID_NAME
            PUT  | /desk/pr_od/application/draft/items | {"items":{"a":"1"}}                      | 400 | INVALID_NAME
            PUT  | /desk/prod/a..b/draft/items        | {"items":{"a":"1"}}                       | 400 | INVALID_NAME
            PUT  | /desk/prod/-a/draft/items          | {"items":{"a":"1"}}                       | 400 | INVALID_NAME
            PUT  | /desk/prod/%20/draft/items         | {"items":{"a":"1"}}                       | 400 | INVALID_NAME
            POST | /desk/prod/application/releases    | {}                                        | 400 | INVALID_REQUEST
            POST | /desk/prod/application/releases    | {"revision":null}                         | 400 | INVALID_REQUEST
            POST | /desk/prod/application/releases    | {"revision":"0"}                          | 400 | INVALID_REQUEST
            POST | /desk/prod/application/releases    | {"revision":0,"message":"\\ud800"}        | 400 | INVALID_REQUEST
            POST | /desk/prod/application/releases    | {"revision":0}                            | 409 | NOTHING_TO_PUBLISH
            POST | /desk/prod/application/releases    | {"revision":7}                            | 409 | STALE_REVISION
            POST | /desk/prod/application             | {}                                        | 405 | METHOD_NOT_ALLOWED
            """)
    void badInputIsTheCallersTurnAndChangesNothing(String method, String path, String body, int status, String code)
            throws Exception {
        String address = "/api/v1/config" + path.replaceFirst("^/desk", "/untouched");

        Answer answer = center.send(method, address, ACME, body);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.body().get("fault").asString()).isEqualTo("CALLER");
        assertThat(answer.body().get("remedy").asString()).isNotBlank();
        assertThat(center.bean(Namespaces.class)
                        .read(new NamespacePath("acme", "untouched", "prod", "application"))
                        .isThere())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: !!int s3cret",
                "a: !!float s3cret",
                "a: !!binary '*s3cret*'",
                "a: !!timestamp s3cret",
                "? [s3cret]\n: 1"
            })
    void whatIsNoYamlIsNeitherAnsweredNorLogged(String yaml, CapturedOutput output) throws Exception {
        Answer refused = center.put(desk + ".yaml/draft/items", ACME, center.items(Map.of("content", yaml)));

        assertThat(refused.code()).isEqualTo("INVALID_DOCUMENT");
        assertThat(refused.response().body()).doesNotContain("s3cret");
        assertThat(output).doesNotContain("s3cret");
    }

    @Test
    void aKeyForgesNoAuditLine(CapturedOutput output) throws Exception {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("x\nrelease published: namespace=forged", null);
        changes.put("content", "a: 1");
        assertThat(center.put(desk + ".yaml/draft/items", ACME, center.items(changes))
                        .status())
                .isEqualTo(200);
        changes.remove("content");
        assertThat(center.put(desk + ".yaml/draft/items", ACME, center.items(changes))
                        .status())
                .isEqualTo(200);

        assertThat(output).doesNotContain("forged").containsOnlyOnce("revision=1 keys=[content]");
    }

    @Test
    void whatIsTooLongIsRefused() throws Exception {
        Answer key = center.put(desk + "/draft/items", ACME, center.items(Map.of("k".repeat(256), "1")));
        Answer value = center.put(desk + "/draft/items", ACME, center.items(Map.of("a", "ä".repeat(32 * 1024 + 1))));
        Answer message =
                center.post(desk + "/releases", ACME, "{\"revision\":0,\"message\":\"" + "m".repeat(501) + "\"}");
        Answer body = center.put(desk + "/draft/items", ACME, center.items(Map.of("a", "x".repeat(300_000))));

        assertThat(key.code()).isEqualTo("INVALID_KEY");
        assertThat(value.code()).isEqualTo("ITEM_TOO_LARGE");
        assertThat(value.body().get("key").asString()).isEqualTo("a");
        assertThat(message.code()).isEqualTo("INVALID_REQUEST");
        assertThat(body.code()).isEqualTo("BODY_TOO_LARGE");
        assertThat(center.put(desk + "/draft/items", ACME, center.items(Map.of("a", "x".repeat(64 * 1024))))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aNamespaceHasABound() throws Exception {
        var random = new Random(3);
        Answer answer = center.get(desk, ACME);
        for (int i = 0; i < 20 && answer.status() == 200; i++) {
            // Random digits compress to about a half.
            String incompressible =
                    random.ints(60_000, 33, 126).mapToObj(Character::toString).collect(Collectors.joining());
            answer = center.put(desk + "/draft/items", ACME, center.items(Map.of("blob" + i, incompressible)));
        }

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("NAMESPACE_FULL");
    }

    @Test
    void onlyTheLatestReleasesAreKept() throws Exception {
        for (int i = 1; i <= ReleaseHistory.KEPT + 3; i++) {
            release(Map.of("a", String.valueOf(i)));
        }

        JsonNode releases = center.get(desk + "/releases", ACME).body();
        assertThat(releases).hasSize(ReleaseHistory.KEPT);
        assertThat(releases.get(0).get("number").asInt()).isEqualTo(ReleaseHistory.KEPT + 3);
        assertThat(releases.get(ReleaseHistory.KEPT - 1).get("number").asInt()).isEqualTo(4);
    }

    @Test
    void aRollbackIsANewReleaseThatSaysSoAndLeavesTheDraft() throws Exception {
        release(Map.of("a", "good"));
        release(Map.of("a", "bad", "b", "1"));

        Answer rolledBack =
                center.post(desk + "/rollbacks", ACME, "{\"from\":2,\"to\":1,\"message\":\"calls dropped\"}");

        assertThat(rolledBack.status()).isEqualTo(201);
        JsonNode release = rolledBack.body().get("release");
        assertThat(release.get("number").asLong()).isEqualTo(3);
        assertThat(release.get("restores").asLong()).isEqualTo(1);
        assertThat(release.get("message").asString()).isEqualTo("calls dropped");
        assertThat(map(rolledBack.body().get("released"))).isEqualTo(Map.of("a", "good"));
        assertThat(map(rolledBack.body().get("items"))).isEqualTo(Map.of("a", "bad", "b", "1"));
        assertThat(keys(rolledBack.body().get("changes"))).containsExactly("a", "b");
        JsonNode history = center.get(desk + "/releases", ACME).body();
        assertThat(history.get(0)).isEqualTo(release);
        assertThat(history.get(1).has("restores")).isFalse();
    }

    @Test
    void aReleaseStaysAsItWasMade() throws Exception {
        var node = new NamespacePath("acme", desk.split("/")[4], "prod", "application").release(1);
        Ensemble ensemble = center.bean(Ensemble.class);
        release(Map.of("a", "1", "b", "1"));
        JsonNode shown = center.get(desk + "/releases/1", ACME).body();
        byte[] stored = ensemble.ask(zookeeper -> zookeeper.getData().forPath(node));

        center.put(desk + "/draft/items", ACME, center.items(Map.of("a", "2")));
        assertThat(center.get(desk + "/releases/1", ACME).body()).isEqualTo(shown);
        release(Map.of("b", "2"));
        assertThat(center.get(desk + "/releases/1", ACME).body()).isEqualTo(shown);
        assertThat(center.post(desk + "/rollbacks", ACME, "{\"from\":2,\"to\":1}")
                        .status())
                .isEqualTo(201);
        assertThat(center.get(desk + "/releases/1", ACME).body()).isEqualTo(shown);

        var written = new Stat();
        byte[] now = ensemble.ask(
                zookeeper -> zookeeper.getData().storingStatIn(written).forPath(node));
        assertThat(now).isEqualTo(stored);
        assertThat(written.getVersion()).isZero();
    }

    @Test
    void aRollbackFromWhatIsNotInEffectOrToWhatIsNotThereIsRefused() throws Exception {
        release(Map.of("a", "1"));
        release(Map.of("a", "2"));

        Answer stale = center.post(desk + "/rollbacks", ACME, "{\"from\":1,\"to\":1}");
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.code()).isEqualTo("STALE_RELEASE");
        assertThat(stale.body().get("release").asLong()).isEqualTo(2);
        Answer never = center.post(desk + "/rollbacks", ACME, "{\"from\":2,\"to\":9}");
        assertThat(never.status()).isEqualTo(404);
        assertThat(never.body().get("detail").asString()).startsWith("There is no release 9 of ");
        assertThat(center.post(desk + "/rollbacks", ACME, "{\"from\":2,\"to\":2}")
                        .code())
                .isEqualTo("NOTHING_TO_PUBLISH");
        assertThat(center.post(desk + "/rollbacks", ACME, "{\"from\":2}").status())
                .isEqualTo(400);
        assertThat(center.post(desk + "/rollbacks?tenant=acme", GLOBEX, "{\"from\":2,\"to\":1}")
                        .status())
                .isEqualTo(404);
        assertThat(center.get(desk + "/releases", ACME).body()).hasSize(2);
    }

    @Test
    void anyTwoPointsCanBeCompared() throws Exception {
        release(Map.of("a", "1", "b", "1"));
        release(Map.of("a", "2"));
        edit(Map.of("c", "1"));

        assertThat(keys(center.get(desk + "/diff", ACME).body())).containsExactly("c");
        assertThat(keys(center.get(desk + "/diff?from=1&to=2", ACME).body())).containsExactly("a");
        assertThat(keys(center.get(desk + "/diff?from=1", ACME).body())).containsExactly("a", "c");
        assertThat(keys(center.get(desk + "/diff?from=empty&to=current", ACME).body()))
                .containsExactly("a", "b");
        JsonNode back = center.get(desk + "/diff?from=2&to=1", ACME).body();
        assertThat(back.get(0).get("before").asString()).isEqualTo("2");
        assertThat(back.get(0).get("after").asString()).isEqualTo("1");
        assertThat(center.get(desk + "/diff?from=3", ACME).status()).isEqualTo(404);
        for (String point : List.of("0", "-1", "newest", "1234567890123456789")) {
            assertThat(center.get(desk + "/diff?to=" + point, ACME).code()).isEqualTo("INVALID_POINT");
        }
    }

    @Test
    void aReleaseShowsWhatItHolds() throws Exception {
        release(Map.of("a", "1"));
        release(Map.of("a", "2"));

        JsonNode first = center.get(desk + "/releases/1", ACME).body();

        assertThat(map(first.get("items"))).isEqualTo(Map.of("a", "1"));
        assertThat(first.get("release").get("number").asLong()).isEqualTo(1);
        assertThat(center.get(desk + "/releases/3", ACME).status()).isEqualTo(404);
        assertThat(center.get(desk + "/releases/1", GLOBEX).status()).isEqualTo(404);
    }

    @Test
    void severalNamespacesArePublishedTogetherOrNotAtAll() throws Exception {
        String stage = desk.substring(0, desk.lastIndexOf('/'));
        long application = edit(Map.of("a", "1"));
        long routing = editIn(stage + "/routing", Map.of("r", "1"));

        Answer stale = center.post(
                stage + "/releases",
                ACME,
                "{\"revisions\":{\"application\":" + application + ",\"routing\":" + (routing + 1) + "}}");
        Answer unchanged = center.post(
                stage + "/releases",
                ACME,
                "{\"revisions\":{\"application\":" + application + ",\"routing\":" + routing + ",\"none\":0}}");

        assertThat(stale.code()).isEqualTo("STALE_REVISION");
        assertThat(unchanged.code()).isEqualTo("NOTHING_TO_PUBLISH");
        assertThat(unchanged.body().get("namespace").asString()).isEqualTo("none");
        assertThat(center.get(desk + "/releases", ACME).body()).isEmpty();

        Answer published = center.post(
                stage + "/releases",
                ACME,
                "{\"message\":\"both\",\"revisions\":{\"application\":" + application + ",\"routing\":" + routing
                        + "}}");

        assertThat(published.status()).isEqualTo(201);
        assertThat(published
                        .body()
                        .valueStream()
                        .map(one -> one.get("namespace").asString()))
                .containsExactly("application", "routing");
        JsonNode namespaces = center.get(stage, ACME).body();
        assertThat(namespaces.valueStream().map(one -> one.get("namespace").asString()))
                .containsExactly("application", "routing");
        assertThat(namespaces.get(1).get("release").get("message").asString()).isEqualTo("both");
        assertThat(namespaces.get(1).get("pending").asInt()).isZero();
        assertThat(center.get(stage, GLOBEX).body()).isEmpty();
    }

    @Test
    void whatIsTooLargeTogetherIsNotPublished() throws Exception {
        String stage = desk.substring(0, desk.lastIndexOf('/'));
        var random = new Random(3);
        var revisions = new ArrayList<String>();
        for (String namespace : List.of("one", "two", "three")) {
            long revision = 0;
            for (int item = 0; item < 8; item++) {
                String incompressible = random.ints(60_000, 33, 126)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
                revision = editIn(stage + "/" + namespace, Map.of("blob" + item, incompressible));
            }
            revisions.add("\"" + namespace + "\":" + revision);
        }

        Answer together =
                center.post(stage + "/releases", ACME, "{\"revisions\":{" + String.join(",", revisions) + "}}");

        assertThat(together.status()).isEqualTo(409);
        assertThat(together.code()).isEqualTo("TOO_LARGE_TOGETHER");
        assertThat(center.get(stage + "/one/releases", ACME).body()).isEmpty();
    }

    @Test
    void anyEditsAndPublishesEqualAModel() throws Exception {
        var random = new Random(5);
        Map<String, String> draft = new TreeMap<>();
        Map<String, String> released = new TreeMap<>();
        long number = 0;
        for (int step = 0; step < 120; step++) {
            if (random.nextInt(4) == 0) {
                long revision = center.get(desk, ACME).body().get("revision").asLong();
                int status = center.post(desk + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .status();
                assertThat(status).isEqualTo(draft.equals(released) ? 409 : 201);
                number += status == 201 ? 1 : 0;
                released = new TreeMap<>(draft);
            } else {
                Map<String, @Nullable String> changes = new HashMap<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    String key = "key" + random.nextInt(5);
                    @Nullable String value = random.nextInt(3) == 0 ? null : String.valueOf(random.nextInt(3));
                    changes.put(key, value);
                }
                for (Map.Entry<String, @Nullable String> change : changes.entrySet()) {
                    String value = change.getValue();
                    if (value == null) {
                        draft.remove(change.getKey());
                    } else {
                        draft.put(change.getKey(), value);
                    }
                }
                assertThat(center.put(desk + "/draft/items", ACME, center.items(changes))
                                .status())
                        .isEqualTo(200);
            }
            JsonNode view = center.get(desk, ACME).body();
            assertThat(map(view.get("items"))).isEqualTo(draft);
            assertThat(map(view.get("released"))).isEqualTo(released);
            assertThat(view.path("release").path("number").asLong(0)).isEqualTo(number);
        }
    }

    @Test
    void withoutZooKeeperRequestsAreAnsweredSoonAndWorkAfterwards() throws Exception {
        long revision = edit(Map.of("a", "1"));
        center.stopZooKeeper();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> requests = List.of(
                    () -> center.get(desk, ACME),
                    () -> center.put(desk + "/draft/items", ACME, center.items(Map.of("a", "2"))),
                    () -> center.post(desk + "/releases", ACME, "{\"revision\":" + revision + "}"),
                    () -> access("desk-down"));
            List<Future<Answer>> asked = new ArrayList<>();
            for (Callable<Answer> request : requests) {
                asked.add(threads.submit(request));
            }
            for (Future<Answer> one : asked) {
                Answer answer = one.get(Center.PATIENCE.toSeconds(), TimeUnit.SECONDS);

                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body().get("fault").asString()).isEqualTo("BUSY");
                assertThat(answer.response().headers().firstValue("Retry-After"))
                        .isPresent();
            }
        } finally {
            center.restartZooKeeper();
        }
        await().until(() -> center.get(desk, ACME).status() == 200);
        assertThat(center.post(desk + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .status())
                .isEqualTo(201);
    }

    private Answer access(String application) throws Exception {
        return center.post(
                "/internal/v1/config/access",
                SERVICE,
                "{\"tenant\":\"acme\",\"application\":\"" + application + "\",\"stage\":\"prod\"}");
    }

    private long edit(Map<String, @Nullable String> items) throws Exception {
        return editIn(desk, items);
    }

    private long editIn(String namespace, Map<String, @Nullable String> items) throws Exception {
        Answer answer = center.put(namespace + "/draft/items", ACME, center.items(items));
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().get("revision").asLong();
    }

    private long release(Map<String, @Nullable String> items) throws Exception {
        long revision = edit(items);
        assertThat(center.post(desk + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .status())
                .isEqualTo(201);
        return revision;
    }

    private static List<Answer> together(int times, Callable<Answer> request) throws Exception {
        try (var threads = Executors.newFixedThreadPool(times)) {
            List<Future<Answer>> futures = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                futures.add(threads.submit(request));
            }
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> future : futures) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    private static List<String> keys(JsonNode changes) {
        return changes.valueStream().map(change -> change.get("key").asString()).toList();
    }

    private static Map<String, String> map(JsonNode object) {
        return object.propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().asString()));
    }
}
