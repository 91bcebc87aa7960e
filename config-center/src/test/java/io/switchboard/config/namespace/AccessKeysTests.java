package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static io.switchboard.config.namespace.Center.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.CannotOpen;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.SealingKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OutputCaptureExtension.class)
class AccessKeysTests {

    private final Center center = Center.get();
    private Desk desk = new Desk(center, "unnamed");

    AccessKeysTests() throws Exception {}

    @BeforeEach
    void nextApplication() throws Exception {
        desk = Desk.next("access-keys");
    }

    @Test
    void bothKeysOpenWhatIsInEffectUntilTheOldOneRetires(CapturedOutput output) throws Exception {
        SealingKey first = given("w-1");
        secret("hunter2");

        assertThat(rotate(ACME, "autumn", "").status()).isEqualTo(200);

        SealingKey second = given("w-2");
        assertThat(second.encoded()).isNotEqualTo(first.encoded());
        assertThat(given("w-1").encoded())
                .as("what a workload was given stays its")
                .isEqualTo(first.encoded());
        assertThat(password(first)).isEqualTo("hunter2");
        assertThat(password(second)).isEqualTo("hunter2");
        secret("hunter3");
        assertThat(password(first)).isEqualTo("hunter3");
        JsonNode keys = center.get(uri(""), ACME).body();
        assertThat(keys.get(0).get("workloads").get(0).asString()).isEqualTo("w-2");
        assertThat(keys.get(1).get("workloads").get(0).asString()).isEqualTo("w-1");
        assertThat(keys.get(1).has("retiresAt")).isTrue();
        long releases = release().number();
        rotate(ACME, "autumn", "");
        assertThat(release().number()).as("the same call twice changes nothing").isEqualTo(releases);
        assertThat(output.toString().split("access keys rotated: stage=acme/" + desk.application() + "/", -1))
                .as("and is told once")
                .hasSize(2);

        center.setAhead(Duration.ofDays(7).plusSeconds(1));
        try {
            await().untilAsserted(
                            () -> assertThat(center.get(uri(""), ACME).body()).hasSize(1));
        } finally {
            center.setAhead(Duration.ZERO);
        }
        // Told once all is done.
        await().untilAsserted(() -> assertThat(output)
                .contains("access key retired: stage=acme/" + desk.application() + "/prod author=- key=first"));
        secret("hunter4");
        assertThat(password(second)).isEqualTo("hunter4");
        Release sealed = release();
        assertThatExceptionOfType(CannotOpen.class).isThrownBy(() -> sealed.open(Optional.of(first)));
        assertThat(output)
                .contains("access keys rotated: stage=acme/" + desk.application() + "/prod author=ann key=autumn")
                .doesNotContain(second.encoded(), "hunter2");
    }

    @Test
    void whatAnHeirInheritsIsSealedForItsNewKeyToo() throws Exception {
        desk.edit(ACME, Map.of("switchboard.shared", "*"));
        secret("hunter2");
        Desk heir = Desk.next("access-keys");
        heir.release(Map.of("switchboard.inherits", desk.application() + "/application"));
        desk = heir;

        assertThat(rotate(ACME, "autumn", "").status()).isEqualTo(200);

        assertThat(password(given("w-1"))).isEqualTo("hunter2");
    }

    @Test
    void withoutOverlapTheOldKeyIsRetiredByTheCall() throws Exception {
        SealingKey first = given("w-1");
        secret("hunter2");

        assertThat(rotate(ACME, "a", "?overlap=PT0S").body()).hasSize(1);

        secret("hunter3");
        Release sealed = release();
        assertThatExceptionOfType(CannotOpen.class).isThrownBy(() -> sealed.open(Optional.of(first)));
        assertThat(password(given("w-2"))).isEqualTo("hunter3");
    }

    @Test
    void anEarlierEndLeavesNoMarkOfTheLaterOne() throws Exception {
        secret("hunter2");
        for (int days = 80; days > 70; days--) {
            assertThat(rotate(ACME, "a", "?overlap=P" + days + "D").status()).isEqualTo(200);
        }

        assertThat(center.bean(Ensemble.class).children(Documents.ROOT + "/access-retiring"))
                .filteredOn(mark -> mark.contains("~" + desk.application() + "~"))
                .hasSize(1);
    }

