package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.Sealed;
import io.switchboard.configprotocol.SealingKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client without ZooKeeper does, over HTTP and with the credential that a task gets. */
@ExtendWith(OutputCaptureExtension.class)
class HttpDeliveryTests {

    private final Center center = Center.get();
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private Desk desk = new Desk(center, "unnamed");
    private JsonNode access = json.nullNode();

    HttpDeliveryTests() throws Exception {}

    @BeforeEach
    void nextApplication() throws Exception {
        desk = Desk.next("http");
        access = access(desk.application());
    }

    @AfterEach
    void backToNow() {
        center.setAhead(Duration.ZERO);
    }

    @Test
    void releasesInEffectComeTogetherUnderOneTag() throws Exception {
        desk.release(Map.of("a", "1"));
        desk.edit(desk.stage() + "/routing", ACME, Map.of("b", "2"));

        HttpResponse<String> first = get("?namespace=application,routing", Map.of());

        assertThat(first.statusCode()).isEqualTo(200);
        JsonNode namespaces = json.readTree(first.body()).get("namespaces");
        assertThat(namespaces.get(0).get("namespace").asString()).isEqualTo("application");
        assertThat(namespaces.get(0).get("release").asInt()).isEqualTo(1);
        assertThat(namespaces.get(0).get("items").get("a").asString()).isEqualTo("1");
        assertThat(namespaces.get(1).get("release").asInt()).isZero();
        assertThat(namespaces.get(1).get("items").isEmpty()).isTrue();

        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> second = get("?namespace=routing&namespace=application", Map.of("If-None-Match", tag));
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.headers().firstValue("ETag")).contains(tag);
        assertThat(second.body()).isEmpty();

