package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static io.switchboard.config.namespace.Center.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.ApplicationMetadata;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Constraint;
import io.switchboard.configprotocol.KnownProperty;
import io.switchboard.configprotocol.NamespacePath;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.validation.annotation.Validated;
import tools.jackson.databind.JsonNode;

/** Drafts against what a running application said that it takes. */
@ExtendWith(OutputCaptureExtension.class)
class ValidationTests {

    @TempDir
    private Path cache;

    @Test
    void aPipelineChecksABuildThatRunsNowhereYet() throws Exception {
        Desk desk = Desk.next("piped");
        Center center = desk.center();
        String build = "/api/v1/config-builds/" + desk.application() + "/2.8.0";
        String metadata =
                "{\"groups\":[{\"name\":\"calls\"}],\"properties\":[{\"name\":\"calls.attempts\",\"type\":\"java.lang.Integer\"}]}";
        assertThat(center.put(build, ACME, metadata).code()).isEqualTo("NOT_FOUND");
        desk.release(Map.of("calls.attempts", "many"));

        assertThat(center.put(build, ACME, "{\"properties\":[]}").code()).isEqualTo("INVALID_REQUEST");
        assertThat(center.put(build + "~x", ACME, metadata).code()).isEqualTo("INVALID_REQUEST");
        assertThat(center.put(build + "?version=2.8", ACME, metadata)
                        .body()
                        .get("properties")
                        .asInt())
                .isEqualTo(1);
        assertThat(center.put(build, ACME, metadata).body().get("version").asString())
                .isEqualTo("2.8.0");
        assertThat(builds(desk)).hasSize(1);

        String request =
                "{\"stage\":\"prod\",\"namespaces\":{\"application\":{\"calls.attempts\":\"hunter2\",\"a\":\"${home}\"},\"menu.yaml\":{\"content\":\"calls: {atempts: 3}\"}}}";
        JsonNode found = center.post(build + "/check", ACME, request).body();
        assertThat(found.get(0).get("findings").valueStream().map(ValidationTests::line))
                .containsExactly("ERROR TYPE calls.attempts");
        assertThat(found.get(1).get("findings").valueStream().map(ValidationTests::line))
                .containsExactly("WARNING UNKNOWN calls.atempts");
        assertThat(found.toString()).doesNotContain("hunter2");
        assertThat(center.post(build + "9/check", ACME, request).code()).isEqualTo("NOT_FOUND");
        assertThat(center.post(build + "/check", GLOBEX, request).code()).isEqualTo("NOT_FOUND");
        assertThat(center.post(build + "/check", ACME, "{\"stage\":\"prod\",\"namespaces\":{}}")
                        .code())
                .isEqualTo("INVALID_REQUEST");
    }

    @Test
    void onlyWhoMayPublishReplacesWhatABuildTakes(CapturedOutput output) throws Exception {
        Desk desk = Desk.next("piped");
        Center center = desk.center();
        String build = "/api/v1/config-builds/" + desk.application() + "/2.8.0";
        String one = "{\"properties\":[{\"name\":\"calls.attempts\",\"type\":\"java.lang.Integer\"}]}";
        String other = "{\"properties\":[{\"name\":\"calls.attempts\",\"type\":\"java.lang.String\"}]}";
        desk.release(Map.of("calls.attempts", "3"));
        assertThat(center.put(build, ACME, one).status()).isEqualTo(200);
        assertThat(center.put(
                                "/api/v1/config-rules/" + desk.application() + "/prod",
                                ACME,
                                "{\"review\":false,\"publishers\":[\"bob\"]}")
                        .status())
                .isEqualTo(200);

        assertThat(center.put(build, ACME, other).code()).isEqualTo("NOT_A_PUBLISHER");

        desk.edit(ACME, Map.of("calls.attempts", "many"));
        assertThat(center.get(desk.namespace() + "/draft/check", ACME)
                        .body()
                        .get("findings")
                        .valueStream()
                        .map(ValidationTests::line))
                .as("what was left before is what drafts are checked against")
                .containsExactly("ERROR TYPE calls.attempts");
        assertThat(center.put(build, "acme.bob.tenant", other).status()).isEqualTo(200);
        assertThat(output)
                .contains("build left: application=acme/" + desk.application() + " author=ann build=2.8.0")
                .contains("build left: application=acme/" + desk.application() + " author=bob build=2.8.0");
    }

