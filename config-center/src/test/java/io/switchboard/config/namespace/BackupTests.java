package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static io.switchboard.config.namespace.Center.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.backup.Backups;
import io.switchboard.config.credential.KeyUses;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.history.EarlierReleases;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.SealingKey;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** All that one center keeps as a file, and another center made of it. */
class BackupTests {

    static final String BACKUP = "/api/v1/config-backup";

    /** Nothing that is kept: of centers that run, of releases that are about to be told, and of restores. */
    private static final List<String> PASSING = List.of("acts", "marks", "untold", "restore");

    /** Connections to an ensemble that is gone, or that another one took the place of, are given up by several sides one after the other. */
    static final Duration SESSIONS_END = Duration.ofMinutes(3);

    private static final int LARGE = 5;
    private static final NamespacePath DESK = NamespacePath.parse("acme/desk/prod/application");

    @TempDir
    private Path directory;

    @Test
    void aBackupIsForOperatorsOnly() throws Exception {
        Center center = Center.get();

        for (String method : List.of("GET", "PUT")) {
            assertThat(send(center, method, ACME).code()).isEqualTo("FORBIDDEN");
            assertThat(send(center, method, SERVICE).code()).isEqualTo("FORBIDDEN");
            assertThat(send(center, method, null).status()).isEqualTo(401);
        }
    }

    private static Answer send(Center center, String method, @Nullable String token) throws Exception {
        return method.equals("GET")
                ? center.send(method, BACKUP, token, null)
                : center.restore(BACKUP, token, new byte[1]);
    }

