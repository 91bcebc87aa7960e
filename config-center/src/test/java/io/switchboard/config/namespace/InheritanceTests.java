package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static io.switchboard.config.namespace.Desk.attempts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.HeirNodes;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.ApplicationMetadata;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.KnownProperty;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.contracts.problem.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Namespaces that inherit others, up to the application that reads them. */
@ExtendWith(OutputCaptureExtension.class)
class InheritanceTests {

    @TempDir
    private Path cache;

    private final Center center = Center.get();
    private Desk base = new Desk(center, "unnamed");
    private Desk heir = base;

    InheritanceTests() throws Exception {}

    @BeforeEach
    void nextApplications() throws Exception {
        base = Desk.next("base");
        heir = Desk.next("heir");
    }

    @Test
    void anApplicationReadsItsOwnBeforeWhatItInheritsAndFollowsBoth() throws Exception {
        base.release(Map.of("switchboard.shared", heir.application(), "routing.attempts", "3", "greeting", "Hello"));
        long revision = base.encrypt(ACME, Map.of("trunk.password", "hunter2"));
        assertThat(base.publish(ACME, revision).status()).isEqualTo(201);
        heir.release(Map.of("switchboard.inherits", base.application() + "/application", "greeting", "Good day"));

        try (var task = heir.task(cache)) {
            assertThat(attempts(task)).isEqualTo(3);
            assertThat(task.getEnvironment().getProperty("greeting")).isEqualTo("Good day");
            assertThat(task.getEnvironment().getProperty("trunk.password")).isEqualTo("hunter2");
            assertThat(task.getEnvironment().getProperty("switchboard.inherits"))
                    .isNull();

            base.release(Map.of("routing.attempts", "5"));

            await().until(() -> attempts(task) == 5);
            await().until(() -> center.get(heir.namespace() + "/clients", ACME)
                            .body()
                            .path(0)
                            .path("release")
                            .asInt(0)
                    == 2);
            assertThat(heirs(base).get(0).get("inherits").asInt()).isEqualTo(3);

            heir.release(Map.of("routing.attempts", "7"));
            await().until(() -> attempts(task) == 7);
            JsonNode view = center.get(heir.namespace() + "/effective", ACME).body();
            JsonNode attempts = item(view, "routing.attempts");
            assertThat(attempts.get("value").asString()).isEqualTo("7");
            assertThat(attempts.get("source").get("application").asString()).isEqualTo(heir.application());
            assertThat(attempts.get("overrides").get(0).get("value").asString()).isEqualTo("5");
            assertThat(attempts.get("overrides")
                            .get(0)
                            .get("source")
                            .get("release")
                            .asInt())
                    .isEqualTo(3);
            assertThat(item(view, "trunk.password").get("value").asString()).startsWith("(encrypted");
            assertThat(view.get("items").size()).isEqualTo(3);
        }
    }

