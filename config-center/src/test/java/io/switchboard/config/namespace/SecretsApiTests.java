package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.SealingKey;
import io.switchboard.configprotocol.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SecretsApiTests {

    private static final String BOB = "acme.bob.tenant";

    private final Center center = Center.get();
    private Desk desk = new Desk(center, "unnamed");

    SecretsApiTests() throws Exception {}

    @BeforeEach
    void nextApplication() throws Exception {
        desk = Desk.next("secrets");
    }

    @Test
    void noAnswerGivesAnEncryptedItemBack(CapturedOutput output) throws Exception {
        desk.release(Map.of("user", "desk"));
        Answer drafted = center.put(
                desk.namespace() + "/draft/secrets",
                ACME,
                center.secrets(Map.of("password", "hunter2", "pin", "4711x")));
        assertThat(drafted.status()).isEqualTo(200);
        Answer published = desk.publish(ACME, drafted.body().get("revision").asLong());
        assertThat(published.status()).isEqualTo(201);
        desk.encrypt(BOB, Map.of("password", "hunter2-next"));

        for (String path : new String[] {
            "", "/secrets", "/diff", "/diff?from=empty&to=2", "/diff?from=empty", "/releases", "/releases/2", "/clients"
        }) {
            Answer answer = center.get(desk.namespace() + path, ACME);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().toString()).doesNotContain("hunter2").doesNotContain("4711x");
        }
        assertThat(center.get(desk.stage(), ACME).body().toString()).doesNotContain("hunter2");
        assertThat(drafted.body().toString()).contains("password").doesNotContain("hunter2");
        assertThat(output)
                .contains("draft changed", "password", "author=bob")
                .doesNotContain("hunter2")
                .doesNotContain("4711x");
    }

    @Test
    void whatIsTooLargeToBeSealedAnewGetsNoOtherKey() throws Exception {
        var random = new Random(5);
        long revision = 0;
        for (int item = 0; item < 8; item++) {
            byte[] value = new byte[31_000];
            random.nextBytes(value);
            revision = desk.encrypt(ACME, Map.of("item-" + item, HexFormat.of().formatHex(value)));
        }
        assertThat(desk.publish(ACME, revision).status()).isEqualTo(201);
        byte[] before = dataKeys();

        assertThat(rotateDataKey().code()).isEqualTo("NAMESPACE_FULL");

        assertThat(dataKeys()).isEqualTo(before);
    }

    private byte[] dataKeys() throws Exception {
        String keys = "/switchboard/config-center/keys/" + path();
        return center.bean(Ensemble.class).ask(zookeeper -> zookeeper.getData().forPath(keys));
    }

    @Test
    void anotherDataKeyLeavesTheSealedValueAsItIs() throws Exception {
        long revision = desk.encrypt(ACME, Map.of("password", "hunter2"));
        assertThat(desk.publish(ACME, revision).status()).isEqualTo(201);
        Secret before = password();

        assertThat(rotateDataKey().status()).isEqualTo(200);

        Secret after = password();
        assertThat(after.value()).isEqualTo(before.value());
        assertThat(after.dataKeyId()).isNotEqualTo(before.dataKeyId());
        long rotated = state().revision();
        assertThat(desk.encrypt(ACME, Map.of("password", "hunter2"))).isEqualTo(rotated);
        assertThat(desk.encrypt(ACME, Map.of("password", "hunter3"))).isEqualTo(rotated + 1);
    }

    @Test
    void whatAnEarlierBuildSealedIsComparedAndGetsAnotherDataKeyToo() throws Exception {
        releaseAsEarlierBuildsDid(Map.of("password", "hunter2"));
        Secret before = password();
        long revision = state().revision();
        assertThat(desk.encrypt(ACME, Map.of("password", "hunter2"))).isEqualTo(revision);

        assertThat(rotateDataKey().status()).isEqualTo(200);

        Secret after = password();
        assertThat(after.value()).isEqualTo(before.value());
        assertThat(after.dataKeyId()).isNotEqualTo(before.dataKeyId());
        assertThat(released().dataKeys()).hasSize(1);
        assertThat(released().open(Optional.of(accessKey()))).containsExactly(Map.entry("password", "hunter2"));
        long rotated = state().revision();
        assertThat(desk.encrypt(ACME, Map.of("password", "hunter2"))).isEqualTo(rotated);
    }

    @Test
    void whatIsSetAfterARotationIsSealedWithTheNewKeyThoughNothingWasEncryptedThen() throws Exception {
        desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "hunter2")));
        String before = password().dataKeyId();
        Map<String, @Nullable String> taken = new HashMap<>();
        taken.put("password", null);
        assertThat(desk.publish(ACME, desk.encrypt(ACME, taken)).status()).isEqualTo(201);

        assertThat(rotateDataKey().status()).isEqualTo(200);

        desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "hunter3")));
        assertThat(password().dataKeyId()).isNotEqualTo(before);
    }

    @Test
    void whatAnEarlierBuildSealedGetsNoOtherDataKeyIfItWouldGrowTooLarge() throws Exception {
        Map<String, String> many = new HashMap<>();
        for (int item = 0; item < 5_000; item++) {
            many.put("item-" + item, "x");
        }
        releaseAsEarlierBuildsDid(many);
        byte[] before = dataKeys();

        assertThat(rotateDataKey().code()).isEqualTo("NAMESPACE_FULL");

        assertThat(dataKeys()).isEqualTo(before);
    }

    /** Values sealed with the data key itself. */
    private void releaseAsEarlierBuildsDid(Map<String, String> values) throws Exception {
        desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "to be replaced")));
        SealingKey dataKey = accessKey()
                .openKey(Release.dataKeyContext(path()), released().dataKeys().getFirst());
        SortedMap<String, Secret> sealed = new TreeMap<>();
        values.forEach((key, value) -> sealed.put(
                key,
                new Secret(
                        null,
                        dataKey.seal("item\n" + path() + "\n" + key, value.getBytes(StandardCharsets.UTF_8)),
                        "ann",
                        Instant.now())));
        Draft draft = state().wholeDraft().resealed(new Items(new TreeMap<>(), sealed));
        center.bean(Namespaces.class).replace(path(), draft, state().revision(), zookeeper -> List.of());
        assertThat(desk.publish(ACME, state().revision()).status()).isEqualTo(201);
    }

    private NamespacePath path() {
        return new NamespacePath("acme", desk.application(), "prod", "application");
    }

    private NamespaceState state() {
        return center.bean(Namespaces.class).read(path());
    }

    private Release released() {
        return state().release().orElseThrow();
    }

    private Secret password() {
        Secret password = Objects.requireNonNull(released().items().secrets().get("password"));
        assertThat(state().draft().secrets()).containsEntry("password", password);
        return password;
    }

    private SealingKey accessKey() throws Exception {
        return SealingKey.parse(
                desk.access().get("SWITCHBOARD_CONFIG_ACCESS_KEY").asString());
    }

    private Answer rotateDataKey() throws Exception {
        return center.post(desk.namespace() + "/data-key/rotations", ACME, "{}");
    }

    @Test
    void whoSetItAndWhenIsShown() throws Exception {
        desk.encrypt(ACME, Map.of("password", "hunter2"));
        desk.encrypt(BOB, Map.of("pin", "4711"));

        Answer secrets = center.get(desk.namespace() + "/secrets", ACME);

        assertThat(secrets.body().size()).isEqualTo(2);
        assertThat(secrets.body().get(0).get("key").asString()).isEqualTo("password");
        assertThat(secrets.body().get(0).get("setBy").asString()).isEqualTo("ann");
        assertThat(secrets.body().get(1).get("setBy").asString()).isEqualTo("bob");
        assertThat(secrets.body().get(1).get("setAt").asString()).startsWith("20");
        assertThat(center.get(desk.namespace() + "/diff", ACME)
                        .body()
                        .get(1)
                        .get("after")
                        .asString())
                .startsWith("(encrypted, set by bob at 20");
    }

    @Test
    void theSameValueTwiceIsOneRevisionForWhoGaveItAndTellsNobodyElseThatHeGuessedRight() throws Exception {
        long first = desk.encrypt(ACME, Map.of("password", "hunter2"));

        assertThat(desk.encrypt(ACME, Map.of("password", "hunter2"))).isEqualTo(first);
        long wrong = desk.encrypt(BOB, Map.of("password", "hunter1"));
        assertThat(wrong).isEqualTo(first + 1);
        long again = desk.encrypt(ACME, Map.of("password", "hunter2"));
        assertThat(desk.encrypt(BOB, Map.of("password", "hunter2"))).isEqualTo(again + 1);
    }

    @Test
    void aRollbackLeavesEncryptedWhatWasPlainThen() throws Exception {
        desk.release(Map.of("password", "was plain", "user", "desk"));
        assertThat(desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "hunter2")))
                        .status())
                .isEqualTo(201);

        assertThat(center.post(desk.namespace() + "/rollbacks", BOB, "{\"from\":2,\"to\":1}")
                        .status())
                .isEqualTo(201);

        Answer back = center.get(desk.namespace() + "/releases/3", ACME);
        assertThat(back.body().get("items").propertyNames()).containsExactly("user");
        Answer now = center.get(desk.namespace(), ACME);
        assertThat(now.body().get("released").propertyNames()).containsExactly("user");
        assertThat(now.body().toString()).doesNotContain("was plain");
    }

    @Test
    void aPlainItemBecomesEncryptedAndNotTheOtherWayRound() throws Exception {
        desk.edit(ACME, Map.of("password", "was plain"));
        desk.encrypt(ACME, Map.of("password", "hunter2"));
        assertThat(center.get(desk.namespace(), ACME).body().get("items").isEmpty())
                .isTrue();

        Answer opened = center.put(desk.namespace() + "/draft/items", ACME, center.items(Map.of("password", "oops")));

        assertThat(opened.status()).isEqualTo(409);
        assertThat(opened.code()).isEqualTo("ENCRYPTED_ITEM");
        assertThat(opened.body().toString()).doesNotContain("oops");

        Map<String, @Nullable String> removal = new HashMap<>();
        removal.put("password", null);
        desk.encrypt(ACME, removal);
        assertThat(center.get(desk.namespace() + "/secrets", ACME).body().isEmpty())
                .isTrue();
    }

    @Test
    void aRotatedDataKeyLeavesDraftHistoryAndRollbackAsTheyWere() throws Exception {
        assertThat(desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "first")))
                        .status())
                .isEqualTo(201);
        assertThat(desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "second")))
                        .status())
                .isEqualTo(201);
        desk.edit(ACME, Map.of("pending", "1"));

        Answer rotated = center.post(desk.namespace() + "/data-key/rotations", BOB, "{}");

        assertThat(rotated.status()).isEqualTo(200);
        assertThat(rotated.body().get("release").get("number").asLong()).isEqualTo(3);
        assertThat(rotated.body().get("changes").size()).isEqualTo(1);
        assertThat(rotated.body().get("changes").get(0).get("key").asString()).isEqualTo("pending");
        assertThat(center.get(desk.namespace() + "/secrets", ACME)
                        .body()
                        .get(0)
                        .get("setBy")
                        .asString())
                .isEqualTo("ann");
        assertThat(center.post(desk.namespace() + "/rollbacks", ACME, "{\"from\":3,\"to\":1}")
                        .status())
                .isEqualTo(201);
        assertThat(center.post(desk.namespace() + "/data-key/rotations", BOB, "{\"revision\":1}")
                        .code())
                .isEqualTo("STALE_REVISION");
    }

    @Test
    void whatIsSealedWithAnotherKeyOnlyIsNothingToPublish() throws Exception {
        assertThat(desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "good")))
                        .status())
                .isEqualTo(201);
        Answer rotated = center.post(desk.namespace() + "/data-key/rotations", BOB, "{}");

        assertThat(center.post(desk.namespace() + "/rollbacks", ACME, "{\"from\":2,\"to\":1}")
                        .code())
                .isEqualTo("NOTHING_TO_PUBLISH");
        assertThat(desk.publish(ACME, rotated.body().get("revision").asLong()).code())
                .isEqualTo("NOTHING_TO_PUBLISH");
    }

    @Test
    void aRotatedDataKeyIsNoChangeOfWhatItSeals() throws Exception {
        assertThat(desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "good")))
                        .status())
                .isEqualTo(201);
        assertThat(desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "bad")))
                        .status())
                .isEqualTo(201);
        assertThat(center.post(desk.namespace() + "/rollbacks", ACME, "{\"from\":2,\"to\":1}")
                        .status())
                .isEqualTo(201);

        Answer rotated = center.post(desk.namespace() + "/data-key/rotations", BOB, "{}");

        assertThat(rotated.body().get("release").get("number").asLong()).isEqualTo(4);
        assertThat(desk.publish(ACME, rotated.body().get("revision").asLong()).code())
                .isEqualTo("TAKEN_BACK");
        assertThat(center.get(desk.namespace() + "/draft", ACME)
                        .body()
                        .at("/changes/0/takenBack")
                        .asBoolean())
                .isTrue();
        assertThat(center.get(desk.namespace() + "/blame", ACME)
                        .body()
                        .at("/0/release/number")
                        .asLong())
                .isEqualTo(3);
        assertThat(center.get(desk.namespace() + "/diff?from=3&to=4", ACME).body())
                .isEmpty();
        assertThat(center.get(desk.namespace() + "/diff?from=2&to=4", ACME).body())
                .hasSize(1);
    }

    @Test
    void aDraftAloneIsSealedAnewWithoutARelease() throws Exception {
        long revision = desk.encrypt(ACME, Map.of("password", "hunter2"));

        Answer rotated = center.post(desk.namespace() + "/data-key/rotations", ACME, "{\"revision\":" + revision + "}");

        assertThat(rotated.body().has("release")).isFalse();
        assertThat(rotated.body().get("revision").asLong()).isGreaterThan(revision);
        assertThat(desk.publish(ACME, rotated.body().get("revision").asLong()).status())
                .isEqualTo(201);
    }

    @Test
    void masterKeysAreTheOperatorsAffair() throws Exception {
        assertThat(center.get("/api/v1/config-master-key", ACME).status()).isEqualTo(403);
        assertThat(center.post("/api/v1/config-master-key/rotations", ACME, "").status())
                .isEqualTo(403);
        assertThat(center.get("/api/v1/config-master-key", OPERATOR)
                        .body()
                        .get("current")
                        .asString())
                .isEqualTo(center.masterKeys().getFirst().id());
    }

    @Test
    void whatAnotherTenantEncryptedIsNotFound() throws Exception {
        desk.encrypt(ACME, Map.of("password", "hunter2"));

        assertThat(center.get(desk.namespace() + "/secrets?tenant=acme", GLOBEX).status())
                .isEqualTo(404);
        assertThat(center.get(desk.namespace() + "/secrets", GLOBEX).body().isEmpty())
                .isTrue();
        assertThat(center.put(desk.namespace() + "/draft/secrets?tenant=acme", GLOBEX, center.secrets(Map.of("a", "b")))
                        .status())
                .isEqualTo(404);
    }
}