    @Test
    void whatTheRunningApplicationWouldRefuseIsNotReleasedUnlessSomebodySaysWhy(CapturedOutput output)
            throws Exception {
        Desk desk = Desk.next("checked");
        Center center = desk.center();
        try (var task = task(desk)) {
            await().until(() -> builds(desk).size() == 1 && !clients(desk).isEmpty());
            String build = builds(desk).get(0).get("build").asString();
            assertThat(build).startsWith("2.7.1~");

            long revision = desk.edit(
                    ACME,
                    Map.of(
                            "calls.max-wait", "sooner-or-later",
                            "calls.attempts", "471147114",
                            "calls.atempts", "3",
                            "calls.mode", "round-robin",
                            "calls.greeting", "${nobody.gives} ${calls.mode} ${machine.name}"));

            JsonNode check = center.get(desk.namespace() + "/draft/check", ACME).body();
            assertThat(check.get("builds").get(0).asString()).isEqualTo(build);
            assertThat(check.get("findings").valueStream().map(ValidationTests::line))
                    .containsExactly(
                            "ERROR RANGE calls.attempts",
                            "ERROR REFERENCE calls.greeting",
                            "ERROR TYPE calls.max-wait",
                            "WARNING UNKNOWN calls.atempts");
            assertThat(check.get("findings").get(3).get("suggestion").asString())
                    .isEqualTo("calls.attempts");
            assertThat(check.get("findings").get(1).get("message").asString()).contains("'nobody.gives'");
            JsonNode client = check.get("clients").get(0);
            assertThat(client.get("build").asString()).isEqualTo(build);
            assertThat(client.get("clients").get(0).asString()).isEqualTo("task-1");
            assertThat(client.get("keys")).hasSize(5);
            assertThat(check.get("keys").get(0).get("description").asString())
                    .isEqualTo("how often it is tried, at least once");

            Center.Answer refused = desk.publish(ACME, revision);
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("DRAFT_UNFIT");
            assertThat(refused.body().get("findings")).hasSize(3);
            assertThat(refused.body().toString()).doesNotContain("471147114").doesNotContain("sooner-or-later");

            Map<String, @Nullable String> corrected =
                    new HashMap<>(Map.of("calls.max-wait", "5s", "calls.attempts", "4", "calls.greeting", "Hello"));
            corrected.put("calls.atempts", null);
            assertThat(desk.publish(ACME, desk.edit(ACME, corrected)).status()).isEqualTo(201);

            revision = desk.edit(ACME, Map.of("calls.attempts", "471147114"));
            Center.Answer accepted = center.post(
                    desk.namespace() + "/releases",
                    ACME,
                    "{\"revision\":" + revision + ",\"message\":\"more\",\"accept\":\"version 3 takes it\"}");
            assertThat(accepted.status()).isEqualTo(201);
            assertThat(accepted.body().get("message").asString())
                    .isEqualTo("more (check overridden: version 3 takes it)");
            assertThat(output.toString()).contains("check overridden: namespace=acme/" + desk.application());

            // What was accepted once keeps nobody from releasing something else.
            revision = desk.edit(ACME, Map.of("calls.mode", "longest-idle"));
            assertThat(desk.publish(ACME, revision).status()).isEqualTo(201);
            // Nor does a schedule get past the check.
            revision = desk.edit(ACME, Map.of("calls.max-wait", "sooner-or-later"));
            assertThat(center.put(
                                    "/api/v1/config-schedules/" + desk.application() + "/prod/tonight",
                                    ACME,
                                    "{\"at\":\"" + Instant.now().plusSeconds(3_600)
                                            + "\",\"revisions\":{\"application\":" + revision + "}}")
                            .code())
                    .isEqualTo("DRAFT_UNFIT");
            assertThat(output.toString()).doesNotContain("sooner-or-later").doesNotContain("471147114");

            assertThat(center.get("/api/v1/config-builds/" + desk.application(), GLOBEX)
                            .body())
                    .isEmpty();
        }
    }