    @Test
    void documentsAreInheritedAsTheKeysThatTheyBecome() throws Exception {
        String menu = base.stage() + "/menu.yaml";
        publish(menu, "menu: [Sales, Support]\nrouting.attempts: 3\n");
        publish(heir.stage() + "/hours.json", "{\t\"hours\": {\"open\": 8}}");
        publish(heir.stage() + "/notes.txt", "Hello ${caller}");
        String parents = base.application() + "/menu.yaml, hours.json, notes.txt";
        assertThat(inherit(heir, parents).code()).isEqualTo("INVALID_PARENT");
        publish(menu, "menu: [Sales, Support]\nrouting.attempts: 3\nswitchboard.shared: '*'\n");
        assertThat(inherit(heir, parents).status()).isEqualTo(201);

        try (var task = heir.task(cache)) {
            assertThat(attempts(task)).isEqualTo(3);
            assertThat(task.getEnvironment().getProperty("menu[1]")).isEqualTo("Support");
            assertThat(task.getEnvironment().getProperty("hours.open")).isEqualTo("8");
            assertThat(task.getEnvironment().getProperty("notes.txt")).isEqualTo("Hello ${caller}");
            assertThat(task.getEnvironment().getProperty("switchboard.shared")).isNull();

            publish(menu, "menu: [Sales]\nrouting.attempts: 5\nswitchboard.shared: '*'\n");

            await().until(() -> attempts(task) == 5);
            assertThat(task.getEnvironment().getProperty("menu[1]")).isNull();
        }
        JsonNode view = center.get(heir.namespace() + "/effective", ACME).body();
        assertThat(item(view, "menu[0]").get("source").get("namespace").asString())
                .isEqualTo("menu.yaml");
        assertThat(item(view, "menu[0]").has("line")).isFalse();
        JsonNode origin = center.get(menu + "/effective", ACME).body();
        assertThat(item(origin, "menu[0]").get("line").asInt()).isEqualTo(1);
        long revision = base.edit(menu, ACME, Map.of("content", "menu: [Sales]\n"));
        assertThat(center.post(menu + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .code())
                .isEqualTo("STILL_INHERITED");
    }

    private void publish(String namespace, String document) throws Exception {
        long revision = base.edit(namespace, ACME, Map.of("content", document));
        assertThat(center.post(namespace + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void onlyHeirsThatAreBehindAreLookedAt() throws Exception {
        var parent = new NamespacePath("acme", base.application(), "prod", "application");
        var child = new NamespacePath("acme", heir.application(), "prod", "application");
        Heirs heirs = center.bean(Heirs.class);
        base.release(Map.of("switchboard.shared", heir.application(), "routing.attempts", "3"));
        heir.release(Map.of("switchboard.inherits", base.application() + "/application"));

        assertThat(heirs.of(parent)).containsExactly(child);
        assertThat(heirs.behind(parent)).isEmpty();

        // Nobody gives it this one.
        var ensemble = center.bean(Ensemble.class);
        byte[] first = ensemble.ask(zookeeper -> zookeeper.getData().forPath(parent.current()));
        byte[] second = new Pointer(2, Items.NONE.hash()).encode();
        ensemble.ask(zookeeper -> zookeeper.setData().forPath(parent.current(), second));
        assertThat(heirs.behind(parent)).containsExactly(child);
        ensemble.ask(zookeeper -> zookeeper.setData().forPath(parent.current(), first));
        assertThat(heirs.behind(parent)).isEmpty();
    }

    @Test
    void aChangeGoesOnOverSeveralStepsAndADraftIsComparedWithWhatApplies() throws Exception {
        String middle = base.stage() + "/middle";
        base.release(Map.of("switchboard.shared", "*", "a", "1", "b", "1"));
        long revision = base.edit(
                middle, ACME, Map.of("switchboard.inherits", "application", "switchboard.shared", "*", "b", "2"));
        assertThat(center.post(middle + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .status())
                .isEqualTo(201);
        heir.release(Map.of("switchboard.inherits", base.application() + "/middle", "c", "3"));

        base.release(Map.of("a", "9"));

        await().until(() -> item(
                        center.get(heir.namespace() + "/effective", ACME).body(), "a")
                .get("value")
                .asString()
                .equals("9"));
        Map<String, @Nullable String> edits = new HashMap<>(Map.of("b", "4"));
        edits.put("c", null);
        heir.edit(ACME, edits);
        JsonNode changes =
                center.get(heir.namespace() + "/effective/diff", ACME).body();
        assertThat(changes.size()).isEqualTo(2);
        assertThat(changes.get(0).get("before").asString()).isEqualTo("2");
        assertThat(changes.get(0).get("after").asString()).isEqualTo("4");
        assertThat(changes.get(0).has("lines")).isFalse();
        JsonNode byLine = center.get(heir.namespace() + "/effective/diff?lines=true", ACME)
                .body();
        assertThat(byLine.get(0)
                        .get("lines")
                        .valueStream()
                        .map(line -> line.get("text").asString()))
                .containsExactly("2", "4");
        JsonNode draft =
                center.get(heir.namespace() + "/effective?draft=true", ACME).body();
        assertThat(item(draft, "b").get("source").has("release")).isFalse();
        assertThat(draft.get("sources").size()).isEqualTo(3);
    }

    @Test
    void whatIsNotSharedOrGoesInACircleIsRefused() throws Exception {
        base.release(Map.of("a", "1"));
        heir.release(Map.of("x", "1"));
        Answer refused = inherit(heir, base.application() + "/application");
        assertThat(refused.code()).isEqualTo("INVALID_PARENT");
        assertThat(inherit(heir, "nowhere/application").code()).isEqualTo("INVALID_PARENT");
        assertThat(inherit(heir, "No Name").code()).isEqualTo("INVALID_PARENT");
        assertThat(inherit(heir, "application").code()).isEqualTo("INVALID_PARENT");

        base.release(Map.of("switchboard.shared", "*"));
        assertThat(inherit(heir, base.application() + "/application").status()).isEqualTo(201);
        heir.release(Map.of("switchboard.shared", "*"));
        Answer circle = inherit(base, heir.application() + "/application");
        assertThat(circle.code()).isEqualTo("INVALID_PARENT");
        assertThat(circle.body().get("detail").asString()).contains("inherit itself");

        Map<String, @Nullable String> edits = new HashMap<>();
        edits.put("switchboard.shared", null);
        edits.put("switchboard.inherits", null);
        long revision = base.edit(ACME, edits);
        Answer still = base.publish(ACME, revision);
        assertThat(still.code()).isEqualTo("STILL_INHERITED");
        assertThat(still.body().get("applications").get(0).asString()).isEqualTo(heir.application());
        assertThat(center.send("DELETE", "/api/v1/config-applications/" + base.application(), ACME, null)
                        .code())
                .isEqualTo("STILL_INHERITED");
        assertThat(center.get(base.namespace() + "/heirs", GLOBEX).body().isEmpty())
                .isTrue();
    }

    @Test
    void aCircleThatSeveralWouldCloseInOneStepIsRefused() throws Exception {
        base.release(Map.of("a", "1"));
        String middle = base.stage() + "/middle";
        long there = base.edit(middle, ACME, Map.of("b", "1"));
        assertThat(center.post(middle + "/releases", ACME, "{\"revision\":" + there + "}")
                        .status())
                .isEqualTo(201);
        long first = base.edit(ACME, Map.of("switchboard.inherits", "middle"));
        long second = base.edit(middle, ACME, Map.of("switchboard.inherits", "application"));

        Answer circle = center.post(
                "/api/v1/config/" + base.application() + "/prod/releases",
                ACME,
                "{\"revisions\":{\"application\":" + first + ",\"middle\":" + second + "}}");

        assertThat(circle.code()).as(circle.body().toString()).isEqualTo("INVALID_PARENT");
        assertThat(circle.body().get("detail").asString()).contains("inherit itself");
        assertThat(base.publish(ACME, first).status()).as("each alone is none").isEqualTo(201);
    }

    /** An heir's release tells of grandparents what they had when it was made. */
    @Test
    void aCircleIsRefusedThoughAnHeirIsBehind() throws Exception {
        base.release(Map.of("switchboard.shared", "*"));
        heir.release(Map.of("switchboard.shared", "*", "switchboard.inherits", base.application() + "/application"));
        Desk third = Desk.next("heir");
        third.release(Map.of("switchboard.shared", "*"));
        var path = new NamespacePath("acme", heir.application(), "prod", "application");
        Ensemble ensemble = center.bean(Ensemble.class);
        byte[] behind = ensemble.ask(zookeeper -> zookeeper.getData().forPath(path.current()));
        assertThat(inherit(base, third.application() + "/application").status()).isEqualTo(201);
        await().until(() -> heirs(base).get(0).get("inherits").asInt() == 2);
        ensemble.ask(zookeeper -> zookeeper.setData().forPath(path.current(), behind));

        assertThat(inherit(third, heir.application() + "/application").code()).isEqualTo("INVALID_PARENT");
    }

    @Test
    void whatAnHeirsBuildsRefuseIsNotPublished() throws Exception {
        base.release(Map.of("switchboard.shared", "*", "routing.attempts", "3"));
        heir.access();
        heir.release(Map.of("switchboard.inherits", base.application() + "/application"));
        Desk overriding = Desk.next("heir");
        overriding.access();
        overriding.release(
                Map.of("switchboard.inherits", base.application() + "/application", "routing.attempts", "4"));
        for (Desk desk : List.of(heir, overriding)) {
            takes("routing.attempts", desk);
        }
        long revision = base.edit(ACME, Map.of("routing.attempts", "often"));

        Answer refused = base.publish(ACME, revision);

        assertThat(refused.code()).isEqualTo("DRAFT_UNFIT");
        assertThat(refused.body().get("detail").asString())
                .contains("'" + heir.application() + "/application'")
                .doesNotContain(overriding.application());
        JsonNode check = center.get(base.namespace() + "/draft/check", ACME).body();
        assertThat(check.get("findings"))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.get("heir").asString()).isEqualTo(heir.application() + "/application"));
        long right = base.edit(ACME, Map.of("routing.attempts", "5"));
        assertThat(base.publish(ACME, right).status()).isEqualTo(201);
    }

    @Test
    void aDraftIsCheckedWithWhatItInherits() throws Exception {
        base.release(Map.of("switchboard.shared", "*", "routing.attempts", "often", "greeting", "Hello"));
        heir.access();
        heir.release(Map.of("switchboard.inherits", base.application() + "/application", "routing.attempts", "4"));
        takes("routing.attempts", heir);
        report(heir);
        Map<String, @Nullable String> edits = new HashMap<>();
        edits.put("routing.attempts", null);

        Answer refused = heir.publish(ACME, heir.edit(ACME, edits));

        assertThat(refused.code()).isEqualTo("DRAFT_UNFIT");
        JsonNode check = check(heir);
        assertThat(check.get("findings"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.get("key").asString()).isEqualTo("routing.attempts"));
        assertThat(check.get("clients").get(0).get("keys").valueStream().map(JsonNode::asString))
                .containsExactly("routing.attempts");
    }

    @Test
    void aDraftThatBeginsToInheritIsCheckedWithWhatItWillInherit() throws Exception {
        base.release(Map.of("switchboard.shared", "*", "routing.attempts", "often", "greeting", "Hello"));
        heir.access();
        heir.release(Map.of("greeting", "Hello"));
        takes("routing.attempts", heir);
        report(heir);

        Answer refused = inherit(heir, base.application() + "/application");

        assertThat(refused.code()).isEqualTo("DRAFT_UNFIT");
        assertThat(check(heir).get("clients").get(0).get("keys").valueStream().map(JsonNode::asString))
                .as("it has its greeting already")
                .containsExactly("routing.attempts");
        long revision = heir.edit(ACME, Map.of("routing.attempts", "4"));
        assertThat(heir.publish(ACME, revision).status()).isEqualTo(201);
    }

    private JsonNode check(Desk desk) throws Exception {
        return center.get(desk.namespace() + "/draft/check", ACME).body();
    }

    /** A client at the first release. */
    private void report(Desk desk) throws Exception {
        var report = new ClientReport("task", 1, Instant.now(), Optional.empty(), Optional.empty(), Optional.empty());
        String node = new NamespacePath("acme", desk.application(), "prod", "application").client("task");
        center.bean(Ensemble.class).ask(zookeeper -> zookeeper.create().forPath(node, report.encode()));
    }

    @Test
    void anHeirThatCannotHaveWhatWasPublishedIsTold(CapturedOutput output) throws Exception {
        Gauge waiting = center.bean(MeterRegistry.class)
                .get("switchboard.config.heirs.waiting")
                .gauge();
        base.release(Map.of("switchboard.shared", "*", "a", "1"));
        Map<String, @Nullable String> large = incompressible();
        release(heir, large);
        assertThat(inherit(heir, base.application() + "/application").status()).isEqualTo(201);
        String told = "heir can't have what was published: namespace=acme/" + heir.application() + "/prod/application";

        release(base, large);

        await().until(() -> heirs(base).get(0).has("problem"));
        assertThat(heirs(base).get(0).get("problem").asString()).contains("one step takes");
        assertThat(waiting.value()).isPositive();
        base.release(Map.of("a", "2"));
        HeirsWatch watch = center.bean(HeirsWatch.class);
        await().during(Duration.ofSeconds(2)).until(() -> {
            watch.beginToLook();
            return output.getOut().split(told, -1).length == 2;
        });

        Map<String, @Nullable String> none = new HashMap<>();
        large.keySet().forEach(key -> none.put(key, null));
        base.release(none);

        await().until(() -> heirs(base).get(0).get("inherits").asInt() == 4);
        await().until(() -> !heirs(base).get(0).has("problem"));
        await().until(() -> output.getOut()
                .contains("heir no longer waits for what was published: namespace=acme/" + heir.application()));
    }

    @Test
    void anHeirThatIsDeletedWaitsForNothing() throws Exception {
        WaitingHeirs waiting = center.bean(WaitingHeirs.class);
        var gone = new NamespacePath("acme", heir.application(), "prod", "application");
        waiting.begin(gone, new Problem(ConfigProblem.NAMESPACE_FULL, "It is full."));

        await().until(() -> {
            center.bean(HeirsWatch.class).beginToLook();
            return waiting.problem(gone).isEmpty();
        });
    }

    /** In requests of a size that is taken. */
    private static void release(Desk desk, Map<String, @Nullable String> large) throws Exception {
        long revision = 0;
        for (Map.Entry<String, @Nullable String> item : large.entrySet()) {
            Map<String, @Nullable String> one = new HashMap<>();
            one.put(item.getKey(), item.getValue());
            revision = desk.edit(ACME, one);
        }
        assertThat(desk.publish(ACME, revision).status()).isEqualTo(201);
    }

    /** Fits into one namespace, and not twice into one release. */
    private static Map<String, @Nullable String> incompressible() {
        var random = new Random(1);
        Map<String, @Nullable String> items = new HashMap<>();
        for (int number = 0; number < 10; number++) {
            byte[] bytes = new byte[48 * 1024];
            random.nextBytes(bytes);
            items.put("large." + number, Base64.getEncoder().encodeToString(bytes));
        }
        return items;
    }

    /** A build that takes the key as a number. */
    private void takes(String key, Desk desk) throws Exception {
        var metadata = new ApplicationMetadata(
                "1",
                List.of("routing"),
                List.of(new KnownProperty(
                        key, "java.lang.Integer", "", Optional.empty(), Optional.empty(), List.of(), List.of())),
                List.of());
        String folder = new NamespacePath("acme", desk.application(), "prod", "application").builds();
        center.bean(Ensemble.class).ask(zookeeper -> zookeeper.create().forPath(folder + "/1", metadata.encode()));
    }

    @Test
    void whatTheHeirsDraftWaitsWithOutlivesAReleaseOfItsParent() throws Exception {
        String bob = "acme.bob.tenant";
        base.release(Map.of("switchboard.shared", heir.application(), "greeting", "Hello"));
        heir.release(Map.of("switchboard.inherits", base.application() + "/application", "a", "good"));
        heir.release(Map.of("a", "bad"));
        assertThat(center.post(heir.namespace() + "/rollbacks", ACME, "{\"from\":2,\"to\":1}")
                        .status())
                .isEqualTo(201);
        center.put("/api/v1/config-rules/" + heir.application() + "/prod", ACME, "{\"review\":true,\"publishers\":[]}");
        long revision = heir.edit(ACME, Map.of("b", "1"));
        Instant at = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MILLIS);
        assertThat(center.put(
                                "/api/v1/config-schedules/" + heir.application() + "/prod/night",
                                ACME,
                                "{\"at\":\"" + at + "\",\"again\":true,\"revisions\":{\"application\":" + revision
                                        + "}}")
                        .status())
                .isEqualTo(200);
        String review = heir.namespace() + "/review";
        center.put(review, ACME, "{\"revision\":" + revision + "}");
        base.release(Map.of("greeting", "Good day"));
        await().until(() -> number(heir) == 4);
        assertThat(center.put(review + "/decision", bob, "{\"revision\":" + revision + ",\"approved\":true}")
                        .status())
                .isEqualTo(200);
        base.release(Map.of("greeting", "Good evening"));
        await().until(() -> number(heir) == 5);

        center.bean(Schedules.class)
                .carryOut(
                        new DueNode(at, new NamespacePath("acme", heir.application(), "prod", "application"), "night"));

        assertThat(center.get("/api/v1/config-schedules/" + heir.application() + "/prod", ACME)
                        .body()
                        .toString())
                .contains("RELEASED");
        assertThat(number(heir)).isEqualTo(6);
        assertThat(center.get(review, ACME).body().get("state").asString())
                .as("it was for one release")
                .isEqualTo("NONE");
    }

    private int number(Desk desk) throws Exception {
        return center.get(desk.namespace(), ACME).body().at("/release/number").asInt();
    }

    @Test
    void aNamespaceOfAnotherTenantIsNeverInherited() throws Exception {
        base.release(Map.of("switchboard.shared", "*"));
        long revision = heir.edit(GLOBEX, Map.of("switchboard.inherits", base.application() + "/application"));

        assertThat(heir.publish(GLOBEX, revision).code()).isEqualTo("INVALID_PARENT");
    }

    @Test
    void aNamespaceHasOnlySoManyHeirs() throws Exception {
        base.release(Map.of("switchboard.shared", "*"));
        String node = HeirNodes.of(new NamespacePath("acme", base.application(), "prod", "application"));
        var ensemble = center.bean(Ensemble.class);
        for (int number = 0; number < Heirs.MOST; number++) {
            String child = node + "/other~" + number;
            ensemble.ask(
                    zookeeper -> zookeeper.create().creatingParentsIfNeeded().forPath(child, new byte[0]));
        }

        assertThat(inherit(heir, base.application() + "/application").code()).isEqualTo("TOO_MANY_NAMES");
    }

    @Test
    void anApplicationThatIsDeletedIsNoHeirAnyMore() throws Exception {
        base.release(Map.of("switchboard.shared", "*"));
        assertThat(inherit(heir, base.application() + "/application").status()).isEqualTo(201);
        var parent = new NamespacePath("acme", base.application(), "prod", "application");
        assertThat(center.bean(Heirs.class).of(parent)).hasSize(1);

        assertThat(heir.center()
                        .send("DELETE", "/api/v1/config-applications/" + heir.application(), ACME, null)
                        .status())
                .isEqualTo(200);

        assertThat(center.bean(Heirs.class).of(parent)).isEmpty();
    }

    private Answer inherit(Desk desk, String parents) throws Exception {
        return desk.publish(ACME, desk.edit(ACME, Map.of("switchboard.inherits", parents)));
    }

    private JsonNode heirs(Desk desk) throws Exception {
        return center.get(desk.namespace() + "/heirs", ACME).body();
    }

    private static JsonNode item(JsonNode view, String key) {
        return view.get("items")
                .valueStream()
                .filter(item -> item.get("key").asString().equals(key))
                .findFirst()
                .orElseThrow();
    }
}
