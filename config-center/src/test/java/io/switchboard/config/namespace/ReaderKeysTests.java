package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static io.switchboard.config.namespace.Center.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.access.Identities;
import io.switchboard.config.credential.KeyUses;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OutputCaptureExtension.class)
class ReaderKeysTests {

    private final Center center = Center.get();
    private Desk desk = new Desk(center, "unnamed");
    private NamespacePath path = new NamespacePath("acme", "unnamed", "prod", "application");

    ReaderKeysTests() throws Exception {}

    @BeforeEach
    void nextApplication() throws Exception {
        desk = Desk.next("reader-keys");
        path = new NamespacePath("acme", desk.application(), "prod", "application");
    }

    @Test
    void whoMayPublishGetsWhatAProgramConnectsWith(CapturedOutput output) throws Exception {
        desk.release(Map.of("a", "1"));
        String credentials = "/api/v1/config-applications/" + desk.application() + "/credentials";

        JsonNode given =
                center.post(credentials, ACME, "{\"stage\":\"prod\"}").body().get("environment");
        JsonNode task = desk.access();
        assertThat(given.propertyNames())
                .contains("SWITCHBOARD_CONFIG_SECRET")
                .doesNotContain("SWITCHBOARD_CONFIG_ACCESS_KEY");
        given.propertyStream()
                .forEach(entry -> assertThat(task.get(entry.getKey())).isEqualTo(entry.getValue()));
        assertThat(center.post(credentials, ACME, "{\"stage\":\"prod\",\"accessKey\":true}")
                        .body()
                        .get("environment"))
                .isEqualTo(task);
        assertThat(output)
                .contains("stage=prod key=first author=ann opens=true")
                .doesNotContain(given.get("SWITCHBOARD_CONFIG_SECRET").asString());

        assertThat(center.post(credentials, ACME, "{\"stage\":\"test\"}").code())
                .isEqualTo("NOT_FOUND");
        assertThat(center.post(credentials, GLOBEX, "{\"stage\":\"prod\"}").code())
                .isEqualTo("NOT_FOUND");
        assertThat(center.post(credentials, ACME, "{\"stage\":null}")
                        .body()
                        .get("detail")
                        .asString())
                .contains("stage must be given");
        assertThat(center.put(
                                "/api/v1/config-rules/" + desk.application() + "/prod",
                                ACME,
                                "{\"review\":false,\"publishers\":[\"bob\"]}")
                        .status())
                .isEqualTo(200);
        assertThat(center.post(credentials, ACME, "{\"stage\":\"prod\"}").code())
                .isEqualTo("NOT_A_PUBLISHER");
    }

    @Test
    void bothKeysReadUntilTheOldOneIsRetiredAndThenItReadsNothing(CapturedOutput output) throws Exception {
        String first = credential("w-1");
        desk.release(Map.of("a", "1"));
        try (CuratorFramework old = zookeeper(first)) {
            String centerId = new String(old.getData().forPath(path.builds()), StandardCharsets.UTF_8);
            old.create()
                    .withACL(List.of(new ACL(Perms.READ, Ids.AUTH_IDS), new ACL(Perms.ALL, new Id("digest", centerId))))
                    .forPath(path.builds() + "/build-1", new byte[0]);

            assertThat(issue("autumn").status()).isEqualTo(200);

            String second = credential("w-2");
            assertThat(second).isNotEqualTo(first);
            assertThat(credential("w-1"))
                    .as("what a workload was given stays its")
                    .isEqualTo(first);
            desk.release(Map.of("a", "2"));
            try (CuratorFramework next = zookeeper(second)) {
                for (CuratorFramework reader : List.of(old, next)) {
                    for (String node : readable(2)) {
                        reader.getData().forPath(node);
                    }
                    reader.create().withMode(CreateMode.EPHEMERAL).forPath(path.client("c-" + reader.hashCode()));
                }
                assertThat(http(first)).isEqualTo(200);
                assertThat(http(second)).isEqualTo(200);

                assertThat(retire("first").status()).isEqualTo(200);
                desk.release(Map.of("a", "3"));

                for (String node : readable(3)) {
                    next.getData().forPath(node);
                    refused(() -> old.getData().forPath(node));
                    refused(() -> old.getChildren().forPath(node));
                }
                refused(() -> old.create().forPath(path.client("late"), new byte[0]));
                assertThat(http(first)).isEqualTo(401);
                assertThat(http(second)).isEqualTo(200);
            }
        }
        assertThat(output)
                .contains("reader key issued: application=acme/" + desk.application() + " author=ann key=autumn")
                .contains("reader key retired: application=acme/" + desk.application() + " author=ann key=first")
                .doesNotContain(first.substring(first.indexOf(':') + 1));
    }