    @Test
    void anApplicationThatLeftNothingIsNotChecked() throws Exception {
        Desk desk = Desk.next("unchecked");

        desk.release(Map.of("calls.max-wait", "soon", "a", "${b}"));

        JsonNode check =
                desk.center().get(desk.namespace() + "/draft/check", ACME).body();
        assertThat(check.get("findings")).isEmpty();
        assertThat(check.get("builds")).isEmpty();
    }

    @Test
    void buildsAreBoundedAndWhatIsNoneIsLeftOut() throws Exception {
        Desk desk = Desk.next("builds");
        access(desk);
        String folder = new NamespacePath("acme", desk.application(), "prod", "application").builds();
        var ensemble = desk.center().bean(Ensemble.class);
        for (int build = 1; build <= 23; build++) {
            String node = folder + "/" + build;
            ensemble.ask(zookeeper -> zookeeper.create().forPath(node, new byte[] {1}));
        }

        assertThat(builds(desk)).isEmpty();

        assertThat(ensemble.<Integer>ask(
                        zookeeper -> zookeeper.getChildren().forPath(folder).size()))
                .isEqualTo(20);
        desk.release(Map.of("calls.max-wait", "soon"));
    }

    @Test
    void aBuildThatAClientOfAnyStageRunsIsKeptHoweverManyAreNewer() throws Exception {
        Desk desk = Desk.next("old-build");
        access(desk);
        var staging = new NamespacePath("acme", desk.application(), "staging", "application");
        var ensemble = desk.center().bean(Ensemble.class);
        desk.center().bean(Namespaces.class).ensureForTasks(staging);
        var report =
                new ClientReport("old-task", 0, Instant.now(), Optional.empty(), Optional.of("1"), Optional.empty());
        ensemble.ask(zookeeper -> zookeeper.create().forPath(staging.clients() + "/old-task", report.encode()));
        for (int build = 1; build <= 23; build++) {
            String node = staging.builds() + "/" + build;
            ensemble.ask(zookeeper -> zookeeper.create().forPath(node, new byte[] {1}));
        }

        desk.release(Map.of("calls.max-wait", "soon"));

        List<String> kept = ensemble.ask(zookeeper -> zookeeper.getChildren().forPath(staging.builds()));
        assertThat(kept).hasSize(21).contains("1", "4").doesNotContain("2", "3");
    }

    @Test
    void whatTheCenterMayNotReadBelowABuildKeepsNobodyFromPublishing() throws Exception {
        Desk desk = Desk.next("hidden");
        access(desk);
        String folder = new NamespacePath("acme", desk.application(), "prod", "application").builds();
        var ensemble = desk.center().bean(Ensemble.class);
        var createOnly = List.of(new ACL(ZooDefs.Perms.CREATE, ZooDefs.Ids.ANYONE_ID_UNSAFE));
        for (String hidden : List.of("/0", "/1", "/1/below")) {
            ensemble.ask(zookeeper -> zookeeper.create().withACL(createOnly).forPath(folder + hidden, new byte[] {1}));
        }
        for (int build = 2; build <= 23; build++) {
            String node = folder + "/" + build;
            ensemble.ask(zookeeper -> zookeeper.create().forPath(node, new byte[] {1}));
        }

        desk.release(Map.of("calls.max-wait", "soon"));

        List<String> kept = ensemble.ask(zookeeper -> zookeeper.getChildren().forPath(folder));
        assertThat(kept).hasSize(21).contains("1").doesNotContain("0", "2", "3");
    }

