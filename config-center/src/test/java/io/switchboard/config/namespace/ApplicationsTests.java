package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class ApplicationsTests {

    private static final String APPLICATIONS = "/api/v1/config-applications";

    private final Desk desk;

    ApplicationsTests() throws Exception {
        desk = Desk.next("left");
    }

    @Test
    void whatAnInstanceLeftIsFoundAndDeleted(CapturedOutput output) throws Exception {
        desk.release(Map.of("a", "1"));
        long routing = desk.edit(desk.stage() + "/routing", ACME, Map.of("r", "1"));
        desk.center()
                .put(
                        "/api/v1/config-schedules/" + desk.application() + "/prod/later",
                        ACME,
                        "{\"at\":\"" + Instant.now().plus(Duration.ofDays(1)) + "\",\"revisions\":{\"routing\":"
                                + routing + "}}");

        JsonNode stage = find().get("stages").get(0);
        assertThat(stage.get("namespaces").asInt()).isEqualTo(2);
        assertThat(stage.get("clients").asInt()).isZero();
        assertThat(stage.has("releasedAt")).isTrue();

        assertThat(delete(GLOBEX).status()).isEqualTo(200);
        assertThat(delete(ACME).status()).isEqualTo(200);
        assertThat(delete(ACME).status()).isEqualTo(200);
        assertThat(desk.center().get(desk.stage(), ACME).body()).isEmpty();
        assertThat(children(DueNode.PARENT)).noneMatch(name -> name.contains(desk.application()));
        assertThat(children(Documents.ROOT + "/schedules/acme")).doesNotContain(desk.application());
        assertThat(output).contains("configuration deleted: application=acme/" + desk.application());
        desk.release(Map.of("a", "again"));
        assertThat(desk.center().get(desk.namespace() + "/releases", ACME).body())
                .hasSize(1);
    }

    @Test
    void whatClientsReadStays() throws Exception {
        desk.release(Map.of("a", "1"));
        NamespacePath path = new NamespacePath("acme", desk.application(), "prod", "application");
        Ensemble ensemble = desk.center().bean(Ensemble.class);
        ensemble.ask(zookeeper ->
                zookeeper.create().withMode(CreateMode.EPHEMERAL).forPath(path.client("task"), new byte[0]));

        Answer refused = delete(ACME);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("APPLICATION_IN_USE");
        assertThat(find().get("stages").get(0).get("clients").asInt()).isEqualTo(1);

        ensemble.ask(zookeeper -> zookeeper.delete().forPath(path.client("task")));
        assertThat(delete(ACME).status()).isEqualTo(200);
    }

    @Test
    void whoMayNotPublishDoesNotDelete() throws Exception {
        desk.release(Map.of("a", "1"));
        desk.center()
                .put(
                        "/api/v1/config-rules/" + desk.application() + "/prod",
                        ACME,
                        "{\"review\":false,\"publishers\":[\"bob\"]}");

        assertThat(delete(ACME).code()).isEqualTo("NOT_A_PUBLISHER");
        assertThat(desk.center().get(desk.namespace() + "/releases", ACME).body())
                .hasSize(1);
        assertThat(desk.center()
                        .send("DELETE", APPLICATIONS + "/" + desk.application() + "?tenant=acme", OPERATOR, null)
                        .status())
                .isEqualTo(200);
        assertThat(desk.center()
                        .get("/api/v1/config-rules/" + desk.application() + "/prod", ACME)
                        .body()
                        .get("version")
                        .asInt())
                .isZero();
    }

    private Answer delete(String token) throws Exception {
        return desk.center().send("DELETE", APPLICATIONS + "/" + desk.application(), token, null);
    }

    private JsonNode find() throws Exception {
        String before = desk.application().substring(0, desk.application().length() - 1);
        return desk.center()
                .get(APPLICATIONS + "?after=" + before, ACME)
                .body()
                .valueStream()
                .filter(one -> one.get("application").asString().equals(desk.application()))
                .findFirst()
                .orElseThrow();
    }

    private List<String> children(String node) throws Exception {
        return desk.center()
                .bean(Ensemble.class)
                .ask(zookeeper -> zookeeper.getChildren().forPath(node));
    }
}