        desk.release(Map.of("a", "2"));
        assertThat(get("?namespace=application,routing", Map.of("If-None-Match", tag))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whichNameIsNoneIsSaid() throws Exception {
        String credential = basic(
                access.get("SWITCHBOARD_CONFIG_USER").asString(),
                access.get("SWITCHBOARD_CONFIG_SECRET").asString());
        for (Map.Entry<String, String> wrong :
                Map.of("PROD", "stage", "prod?namespace=Routing", "namespace").entrySet()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(center.uri("/delivery/v1/" + wrong.getKey()))
                            .header("Authorization", credential)
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(json.readTree(answer.body())
                            .get("errors")
                            .get(0)
                            .get("field")
                            .asString())
                    .isEqualTo(wrong.getValue());
        }
    }

    @Test
    void aWaitingRequestIsAnsweredByTheNextReleaseOrByItsTime() throws Exception {
        desk.release(Map.of("a", "1"));
        String tag = tag(get("", Map.of()));

        CompletableFuture<HttpResponse<String>> waiting =
                http.sendAsync(request("", Map.of("If-None-Match", tag, "Prefer", "wait=60")), BodyHandlers.ofString());
        desk.release(Map.of("a", "2"));

        HttpResponse<String> answer = waiting.get(Center.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(item(answer, "a")).isEqualTo("2");
        HttpResponse<String> unchanged =
                get("", Map.of("If-None-Match", tag(answer), "Prefer", "respond-async, wait=1"));
        assertThat(unchanged.statusCode()).isEqualTo(304);
    }

    /** As after it asked another center node, which was ahead of this one. */
    @Test
    void aClientThatSawALaterStateGetsTheNewestThereIs() throws Exception {
        desk.release(Map.of("a", "1"));
        String later = "\"7fffffffffffff-" + "0".repeat(32) + "\"";

        for (Map<String, String> headers :
                List.of(Map.of("If-None-Match", later), Map.of("If-None-Match", later, "Prefer", "wait=30"))) {
            HttpResponse<String> answer = get("", headers);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(item(answer, "a")).isEqualTo("1");
        }
    }

    @Test
    void hundredsWaitAndAllAreTold() throws Exception {
        desk.release(Map.of("a", "1"));
        String tag = tag(get("", Map.of()));
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int client = 0; client < 300; client++) {
            waiting.add(http.sendAsync(
                    request("", Map.of("If-None-Match", tag, "Prefer", "wait=60")), BodyHandlers.ofString()));
        }

        desk.release(Map.of("a", "2"));

        for (CompletableFuture<HttpResponse<String>> one : waiting) {
            assertThat(item(one.get(Center.PATIENCE.toSeconds(), TimeUnit.SECONDS), "a"))
                    .isEqualTo("2");
        }
    }

    @Test
    void waitingGoesOnThroughALossOfZooKeeper() throws Exception {
        desk.release(Map.of("a", "1"));
        String tag = tag(get("", Map.of()));
        Gauge wait = center.bean(MeterRegistry.class)
                .get("switchboard.config.clients.waiting")
                .gauge();
        double others = wait.value();
        CompletableFuture<HttpResponse<String>> waiting =
                http.sendAsync(request("", Map.of("If-None-Match", tag, "Prefer", "wait=60")), BodyHandlers.ofString());
        await().until(() -> wait.value() > others);

        center.stopZooKeeper();
        try {
            await().until(() -> get("", Map.of("If-None-Match", tag)).statusCode() == 503);
        } finally {
            center.restartZooKeeper();
        }
        await().until(() -> get("", Map.of("If-None-Match", tag)).statusCode() == 304);
        assertThat(waiting).isNotDone();
        desk.release(Map.of("a", "2"));

        assertThat(item(waiting.get(Center.PATIENCE.toSeconds(), TimeUnit.SECONDS), "a"))
                .isEqualTo("2");
    }

    @Test
    void aStreamBringsEachReleaseOnceAndGoesOnAfterTheLastSeen() throws Exception {
        desk.release(Map.of("a", "1"));
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        HttpResponse<Stream<String>> stream = http.send(request("/events", Map.of()), BodyHandlers.ofLines());
        Thread.ofVirtual().start(() -> stream.body().forEach(lines::add));
        await().until(() -> lines.stream().anyMatch(line -> line.contains("\"a\":\"1\"")));

        desk.release(Map.of("a", "2"));

        await().until(() -> lines.stream().anyMatch(line -> line.contains("\"a\":\"2\"")));
        assertThat(lines.stream().filter(line -> line.equals("event:release"))).hasSize(2);
        String last = lines.stream()
                .filter(line -> line.startsWith("id:"))
                .reduce((one, other) -> other)
                .orElseThrow()
                .substring(3);
        Queue<String> resumed = new ConcurrentLinkedQueue<>();
        HttpResponse<Stream<String>> again =
                http.send(request("/events", Map.of("Last-Event-ID", last)), BodyHandlers.ofLines());
        Thread.ofVirtual().start(() -> again.body().forEach(resumed::add));
        desk.release(Map.of("a", "3"));
        await().until(() -> resumed.stream().anyMatch(line -> line.contains("\"a\":\"3\"")));
        assertThat(resumed.stream().filter(line -> line.equals("event:release")))
                .hasSize(1);
    }

    @Test
    void encryptedItemsComeSealedAndOpenWithTheAccessKey() throws Exception {
        desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "hunter2")));

        HttpResponse<String> answer = get("", Map.of());

        assertThat(answer.body()).doesNotContain("hunter2");
        JsonNode namespace = json.readTree(answer.body()).get("namespaces").get(0);
        var path = new NamespacePath("acme", desk.application(), "prod", "application");
        SealingKey accessKey =
                SealingKey.parse(access.get("SWITCHBOARD_CONFIG_ACCESS_KEY").asString());
        SealingKey dataKey = accessKey.openKey(
                Release.dataKeyContext(path), sealed(namespace.get("dataKeys").get(0)));
        JsonNode password = namespace.get("encrypted").get("password");
        SealingKey own = dataKey.openKey("item key\n" + path + "\npassword", sealed(password.get("key")));
        assertThat(own.open("item\n" + path + "\npassword", sealed(password)))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("hunter2");
    }

    private static Sealed sealed(JsonNode node) {
        return new Sealed(
                node.get("keyId").asString(),
                Base64.getDecoder().decode(node.get("content").asString()));
    }

    @Test
    void aReportShowsAmongTheClients() throws Exception {
        desk.release(Map.of("a", "1"));

        assertThat(report("application", "{\"release\":1}")).isEqualTo(204);
        assertThat(clients().get(0).get("client").asString()).isEqualTo("go-task 1");
        assertThat(clients().get(0).get("release").asInt()).isEqualTo(1);
        Instant since = Instant.parse(clients().get(0).get("since").asString());
        assertThat(since).isCloseTo(Instant.now(), within(Center.PATIENCE));
        assertThat(report("application", "{\"release\":1,\"problem\":\"release 2 has no a\"}"))
                .isEqualTo(204);
        assertThat(clients().size()).isEqualTo(1);
        assertThat(clients().get(0).get("problem").asString()).isEqualTo("release 2 has no a");
        assertThat(clients().get(0).get("since").asString())
                .as("the same release once more")
                .isEqualTo(since.toString());
        assertThat(report("application", "{\"release\":2}")).isEqualTo(204);
        assertThat(Instant.parse(clients().get(0).get("since").asString())).isAfter(since);

        assertThat(report("unheard-of", "{\"release\":1}")).isEqualTo(404);
        assertThat(report("application", "{\"release\":-1}")).isEqualTo(400);
        assertThat(report("application", "{}")).isEqualTo(400);
    }

    @Test
    void anyCenterCountsFromWhenAReleaseCameIntoEffect() throws Exception {
        desk.release(Map.of("a", "1"));
        center.setAhead(Duration.ofHours(-1));
        desk.release(Map.of("a", "2"));
        center.setAhead(Duration.ZERO);
        var another = new LateClients(
                center.bean(Ensemble.class),
                center.bean(Namespaces.class),
                center.bean(NamespaceTree.class),
                new DeliveryProperties(Duration.ofMinutes(30)),
                center.bean(Clock.class));
        var behind = new ClientReport("task", 1, Instant.now(), Optional.empty(), Optional.empty(), Optional.empty());
        NamespaceState state = center.bean(Namespaces.class)
                .read(new NamespacePath("acme", desk.application(), "prod", "application"));

        assertThat(another.lateSince(behind, state)).isEmpty();
    }

    @Test
    void aClientThatStaysBehindIsLate(CapturedOutput output) throws Exception {
        Gauge late = center.bean(MeterRegistry.class)
                .get("switchboard.config.clients.late")
                .gauge();
        desk.release(Map.of("a", "1"));
        report("application", "{\"release\":1}");
        desk.release(Map.of("a", "2"));
        assertThat(clients().get(0).has("lateSince")).isFalse();

        center.setAhead(Center.CONFIRM_WITHIN.plusSeconds(1));
        await().until(() -> clients().get(0).has("lateSince"));
        await().until(() -> late.value() >= 1);
        await().until(() -> output.getOut().contains("clients are late: namespace=acme/" + desk.application()));
        assertThat(output).contains("[go-task 1]");

        report("application", "{\"release\":2}");

        assertThat(clients().get(0).has("lateSince")).isFalse();
    }

    @Test
    void damagedNamespacesKeepNobodyElseFromBeingLookedAt(CapturedOutput output) throws Exception {
        Ensemble ensemble = center.bean(Ensemble.class);
        Map<NamespacePath, byte[]> sound = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            Desk damaged = Desk.next("damaged");
            damaged.release(Map.of("a", "1"));
            var path = new NamespacePath("acme", damaged.application(), "prod", "application");
            sound.put(path, ensemble.ask(zookeeper -> zookeeper.getData().forPath(path.current())));
            ensemble.ask(zookeeper -> zookeeper.setData().forPath(path.current(), new byte[] {1, 2, 3}));
        }
        desk.release(Map.of("a", "1"));
        report("application", "{\"release\":1}");
        desk.release(Map.of("a", "2"));

        center.setAhead(Center.CONFIRM_WITHIN.plusSeconds(1));
        await().until(() -> output.getOut().contains("clients are late: namespace=acme/" + desk.application()));

        report("application", "{\"release\":2}");
        for (var pointer : sound.entrySet()) {
            ensemble.ask(
                    zookeeper -> zookeeper.setData().forPath(pointer.getKey().current(), pointer.getValue()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"?namespace=unheard-of", "?namespace=application,unheard-of", "/events?namespace=unheard-of"})
    void aMissingNamespaceIsNotFound(String query) throws Exception {
        assertThat(get(query, Map.of()).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?namespace=..", "?namespace=A", "?namespace=application,%2e%2e"})
    void whatIsNoNameIsRefused(String query) throws Exception {
        assertThat(get(query, Map.of()).statusCode()).isEqualTo(400);
    }

    @Test
    void theCredentialSaysWhoseConfigurationIsRead() throws Exception {
        desk.release(Map.of("a", "own"));
        Desk other = Desk.next("http");
        JsonNode others = access(other.application());
        other.release(Map.of("a", "another's"));
        String user = access.get("SWITCHBOARD_CONFIG_USER").asString();
        String secret = access.get("SWITCHBOARD_CONFIG_SECRET").asString();

        assertThat(item(get("", Map.of()), "a")).isEqualTo("own");
        for (String authorization : new String[] {
            basic(user, others.get("SWITCHBOARD_CONFIG_SECRET").asString()),
            basic(user, ""),
            basic(user + "x", secret),
            basic("acme", secret),
            basic("acme." + desk.application() + "/../" + other.application(), secret),
            "Basic !",
            "Bearer " + ACME,
            secret
        }) {
            HttpResponse<String> refused = get("", Map.of("Authorization", authorization));
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
                    .startsWith("Basic ");
            assertThat(json.readTree(refused.body()).get("code").asString()).isEqualTo("ACCESS_REFUSED");
        }
        // Nor does the application's credential open anything else.
        assertThat(http.send(
                                HttpRequest.newBuilder(center.uri(desk.namespace()))
                                        .header("Authorization", basic(user, secret))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
    }

    private JsonNode clients() throws Exception {
        return center.get(desk.namespace() + "/clients", ACME).body();
    }

    private int report(String namespace, String body) throws Exception {
        return http.send(
                        builder("/" + namespace + "/clients/go-task%201", Map.of("Content-Type", "application/json"))
                                .PUT(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    private HttpResponse<String> get(String query, Map<String, String> headers) throws Exception {
        return http.send(request(query, headers), BodyHandlers.ofString());
    }

    private HttpRequest request(String query, Map<String, String> headers) {
        return builder(query, headers).build();
    }

    private HttpRequest.Builder builder(String query, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(Map.of(
                "Authorization",
                basic(
                        access.get("SWITCHBOARD_CONFIG_USER").asString(),
                        access.get("SWITCHBOARD_CONFIG_SECRET").asString())));
        all.putAll(headers);
        URI uri = center.uri("/delivery/v1/prod" + query);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        all.forEach(request::header);
        return request;
    }

    private static String basic(@Nullable String user, @Nullable String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    private static String tag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    private @Nullable String item(HttpResponse<String> answer, String key) {
        return json.readTree(answer.body())
                .get("namespaces")
                .get(0)
                .get("items")
                .get(key)
                .asString();
    }

    private JsonNode access(String application) throws Exception {
        return center.post(
                        "/internal/v1/config/access",
                        SERVICE,
                        "{\"tenant\":\"acme\",\"application\":\"" + application + "\",\"stage\":\"prod\"}")
                .body()
                .get("environment");
    }
}