    @Test
    void whileACanaryRunsARotationWaitsAndSaysSo(CapturedOutput output) throws Exception {
        secret("hunter2");
        canary();

        Answer begun = rotate(ACME, "a", "?overlap=P1D");
        assertThat(begun.status()).isEqualTo(200);
        assertThat(begun.body().get(0).get("given").asBoolean()).isFalse();
        assertThat(rotate(ACME, "a", "?overlap=P1D").body()).isEqualTo(begun.body());
        Answer unfinished = rotate(ACME, "a", "?overlap=PT0S");
        assertThat(unfinished.code()).isEqualTo("ROTATION_UNFINISHED");
        assertThat(unfinished.body().get("canary").asString()).isEqualTo("night");

        center.post("/api/v1/config-canaries/" + desk.application() + "/prod/night/abandonment", ACME, "{}");
        await().untilAsserted(() -> {
            JsonNode keys = center.get(uri(""), ACME).body();
            assertThat(keys).hasSize(1);
            assertThat(keys.get(0).get("given").asBoolean()).isTrue();
            assertThat(output)
                    .contains("access key retired: stage=acme/" + desk.application() + "/prod author=- key=first");
        });
    }

    /** With one client, which takes it. */
    private void canary() throws Exception {
        String client = desk.connect(release().number());
        long revision = desk.edit(ACME, Map.of("a", "2"));
        Answer started = center.put(
                "/api/v1/config-canaries/" + desk.application() + "/prod/night",
                ACME,
                "{\"revisions\":{\"application\":" + revision + "},\"choice\":{\"instances\":[\"c1\"]}}");
        assertThat(started.status()).as(started.body().toString()).isBetween(200, 204);
        center.bean(Ensemble.class).ask(zookeeper -> zookeeper.delete().forPath(client));
    }

    @Test
    void whoOnlyLooksMakesNothing() throws Exception {
        String application = "/acme/" + desk.application();

        assertThat(center.get(uri(""), ACME).status()).isEqualTo(200);

        boolean made = center.bean(Ensemble.class)
                .ask(zookeeper -> zookeeper.checkExists().forPath(Documents.ROOT + "/keys" + application) != null);
        assertThat(made).isFalse();
    }

    @Test
    void whatIsWrongIsRefused() throws Exception {
        assertThat(rotate(ACME, "a", "").code()).isEqualTo("NOT_FOUND");
        secret("hunter2");
        assertThat(rotate(ACME, "a", "?overlap=P91D").status()).isEqualTo(400);
        assertThat(rotate(GLOBEX, "a", "").code()).isEqualTo("NOT_FOUND");
        rotate(ACME, "a", "");
        assertThat(rotate(ACME, "first", "").code()).isEqualTo("ACCESS_KEY_IS_OLDER");
        rotate(ACME, "b", "");
        assertThat(rotate(ACME, "c", "").code()).isEqualTo("TOO_MANY_ACCESS_KEYS");
        center.put(
                "/api/v1/config-rules/" + desk.application() + "/prod?tenant=acme",
                OPERATOR,
                "{\"review\":false,\"publishers\":[\"bob\"]}");
        assertThat(rotate(ACME, "b", "").code()).isEqualTo("NOT_A_PUBLISHER");
    }

    private void secret(String value) throws Exception {
        assertThat(desk.publish(ACME, desk.encrypt(ACME, Map.of("password", value)))
                        .status())
                .isEqualTo(201);
    }

    private Release release() {
        return center.bean(Namespaces.class)
                .read(new NamespacePath("acme", desk.application(), "prod", "application"))
                .release()
                .orElseThrow();
    }

    private String password(SealingKey key) throws Exception {
        return String.valueOf(release().open(Optional.of(key)).get("password"));
    }

    private SealingKey given(String workload) throws Exception {
        String request = new JsonMapper()
                .writeValueAsString(Map.of(
                        "tenant", "acme", "application", desk.application(), "stage", "prod", "workload", workload));
        return SealingKey.parse(center.post("/internal/v1/config/access", SERVICE, request)
                .body()
                .get("environment")
                .get("SWITCHBOARD_CONFIG_ACCESS_KEY")
                .asString());
    }

    private String uri(String more) {
        return "/api/v1/config-access-keys/" + desk.application() + "/prod" + more;
    }

    private Answer rotate(String token, String id, String overlap) throws Exception {
        return center.put(uri("/" + id + "/rotation" + overlap), token, "");
    }
}