    @Test
    void whatIsSealedStaysSoInABackup() throws Exception {
        Desk desk = Desk.next("sealed");
        desk.edit(ACME, Map.of("a.plain", "plain to read"));
        desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "told to nobody else")));

        String content = unpacked(backup(desk.center()));

        assertThat(content).contains("a.plain").contains("plain to read").contains("password");
        assertThat(content).doesNotContain("told to nobody else");
        for (SealingKey key : desk.center().masterKeys()) {
            assertThat(content).doesNotContain(key.encoded());
        }
    }

    @Test
    void aCenterMadeOfABackupHasAllThatTheOtherHad() throws Exception {
        try (TestingServer one = new TestingServer(-1, true);
                TestingServer other = new TestingServer(-1, true);
                Center center = Center.on(one.getConnectString(), "backup_of");
                Center anew = Center.on(other.getConnectString(), "backup_to")) {
            anew.masterKeys(center.masterKeys());
            fill(center);
            everyKindOfNodeIsThere(center);
            Map<String, String> kept = kept(center);
            byte[] file = backup(center);
            assertThat(kept(center)).as("nothing goes on meanwhile").isEqualTo(kept);

            Answer restored = anew.restore(BACKUP, OPERATOR, file);

            assertThat(restored.status()).as(restored.body().toString()).isEqualTo(200);
            assertThat(restored.body().get("namespaces").asInt()).isEqualTo(4 + LARGE);
            assertThat(restored.body().get("earlierReleases").asLong())
                    .isEqualTo(last(center) - ReleaseHistory.KEPT)
                    .isPositive();
            assertThat(kept(anew).entrySet())
                    .containsExactlyElementsOf(kept.entrySet())
                    .hasSizeGreaterThan(100);
            for (String path : List.of(
                    "/api/v1/config-freezes/prod",
                    "/api/v1/config-schedules/desk/prod",
                    "/api/v1/config-applications/desk/reader-keys",
                    "/api/v1/config/desk/prod/application/earlier-releases?before=4",
                    "/api/v1/config/desk/prod/menu.yaml/schema",
                    "/api/v1/config/desk/prod/application/review")) {
                assertThat(anew.get(path, ACME).body())
                        .as(path)
                        .isEqualTo(center.get(path, ACME).body());
            }
            assertThat(builds(anew)).isEqualTo("2.10.0,2.9.0");
            itGoesOn(anew);
            assertThat(anew.restore(BACKUP, OPERATOR, file).code()).isEqualTo("CENTER_NOT_EMPTY");
            assertThat(anew.get("/api/v1/config/desk/prod/application", ACME).status())
                    .isEqualTo(200);
        }
    }

    /** Something of every kind that the center keeps. */
    private static void fill(Center center) throws Exception {
        Desk desk = new Desk(center, "desk");
        Desk base = new Desk(center, "base");
        Desk trial = new Desk(center, "trial");
        base.release(Map.of("switchboard.shared", "*", "greeting", "Hello"));
        desk.access();
        desk.release(Map.of("switchboard.inherits", "base/application"));
        desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "hunter2")));
        done(center.put(
                desk.namespace() + "/draft/items",
                ACME,
                "{\"items\":{},\"comments\":{\"password\":\"Of the trunk.\"}}"));
        for (int release = 3; release <= ReleaseHistory.KEPT + 2; release++) {
            desk.release(Map.of("a", String.valueOf(release)));
        }
        String menu = desk.stage() + "/menu.yaml";
        center.put(menu + "/schema", ACME, "{\"schema\":{\"type\":\"object\"}}");
        long yaml = desk.edit(menu, ACME, Map.of("content", "x: 1\n"));
        done(center.post(menu + "/releases", ACME, "{\"revision\":" + yaml + "}"));
        // Too large to stand beside their pointers, and together larger than what ZooKeeper's clients take by
        // themselves.
        for (int number = 1; number <= LARGE; number++) {
            String large = desk.stage() + "/large-" + number;
            long many = 0;
            for (int part = 0; part < 3; part++) {
                many = desk.edit(
                        large,
                        ACME,
                        Map.of("part." + part, random(number, 60_000), "more." + part, random(part, 60_000)));
            }
            done(center.post(large + "/releases", ACME, "{\"revision\":" + many + "}"));
        }
        for (String build : List.of("2.9.0", "2.10.0")) {
            done(center.put(
                    "/api/v1/config-builds/desk/" + build,
                    ACME,
                    "{\"properties\":[{\"name\":\"calls.attempts\",\"type\":\"java.lang.Integer\"}]}"));
        }
        done(center.put("/api/v1/config-applications/desk/reader-keys/next/rotation?overlap=P5D", ACME, ""));
        done(center.put("/api/v1/config-access-keys/desk/prod/next/rotation?overlap=P5D", ACME, ""));
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        done(center.put(
                "/api/v1/config-freezes/prod/night",
                ACME,
                "{\"from\":\"" + tomorrow + "\",\"until\":\"" + tomorrow.plusSeconds(60) + "\",\"reason\":\"rest\"}"));
        trial.release(Map.of("a", "1"));
        report(trial, "c1");
        done(center.put(
                "/api/v1/config-canaries/trial/prod/first",
                ACME,
                "{\"revisions\":{\"application\":" + trial.edit(ACME, Map.of("a", "2"))
                        + "},\"choice\":{\"percent\":100},\"confirmSeconds\":3600}"));
        long revision = desk.edit(ACME, Map.of("pending", "yes"));
        done(center.put(
                "/api/v1/config-schedules/desk/prod/soon",
                ACME,
                "{\"at\":\"" + tomorrow + "\",\"revisions\":{\"application\":" + revision + "}}"));
        done(center.put("/api/v1/config-rules/desk/prod", ACME, "{\"review\":true,\"publishers\":[]}"));
        done(center.put(desk.namespace() + "/review", ACME, "{\"revision\":" + revision + "}"));
        // What is under way by itself comes to its end.
        await().until(() -> center.get("/api/v1/config-access-keys/desk/prod", ACME)
                .body()
                .get(0)
                .path("given")
                .asBoolean(false));
        EarlierReleases earlier = center.bean(EarlierReleases.class);
        await().until(() -> earlier.before(DESK, 1_000, 1_000).size() == last(center));
        Ensemble ensemble = center.bean(Ensemble.class);
        await().until(() -> ensemble.children(UntoldReleases.ROOT).isEmpty());
        await().until(() ->
                ensemble.children(Documents.ROOT + "/readers-unsettled").isEmpty());
        center.bean(KeyUses.class).keep(DESK, Duration.ZERO);
    }

    /** A client that takes canaries, and will not have confirmed this one. */
    private static void report(Desk desk, String client) throws Exception {
        JsonNode access = desk.access();
        String credential = access.get("SWITCHBOARD_CONFIG_USER").asString() + ":"
                + access.get("SWITCHBOARD_CONFIG_SECRET").asString();
        HttpRequest request = HttpRequest.newBuilder(
                        desk.center().uri("/delivery/v1/prod/application/clients/" + client))
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credential.getBytes(StandardCharsets.UTF_8)))
                .PUT(BodyPublishers.ofString("{\"release\":1,\"labels\":{}}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(204);
    }

    private static void done(Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isBetween(200, 201);
    }

    private static String builds(Center center) throws Exception {
        return String.join(
                ",",
                center.get("/api/v1/config-builds/desk", ACME)
                        .body()
                        .valueStream()
                        .map(build -> build.get("build").asString())
                        .toList());
    }

    private static long last(Center center) throws Exception {
        return center.get(new Desk(center, "desk").namespace() + "/releases", ACME)
                .body()
                .get(0)
                .get("number")
                .asLong();
    }

    private static String random(int seed, int length) {
        byte[] bytes = new byte[length * 3 / 4];
        new Random(seed).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Whoever keeps something new must see to it that it comes back: here it is missing until then. */
    private static void everyKindOfNodeIsThere(Center center) {
        Ensemble ensemble = center.bean(Ensemble.class);
        assertThat(ensemble.children(Documents.ROOT))
                .filteredOn(name -> !PASSING.contains(name) && !name.equals("readers-unsettled"))
                .allSatisfy(name -> assertThat(ensemble.children(Documents.ROOT + "/" + name))
                        .as(name)
                        .isNotEmpty());
    }

    /** What was pending can be decided, heirs get what their parents publish, and secrets can be sealed. */
    private static void itGoesOn(Center anew) throws Exception {
        Desk desk = new Desk(anew, "desk");
        long revision = anew.get(desk.namespace(), ACME).body().get("revision").asLong();
        assertThat(anew.put(
                                desk.namespace() + "/review/decision",
                                "acme.bob.tenant",
                                "{\"revision\":" + revision + ",\"approved\":true}")
                        .status())
                .isEqualTo(200);
        assertThat(desk.publish(ACME, revision).status()).isEqualTo(201);
        Desk base = new Desk(anew, "base");
        base.release(Map.of("greeting", "Good day"));
        await().untilAsserted(() -> assertThat(
                        anew.get(desk.namespace() + "/effective", ACME).body().toString())
                .contains("Good day"));
    }

    /** Nodes with what is in them and who may do what; the revision of drafts, too. */
    static SortedMap<String, String> kept(Center center) throws Exception {
        SortedMap<String, String> nodes = new TreeMap<>();
        center.bean(Ensemble.class).ask(zookeeper -> {
            walk(zookeeper, "/switchboard", nodes);
            return nodes;
        });
        return nodes;
    }

    private static void walk(CuratorFramework zookeeper, String node, SortedMap<String, String> nodes)
            throws Exception {
        if (PASSING.stream().anyMatch(name -> node.startsWith(Documents.ROOT + "/" + name))) {
            return;
        }
        var stat = new Stat();
        byte[] content = zookeeper.getData().storingStatIn(stat).forPath(node);
        if (stat.getEphemeralOwner() != 0) {
            return;
        }
        // What a mark of something due has in it is nobody's concern, and who uses a key is written again each minute.
        String shown = node.contains("-retiring/") || node.contains("/readers-used/")
                ? ""
                : content.length + " bytes " + Arrays.hashCode(content) + " ";
        // Builds are opened to readers with the next rotation.
        String rights = node.contains("/builds/") && node.endsWith(".0")
                ? ""
                : zookeeper.getACL().forPath(node).toString().replaceAll("\\s+", "");
        // Looking for rules and freezes that nobody set makes the nodes above them.
        if (content.length > 0
                || !node.startsWith(Documents.ROOT + "/rules/") && !node.startsWith(Documents.ROOT + "/freezes/")) {
            nodes.put(node, shown + rights + (node.endsWith("/draft") ? stat.getVersion() : ""));
        }
        for (String child : zookeeper.getChildren().forPath(node)) {
            walk(zookeeper, node + "/" + child, nodes);
        }
    }

    @Test
    void aReleaseOfSeveralNamespacesIsInABackupWholeOrNotAtAll() throws Exception {
        try (TestingServer zookeeper = new TestingServer(-1, true);
                Center center = Center.on(zookeeper.getConnectString(), "backup_while")) {
            var published = new AtomicInteger();
            var goOn = new AtomicBoolean(true);
            Thread publisher = Thread.ofVirtual().start(() -> {
                while (goOn.get()) {
                    publishTogether(center, published.incrementAndGet());
                }
            });
            try {
                for (int backup = 0; backup < 20; backup++) {
                    int before = published.get();
                    await().until(() -> published.get() > before + 1);

                    SortedMap<String, byte[]> nodes = Backups.nodes(backup(center));

                    String first = value(nodes, "application");
                    assertThat(List.of(value(nodes, "routing"), value(nodes, "hours")))
                            .containsExactly(first, first);
                }
            } finally {
                goOn.set(false);
                publisher.join();
            }
        }
    }

    private static void publishTogether(Center center, int round) {
        try {
            var revisions = new TreeMap<String, Long>();
            for (String namespace : List.of("application", "routing", "hours")) {
                // One of them is too large to stand beside its pointer.
                String more = namespace.equals("hours") ? random(round, 20_000) : "";
                revisions.put(
                        namespace,
                        new Desk(center, "together")
                                .edit(
                                        "/api/v1/config/together/prod/" + namespace,
                                        ACME,
                                        Map.of("round", String.valueOf(round), "more", more)));
            }
            String named = revisions.toString().replaceAll("(\\w+)=", "\"$1\":");
            Answer answer = center.post("/api/v1/config/together/prod/releases", ACME, "{\"revisions\":" + named + "}");
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        } catch (Exception e) {
            throw new AssertionError("not published", e);
        }
    }

    private static String value(SortedMap<String, byte[]> nodes, String namespace) throws Exception {
        NamespacePath path = NamespacePath.parse("acme/together/prod/" + namespace);
        Current current = Current.decode(Objects.requireNonNull(nodes.get(path.current())), path);
        String node = path.release(current.pointer().number());
        Release release = Release.decode(Objects.requireNonNull(nodes.get(node), node), path, current.pointer());
        return Objects.requireNonNull(release.items().values().get("round"));
    }

    @Test
    void whatIsNoBackupChangesNothing() throws Exception {
        byte[] whole = backup(filled());
        try (TestingServer zookeeper = new TestingServer(-1, true);
                Center center = Center.on(zookeeper.getConnectString(), "backup_refused")) {
            Map<String, String> before = kept(center);
            byte[] changed = whole.clone();
            changed[whole.length / 2] ^= 1;

            for (byte[] none : List.of(
                    new byte[1],
                    "not one of ours".getBytes(StandardCharsets.US_ASCII),
                    Arrays.copyOf(whole, whole.length - 1),
                    changed,
                    Backups.without(whole, node -> node.endsWith("/draft")),
                    Backups.without(whole, node -> node.endsWith("/current")),
                    Backups.without(whole, node -> node.contains("/releases/")))) {
                Answer answer = center.restore(BACKUP, OPERATOR, none);

                assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
                assertThat(answer.code()).isEqualTo("NO_BACKUP");
                assertThat(kept(center)).isEqualTo(before);
            }
            byte[] nothing = backup(center);
            assertThat(center.restore(BACKUP, OPERATOR, nothing).status()).isEqualTo(200);
            assertThat(center.restore(BACKUP, OPERATOR, whole).status()).isEqualTo(200);
            assertThat(center.restore(BACKUP, OPERATOR, nothing).code()).isEqualTo("CENTER_NOT_EMPTY");
        }
    }

    private static Center filled() throws Exception {
        Desk.next("kept").release(Map.of("a", "1"));
        return Center.get();
    }

    @Test
    void aRestoreThatWasCutOffServesNobodyAndIsDoneAnew() throws Exception {
        byte[] file;
        try (TestingServer zookeeper = new TestingServer(-1, true);
                Center center = Center.on(zookeeper.getConnectString(), "backup_cut_of")) {
            new Desk(center, "aaa").release(Map.of("a", "1"));
            new Desk(center, "zzz").release(Map.of("a", "1"));
            file = backup(center);
        }
        try (TestingServer zookeeper = new TestingServer(-1, true)) {
            var relay = new Relay(zookeeper.getPort());
            try (Center cut = Center.behind(relay, zookeeper.getConnectString(), "backup_cut");
                    Center other = Center.on(zookeeper.getConnectString(), "backup_cut")) {
                relay.cutBehind("/switchboard/config/acme/aaa/prod/application/current");

                assertThat(cut.restore(BACKUP, OPERATOR, file).status()).isEqualTo(503);

                assertThat(other.get("/api/v1/config/aaa/prod/application", ACME)
                                .code())
                        .isEqualTo("RESTORE_UNDER_WAY");
                assertThat(other.put(
                                        "/api/v1/config/new/prod/application/draft/items",
                                        ACME,
                                        other.items(Map.of("a", "2")))
                                .code())
                        .isEqualTo("RESTORE_UNDER_WAY");
                assertThat(other.get(BACKUP, OPERATOR).code()).isEqualTo("RESTORE_UNDER_WAY");
                // Until the session of the one that was cut off is over, it may be at it.
                await().atMost(SESSIONS_END).until(() -> {
                    Answer answer = other.restore(BACKUP, OPERATOR, file);
                    assertThat(answer.code()).isIn("", "RESTORE_UNDER_WAY");
                    return answer.status() == 200;
                });
                for (String application : List.of("aaa", "zzz")) {
                    assertThat(other.get("/api/v1/config/" + application + "/prod/application", ACME)
                                    .body()
                                    .get("released")
                                    .get("a")
                                    .asString())
                            .isEqualTo("1");
                }
                new Desk(other, "aaa").release(Map.of("a", "2"));
            }
        }
    }

    @Test
    void clientsFollowACenterThatWasRestoredOverALostZooKeeper() throws Exception {
        Path data = Files.createDirectory(directory.resolve("zookeeper"));
        TestingServer lost = new TestingServer(-1, data.toFile(), true);
        int port = lost.getPort();
        try (Center center = Center.on(lost.getConnectString(), "backup_lost")) {
            Desk desk = new Desk(center, "followed");
            NamespacePath path = NamespacePath.parse("acme/followed/prod/application");
            EarlierReleases earlier = center.bean(EarlierReleases.class);
            desk.release(Map.of("routing.attempts", "5"));
            byte[] file = backup(center);
            try (var task = desk.task(directory.resolve("cache"));
                    var polling = WaitingClient.polling(desk);
                    var streaming = WaitingClient.streaming(desk)) {
                desk.release(Map.of("routing.attempts", "7"));
                await().until(() -> Desk.attempts(task) == 7 && polling.attempts() == 7 && streaming.attempts() == 7);
                await().until(() -> earlier.find(path, 2).isPresent());

                lost.close();
                File empty = Files.createDirectory(directory.resolve("empty")).toFile();
                try (TestingServer anew = new TestingServer(port, empty, true)) {
                    await().atMost(SESSIONS_END)
                            .until(() -> center.restore(BACKUP, OPERATOR, file).status() == 200);

                    await().atMost(SESSIONS_END).until(() -> polling.attempts() == 5 && streaming.attempts() == 5);
                    await().atMost(SESSIONS_END).until(() -> Desk.attempts(task) == 5);
                    assertThat(earlier.find(path, 2)).as("it never was").isEqualTo(Optional.empty());
                    desk.release(Map.of("routing.attempts", "9"));
                    await().atMost(SESSIONS_END)
                            .until(() ->
                                    Desk.attempts(task) == 9 && polling.attempts() == 9 && streaming.attempts() == 9);
                }
            }
        }
    }

    static byte[] backup(Center center) throws Exception {
        HttpResponse<byte[]> answer = center.download(BACKUP, OPERATOR);
        assertThat(answer.statusCode())
                .as(() -> new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return answer.body();
    }

    private static String unpacked(byte[] backup) throws Exception {
        String title = "switchboard-config-backup/1\n";
        assertThat(new String(backup, StandardCharsets.ISO_8859_1)).startsWith(title);
        var packed = new ByteArrayInputStream(backup, title.length(), backup.length - title.length() - 32);
        return new String(new GZIPInputStream(packed).readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