    @Test
    void theSameCallTwiceChangesNothingAndTheNewestIsNotRetired() throws Exception {
        assertThat(issue("a").code()).isEqualTo("NOT_FOUND");
        String first = credential("w-1");
        assertThat(retire("first").code()).isEqualTo("NEWEST_READER_KEY");
        assertThat(keys().body().get(0).has("issuedAt"))
                .as("it came with the application")
                .isFalse();
        issue("a");
        assertThat(keys().body().get(0).has("issuedAt")).isTrue();
        String second = credential("w-2");

        assertThat(issue("a").body().valueStream().map(key -> key.get("id").asString()))
                .containsExactly("a", "first");
        assertThat(credential("w-3")).isEqualTo(second);
        assertThat(keys().body().get(1).get("workloads").get(0).asString()).isEqualTo("w-1");
        assertThat(keys().body().toString()).doesNotContain(second.substring(second.indexOf(':') + 1));
        issue("b");
        assertThat(issue("c").code()).isEqualTo("TOO_MANY_READER_KEYS");
        assertThat(issue("a b").status()).isEqualTo(400);
        assertThat(retire("a").status()).isEqualTo(200);
        assertThat(retire("a").status()).isEqualTo(200);
        Answer unknown = retire("nope");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body().get("detail").asString()).contains("no reader key 'nope'");
        issue("a");
        assertThat(credential("w-4")).as("another key of the same name").isNotIn(first, second);
        assertThat(center.get(uri(""), GLOBEX).body().get(0).get("id").asString())
                .isEqualTo("first");
    }

    @Test
    void whoMayNotPublishMayNotChangeKeys() throws Exception {
        desk.release(Map.of("a", "1"));
        center.put(
                "/api/v1/config-rules/" + desk.application() + "/prod?tenant=acme",
                OPERATOR,
                "{\"review\":false,\"publishers\":[\"bob\"]}");

        assertThat(issue("a").code()).isEqualTo("NOT_A_PUBLISHER");
        assertThat(retire("first").code()).isEqualTo("NOT_A_PUBLISHER");
    }

    @Test
    void aRetirementThatWasCutOffIsCompleted() throws Exception {
        String first = credential("w-1");
        desk.release(Map.of("a", "1"));
        issue("a");
        Ensemble ensemble = center.bean(Ensemble.class);
        String document = Documents.ROOT + "/readers/acme/" + desk.application();
        String mark = Documents.ROOT + "/readers-unsettled/acme." + desk.application();
        try (CuratorFramework old = zookeeper(first)) {
            old.create()
                    .withACL(List.of(new ACL(Perms.ALL, Ids.AUTH_IDS)))
                    .forPath(path.builds() + "/nobody-elses", new byte[0]);

            String both = ensemble.ask(
                    zookeeper -> new String(zookeeper.getData().forPath(document), StandardCharsets.UTF_8));
            assertThat(retire("first").status()).isEqualTo(200);
            byte[] one = ensemble.ask(zookeeper -> zookeeper.getData().forPath(document));
            List<ACL> rights = ensemble.ask(zookeeper -> zookeeper.getACL().forPath(path.current()));
            ensemble.ask(zookeeper -> zookeeper.setData().forPath(document, both.getBytes(StandardCharsets.UTF_8)));
            ensemble.ask(zookeeper -> zookeeper
                    .create()
                    .withACL(zookeeper.getACL().forPath(document))
                    .forPath(mark));
            await().until(() ->
                    ensemble.ask(zookeeper -> zookeeper.checkExists().forPath(mark)) == null);
            assertThat(reads(old, path.current())).isTrue();

            // As it is left by a center that goes between the two: valid is one key, and all is open to both.
            ensemble.ask(zookeeper -> zookeeper
                    .transaction()
                    .forOperations(
                            zookeeper.transactionOp().setData().forPath(document, one),
                            zookeeper
                                    .transactionOp()
                                    .create()
                                    .withACL(zookeeper.getACL().forPath(document))
                                    .forPath(mark)));

            await().until(() -> !reads(old, path.current()));
            await().until(() ->
                    ensemble.ask(zookeeper -> zookeeper.checkExists().forPath(mark)) == null);
            assertThat(ensemble.<List<ACL>>ask(zookeeper -> zookeeper.getACL().forPath(path.current())))
                    .isEqualTo(rights);
        }
    }

    @Test
    void theFormOfAnOverlapIsSaid() throws Exception {
        desk.release(Map.of("a", "1"));

        for (String overlap : List.of("7d", "P100D", "-PT1S")) {
            Answer refused = rotate("autumn", "?overlap=" + overlap);

            assertThat(refused.status()).as(overlap).isEqualTo(400);
            assertThat(refused.body().get("detail").asString()).contains("overlap must be a duration ", "P");
        }
        assertThat(rotate("autumn", "?overlap=PT36H").status()).isEqualTo(200);
    }

    @Test
    void afterARotationTheOldKeyReadsUntilItsTimeAndWhoUsesItIsShown(CapturedOutput output) throws Exception {
        String first = credential("w-1");
        desk.release(Map.of("a", "1"));
        Instant before = Instant.now();
        try (CuratorFramework old = zookeeper(first)) {
            String centerId = new String(old.getData().forPath(path.builds()), StandardCharsets.UTF_8);
            old.create()
                    .withMode(CreateMode.EPHEMERAL)
                    .withACL(List.of(new ACL(Perms.READ, Ids.AUTH_IDS), new ACL(Perms.ALL, new Id("digest", centerId))))
                    .forPath(path.client("c-1"), new byte[0]);

            assertThat(rotate("autumn", "").status()).isEqualTo(200);
            String second = credential("w-2");
            JsonNode keys = keys().body();

            assertThat(keys.get(0).has("lastUsed")).isFalse();
            assertThat(keys.get(1).get("clients").get(0).asString()).isEqualTo("prod/c-1");
            assertThat(instant(keys.get(1).get("lastUsed"))).isAfterOrEqualTo(before);
            Instant end = instant(keys.get(1).get("retiresAt"));
            assertThat(end)
                    .isBetween(before.plus(Duration.ofDays(7)), Instant.now().plus(Duration.ofDays(7)));
            assertThat(instant(rotate("autumn", "?overlap=P8D").body().get(1).get("retiresAt")))
                    .as("no key is valid for longer than before")
                    .isEqualTo(end);
            assertThat(http(second)).isEqualTo(200);
            assertThat(keys().body().get(0).has("lastUsed")).isTrue();
            assertThat(http(first)).isEqualTo(200);
            assertThat(reads(old, path.current())).isTrue();

            awaitRetired(Duration.ofDays(7));
            await().until(() -> !reads(old, path.current()));
            assertThat(http(first)).isEqualTo(401);
            assertThat(http(second)).isEqualTo(200);
        }
        assertThat(output)
                .contains("reader keys rotated: application=acme/" + desk.application() + " author=ann key=autumn");
        await().untilAsserted(() -> assertThat(output)
                .contains("reader key retired: application=acme/" + desk.application() + " author=- key=first"));
    }

    @Test
    void anEarlierEndLeavesNoMarkOfTheLaterOne() throws Exception {
        credential("w-1");
        for (int days = 80; days > 70; days--) {
            assertThat(rotate("a", "?overlap=P" + days + "D").status()).isEqualTo(200);
        }

        assertThat(center.bean(Ensemble.class).children(Documents.ROOT + "/readers-retiring"))
                .filteredOn(mark -> mark.contains("." + desk.application() + "."))
                .hasSize(1);
    }

    @Test
    void aRotationWithoutOverlapRetiresByTheCallAndAWrongOneIsRefused(CapturedOutput output) throws Exception {
        assertThat(rotate("a", "").code()).isEqualTo("NOT_FOUND");
        String first = credential("w-1");
        desk.release(Map.of("a", "1"));
        assertThat(rotate("a", "?overlap=P91D").status()).isEqualTo(400);
        assertThat(rotate("a", "?overlap=-PT1S").status()).isEqualTo(400);
        assertThat(rotate("a", "?overlap=soon").status()).isEqualTo(400);
        issue("a");
        assertThat(rotate("first", "").code()).isEqualTo("READER_KEY_IS_OLDER");

        assertThat(rotate("b", "?overlap=PT0S").body().size()).isEqualTo(1);
        assertThat(output)
                .as("by the call, or the center's look if that came first")
                .containsPattern(
                        "reader key retired: application=acme/" + desk.application() + " author=(ann|-) key=first");

        try (CuratorFramework old = zookeeper(first)) {
            refused(() -> old.getData().forPath(path.current()));
        }
        assertThat(http(first)).isEqualTo(401);
        assertThat(http(credential("w-2"))).isEqualTo(200);
    }

    @Test
    void aKeyThatRetiresDoesSoThoughItsApplicationIsDeletedBefore() throws Exception {
        String first = credential("w-1");
        rotate("a", "?overlap=P1D");
        deleteApplication();
        awaitRetired(Duration.ofDays(1));

        desk.release(Map.of("a", "1"));

        assertThat(http(first)).isEqualTo(401);
    }

    @Test
    void aKeyRetiresThoughItsDeletedApplicationIsMadeAgainInThatMoment() throws Exception {
        String first = credential("w-1");
        rotate("a", "?overlap=P1D");
        deleteApplication();
        String document = Documents.ROOT + "/readers/acme/" + desk.application();
        try (CuratorFramework another = zookeeper(center.bean(Identities.class).centerCredential())) {
            byte[] keyring = another.getData().forPath(document);
            // As a center does that gives the key of the application made again to another workload.
            center.relay().before(document, () -> {
                try {
                    another.setData().forPath(document, keyring);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitRetired(Duration.ofDays(1));
        }
        desk.release(Map.of("a", "1"));

        assertThat(http(first)).isEqualTo(401);
    }

    @Test
    void whatIsKnownOfUsesGoesWithTheRotationAndWithTheApplication() throws Exception {
        String node = Documents.ROOT + "/readers-used/acme." + desk.application();
        desk.release(Map.of("a", "1"));
        rotate("a", "?overlap=P1D");
        KeyUses uses = center.bean(KeyUses.class);
        uses.keep(path, Duration.ZERO);
        assertThat(isThere(node)).isTrue();
        awaitRetired(Duration.ofDays(1));
        await().until(() -> !isThere(node));
        rotate("b", "?overlap=P1D");
        uses.keep(path, Duration.ZERO);
        assertThat(isThere(node)).isTrue();

        deleteApplication();

        assertThat(isThere(node)).isFalse();
    }

    private boolean isThere(String node) throws Exception {
        return center.bean(Ensemble.class)
                .ask(zookeeper -> zookeeper.checkExists().forPath(node) != null);
    }

    @Test
    void whoUsesWhichKeyIsAskedForTogether() throws Exception {
        desk.release(Map.of("a", "1"));
        center.bean(Ensemble.class).ask(zookeeper -> {
            for (int client = 0; client < 40; client++) {
                zookeeper.create().withMode(CreateMode.EPHEMERAL).forPath(path.client("c-" + client));
            }
            return path;
        });
        center.relay().mostUnderWay();

        // One by one they never are, however often.
        await().untilAsserted(() -> {
            keys();
            assertThat(center.relay().mostUnderWay()).isGreaterThan(20);
        });
    }

    /** The others end after that time, by the center's clock. */
    private void awaitRetired(Duration overlap) {
        center.setAhead(overlap.plusSeconds(1));
        try {
            await().untilAsserted(() -> assertThat(keys().body().size()).isEqualTo(1));
        } finally {
            center.setAhead(Duration.ZERO);
        }
    }

    private void deleteApplication() throws Exception {
        assertThat(center.send("DELETE", "/api/v1/config-applications/" + desk.application(), ACME, null)
                        .status())
                .isEqualTo(200);
    }

    private static Instant instant(JsonNode text) {
        return Instant.parse(text.asString());
    }

    private Answer rotate(String id, String overlap) throws Exception {
        return center.put(uri("/" + id + "/rotation" + overlap), ACME, "");
    }

    @Test
    void aRetiredKeyDoesNotComeBackWithAnApplicationOfThatName() throws Exception {
        String first = credential("w-1");
        issue("a");
        retire("first");
        deleteApplication();

        desk.release(Map.of("a", "1"));

        try (CuratorFramework old = zookeeper(first)) {
            refused(() -> old.getData().forPath(path.current()));
        }
        assertThat(http(first)).isEqualTo(401);
    }

    private Stream<String> nodes(long release) {
        return Stream.of(
                path.applicationNode(),
                path.stageNode(),
                path.node(),
                path.current(),
                path.clients(),
                path.releases(),
                path.release(1),
                path.release(release),
                path.builds(),
                path.builds() + "/build-1");
    }

    private List<String> readable(long release) {
        return nodes(release).toList();
    }

    private static boolean reads(CuratorFramework reader, String node) throws Exception {
        try {
            reader.getData().forPath(node);
            return true;
        } catch (KeeperException.NoAuthException e) {
            return false;
        }
    }

    @FunctionalInterface
    private interface Attempt {
        void make() throws Exception;
    }

    private static void refused(Attempt attempt) {
        assertThatExceptionOfType(KeeperException.NoAuthException.class).isThrownBy(attempt::make);
    }

    private String uri(String more) {
        return "/api/v1/config-applications/" + desk.application() + "/reader-keys" + more;
    }

    private Answer keys() throws Exception {
        return center.get(uri(""), ACME);
    }

    private Answer issue(String id) throws Exception {
        return center.put(uri("/" + id.replace(" ", "%20")), ACME, "");
    }

    private Answer retire(String id) throws Exception {
        return center.send("DELETE", uri("/" + id), ACME, null);
    }

    private String credential(String workload) throws Exception {
        String request = new JsonMapper()
                .writeValueAsString(Map.of(
                        "tenant", "acme", "application", desk.application(), "stage", "prod", "workload", workload));
        Answer answer = center.post("/internal/v1/config/access", SERVICE, request);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body().get("environment").get("SWITCHBOARD_CONFIG_USER").asString() + ":"
                + answer.body()
                        .get("environment")
                        .get("SWITCHBOARD_CONFIG_SECRET")
                        .asString();
    }

    private int http(String credential) throws Exception {
        String basic = Base64.getEncoder().encodeToString(credential.getBytes(StandardCharsets.UTF_8));
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(center.uri("/delivery/v1/prod"))
                                .header("Authorization", "Basic " + basic)
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private CuratorFramework zookeeper(String credential) {
        CuratorFramework client = CuratorFrameworkFactory.builder()
                .connectString(center.zookeeper())
                .retryPolicy(new RetryOneTime(100))
                .authorization("digest", credential.getBytes(StandardCharsets.UTF_8))
                .build();
        client.start();
        return client;
    }
}
