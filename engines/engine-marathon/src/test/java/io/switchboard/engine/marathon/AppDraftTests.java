package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Engine;
import io.switchboard.engine.Workload;
import io.switchboard.engine.marathon.MarathonEngineProperties.AppSettings;
import io.switchboard.engine.marathon.MarathonEngineProperties.Program;
import io.switchboard.engine.marathon.MarathonEngineProperties.Unreachable;
import io.switchboard.marathon.simulator.MarathonSimulator;
import io.switchboard.marathon.simulator.ScriptedPrograms;
import io.switchboard.marathon.simulator.Settings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Marathon keeps of a workload, once it took it. */
class AppDraftTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ID = "/switchboard/acme/0193-7/shop";

    @Test
    void aNewAppKeepsOffCordonedNodes() {
        AppDraft drafts = new AppDraft(Examples.properties(List.of(URI.create("http://127.0.0.1:8080")), Map.of()));
        drafts.cordon(Set.of("node-2.example", "10.0.0.7"));

        assertThat(drafts.app(Examples.shop("shop", 2)).getConstraints())
                .containsExactly(List.of("hostname", "UNLIKE", "10\\.0\\.0\\.7|node-2\\.example"));

        drafts.cordon(Set.of());
        assertThat(drafts.app(Examples.shop("shop", 2)).getConstraints()).isEmpty();
    }

    @Test
    void anImageBecomesAContainerWithAllItsSettings() {
        AppSettings settings = new AppSettings(
                512,
                null,
                List.of("*"),
                List.of("hostname:MAX_PER:2", "rack:LIKE:rack-[12]"),
                "mesos",
                "bridge",
                true,
                null,
                List.of(URI.create("file:///etc/docker.tar.gz")),
                "calls",
                true,
                0.5,
                0.25,
                new Unreachable(Duration.ofSeconds(30), Duration.ofMinutes(5)));

        JsonNode app = taken(Examples.shop("shop", 2), Map.of(), settings);

        assertThat(app.path("instances").asInt()).isEqualTo(2);
        assertThat(app.path("cpus").asDouble()).isEqualTo(0.5);
        assertThat(app.path("mem").asDouble()).isEqualTo(128);
        assertThat(app.path("disk").asDouble()).isEqualTo(512);
        assertThat(app.path("user").asString()).isEqualTo("calls");
        assertThat(app.path("constraints").toString())
                .isEqualTo("[[\"hostname\",\"MAX_PER\",\"2\"],[\"rack\",\"LIKE\",\"rack-[12]\"]]");
        assertThat(app.path("killSelection").asString()).isEqualTo("YOUNGEST_FIRST");
        assertThat(app.path("unreachableStrategy").toString())
                .isEqualTo("{\"inactiveAfterSeconds\":30,\"expungeAfterSeconds\":300}");
        assertThat(app.path("upgradeStrategy").path("minimumHealthCapacity").asDouble())
                .isEqualTo(0.5);
        assertThat(app.path("taskKillGracePeriodSeconds").asInt()).isEqualTo(5);
        assertThat(app.path("backoffFactor").asDouble()).isEqualTo(2);
        assertThat(app.path("fetch").path(0).path("uri").asString()).isEqualTo("file:///etc/docker.tar.gz");
        JsonNode container = app.path("container");
        assertThat(container.path("type").asString()).isEqualTo("MESOS");
        assertThat(container.path("docker").path("forcePullImage").asBoolean()).isTrue();
        assertThat(container.path("portMappings").path(1).path("name").asString())
                .isEqualTo("sip-tls");
        assertThat(container.path("portMappings").path(1).path("containerPort").asInt())
                .isEqualTo(5061);
        assertThat(container.path("portMappings").path(1).path("protocol").asString())
                .isEqualTo("tcp");
        assertThat(container.path("portMappings").path(2).path("protocol").asString())
                .isEqualTo("udp");
        assertThat(app.path("networks").path(0).path("mode").asString()).isEqualTo("container/bridge");
        assertThat(app.path("env").path("SERVER_PORT").asString()).isEqualTo("8080");
        assertThat(app.path("env").path("PORT_SIP_TLS").asString()).isEqualTo("5061");
        JsonNode check = app.path("healthChecks").path(0);
        assertThat(check.path("protocol").asString()).isEqualTo("MESOS_HTTP");
        assertThat(check.path("path").asString()).isEqualTo("/health");
        assertThat(check.path("delaySeconds").asInt()).isEqualTo(1);
        assertThat(check.path("gracePeriodSeconds").asInt()).isEqualTo(30);
        assertThat(app.path("readinessChecks").path(0).path("portName").asString())
                .isEqualTo("http");
    }

    @Test
    void aProgramRunsOnTheNodeItself() {
        Program program = new Program(
                List.of("java", "-Xmx${memoryMib}m", "it's.jar"), List.of(URI.create("https://example.org/acd.jar")));

        JsonNode app = taken(Examples.shop("shop", 1), Map.of("registry.example/acme/shop", program), Examples.APP);

        assertThat(app.has("container")).isFalse();
        assertThat(app.path("cmd").asString())
                .contains("export PORT_SIP_TLS=\"$PORT1\"", "exec 'java' '-Xmx128m' 'it'\\''s.jar'");
        assertThat(app.path("portDefinitions").path(0).path("name").asString()).isEqualTo("http");
        assertThat(app.path("portDefinitions").path(2).path("protocol").asString())
                .isEqualTo("udp");
        assertThat(app.path("fetch").path(0).path("uri").asString()).isEqualTo("https://example.org/acd.jar");
    }

    @Test
    void labelsSayWhoseItIsAndHoldNoSecret() {
        Workload shop = Examples.shop("shop", 1);

        JsonNode labels = taken(shop, Map.of(), Examples.APP).path("labels");

        assertThat(labels.path(Labels.PLATFORM).asString()).isEqualTo("acme-platform");
        assertThat(labels.path(Labels.WORKLOAD).asString()).isEqualTo("shop");
        assertThat(labels.path(Labels.PORTS).asString()).isEqualTo("http,sip-tls,sip-udp");
        assertThat(labels.path(Labels.SPEC).asString()).isEqualTo(Labels.hash(shop.withTasks(7)));
        assertThat(labels.size()).isEqualTo(4);
    }

    @Test
    void pathsHaveOnlyWhatMarathonTakes() {
        assertThat(AppDraft.segment("Acme & Söhne GmbH.")).isEqualTo("acme-s-hne-gmbh");
        assertThat(AppDraft.segment("呼叫")).isEqualTo("x");
    }

    private static JsonNode taken(Workload workload, Map<String, Program> programs, AppSettings settings) {
        try (MarathonSimulator marathon = MarathonSimulator.live(Settings.DEFAULT, new ScriptedPrograms());
                Engine engine = MarathonEngine.open(
                        Examples.properties(List.of(marathon.start()), programs, settings), null, Clock.systemUTC())) {
            assertThat(engine.ensure(workload)).isEqualTo(new Accepted());
            return JSON.readTree(marathon.app(ID).orElseThrow());
        }
    }
}