    @Test
    void aCheckThatWouldTakeForEverEndsAndSaysSo() throws Exception {
        Desk desk = Desk.next("endless");
        access(desk);
        List<String> names = IntStream.range(0, 200)
                .mapToObj(number -> "calls.slow" + number)
                .toList();
        var endless = new Constraint(Constraint.Kind.PATTERN, "(.*)(.*)(.*)(.*)(.*)\\1Q");
        var metadata = new ApplicationMetadata(
                "1",
                List.of("calls"),
                names.stream()
                        .map(name -> new KnownProperty(
                                name,
                                "java.lang.String",
                                "",
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                List.of(endless)))
                        .toList(),
                List.of());
        String folder = new NamespacePath("acme", desk.application(), "prod", "application").builds();
        desk.center()
                .bean(Ensemble.class)
                .ask(zookeeper -> zookeeper.create().forPath(folder + "/1", metadata.encode()));
        Map<String, @Nullable String> values = new HashMap<>();
        names.forEach(name -> values.put(name, "a".repeat(300)));
        desk.edit(ACME, values);

        JsonNode check =
                desk.center().get(desk.namespace() + "/draft/check", ACME).body();

        assertThat(check.get("findings")).singleElement().satisfies(finding -> {
            assertThat(finding.get("kind").asString()).isEqualTo("UNFINISHED");
            assertThat(finding.get("severity").asString()).isEqualTo("WARNING");
        });
    }

    private static String line(JsonNode finding) {
        return String.join(
                " ",
                finding.get("severity").asString(),
                finding.get("kind").asString(),
                finding.get("key").asString());
    }

    private static JsonNode builds(Desk desk) throws Exception {
        return desk.center()
                .get("/api/v1/config-builds/" + desk.application(), ACME)
                .body();
    }

    private static JsonNode clients(Desk desk) throws Exception {
        return desk.center().get(desk.namespace() + "/clients", ACME).body();
    }

    private static Map<String, String> access(Desk desk) throws Exception {
        return desk.center()
                .post(
                        "/internal/v1/config/access",
                        SERVICE,
                        "{\"tenant\":\"acme\",\"application\":\"" + desk.application() + "\",\"stage\":\"prod\"}")
                .body()
                .get("environment")
                .propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> Objects.requireNonNull(entry.getValue().asString())));
    }

    private ConfigurableApplicationContext task(Desk desk) throws Exception {
        List<String> arguments = access(desk).entrySet().stream()
                .map(entry -> "--"
                        + entry.getKey()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.')
                                .replace("access.key", "access-key")
                        + "=" + entry.getValue())
                .collect(Collectors.toList());
        arguments.addAll(List.of(
                "--switchboard.config.client=task-1",
                "--switchboard.config.cache-directory=" + cache,
                "--spring.application.version=2.7.1",
                "--spring.config.import=switchboard:",
                "--spring.config.name=nothing-of-the-centers",
                "--machine.name=here",
                "--calls.mode=longest-idle"));
        return new SpringApplicationBuilder(Task.class)
                .web(WebApplicationType.NONE)
                .initializers(
                        context -> context.getEnvironment().getPropertySources().addLast(emptyYaml()))
                .run(arguments.toArray(String[]::new));
    }

    /** As orders without parameters bring it, by {@code env:SWITCHBOARD_PARAMETERS[.yaml]}. */
    private static PropertySource<?> emptyYaml() {
        try {
            return new YamlPropertySourceLoader()
                    .load("parameters", new ByteArrayResource("{}".getBytes(StandardCharsets.UTF_8)))
                    .getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "io.switchboard.starter.problem.ProblemAutoConfiguration",
                "io.switchboard.starter.security.SecurityAutoConfiguration"
            })
    @EnableConfigurationProperties(CallsProperties.class)
    static class Task {}

    enum Mode {
        LONGEST_IDLE,
        ROUND_ROBIN
    }

    /**
     * @param maxWait before a call is given up
     * @param attempts how often it is tried, at least once
     * @param mode who gets the next call
     * @param greeting what callers hear first
     */
    @Validated
    @ConfigurationProperties("calls")
    record CallsProperties(
            @DefaultValue("10s") Duration maxWait,
            @DefaultValue("3") @Positive @Max(10) int attempts,
            @DefaultValue("longest-idle") Mode mode,
            @DefaultValue("") String greeting) {}
}
