package io.switchboard.configfiles;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.ConfigCenterApplication;
import io.switchboard.configprotocol.PropertiesText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.curator.test.TestingServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** Against a real config center and ZooKeeper. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigCommandTests {

    private static @Nullable TestingServer zookeeper;
    private static @Nullable ConfigurableApplicationContext context;
    private static String address = "";

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void start() throws Exception {
        var server = new TestingServer(-1, true);
        var center = ConfigCenterApplication.application()
                .sources(Tokens.class)
                .run(
                        "--server.port=0",
                        "--spring.cloud.zookeeper.enabled=false",
                        "--config.zookeeper.connect-string=" + server.getConnectString(),
                        "--config.access.master-secret=a master secret that only tests have");
        address = "http://127.0.0.1:" + center.getEnvironment().getRequiredProperty("local.server.port");
        zookeeper = server;
        context = center;
    }

    @AfterAll
    static void stop() throws Exception {
        if (context != null) {
            context.close();
        }
        if (zookeeper != null) {
            zookeeper.close();
        }
    }

    @Test
    void whatIsPushedIsPublishedTogetherAndPulledBackAsItWas(CapturedOutput output) throws Exception {
        Path files = Files.createDirectories(directory.resolve("desk").resolve("prod"));
        String application = "acd.greeting=Good\\n\\\n    \\ day\nattempts=3\n";
        Files.writeString(files.resolve("application.properties"), application);
        Files.writeString(files.resolve("routing.properties"), "max-wait=4711s\n");

        assertThat(run("diff", "desk")).isEqualTo(1);
        assertThat(run("push", "desk", "--publish", "first")).isZero();
        assertThat(run("diff", "desk")).isZero();

        assertThat(center("desk").draft("application").pending()).isFalse();
        assertThat(center("desk").namespaces()).containsExactly("application", "routing");
        Files.delete(files.resolve("application.properties"));
        Files.delete(files.resolve("routing.properties"));
        assertThat(run("pull", "desk")).isZero();
        assertThat(files.resolve("application.properties")).hasContent(application);
        assertThat(files.resolve("routing.properties")).hasContent("max-wait=4711s\n");
        assertThat(output)
                .contains("application: attempts added", "published application, routing")
                .doesNotContain("4711s");
    }

    @Test
    void aKeyThatIsNotInTheFileGoesAndADraftWaits(CapturedOutput output) throws Exception {
        Path file = directory.resolve("hotline").resolve("prod").resolve("application.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "a=1\nb=1\n");
        run("push", "hotline", "--publish", "first");
        Files.writeString(file, "a=2\n");

        assertThat(run("diff", "hotline", "--values")).isEqualTo(1);
        assertThat(output).contains("application: a changed", "  - 1", "  + 2", "application: b taken out");
        assertThat(run("push", "hotline")).isZero();

        Center.Draft draft = center("hotline").draft("application");
        assertThat(draft.items()).isEqualTo(new TreeMap<>(java.util.Map.of("a", "2")));
        assertThat(draft.pending()).isTrue();
        run("push", "hotline", "--publish", "what waited");
        assertThat(center("hotline").draft("application").pending()).isFalse();
    }

    @Test
    void aDocumentIsAFileOfItsOwnName(CapturedOutput output) throws Exception {
        Path files = Files.createDirectories(directory.resolve("menus").resolve("prod"));
        String menu = "menu:\n  # for callers\n  greeting: Hello\n";
        Files.writeString(files.resolve("menu.yaml"), menu);
        Files.writeString(files.resolve("README.md"), "not a namespace");

        assertThat(run("push", "menus", "--publish", "first")).isZero();
        Files.delete(files.resolve("menu.yaml"));
        assertThat(run("pull", "menus")).isZero();
        assertThat(Files.readString(files.resolve("menu.yaml"))).isEqualTo(menu);
        assertThat(center("menus").namespaces()).containsExactly("menu.yaml");

        Files.writeString(files.resolve("menu.yaml"), "menu: [hunter2\n");
        assertThat(run("push", "menus")).isEqualTo(2);
        assertThat(output).contains("INVALID_DOCUMENT", "Line 2").doesNotContain("hunter2");
    }

    @Test
    void moreThanOneRequestTakesIsPushedInSeveral() throws Exception {
        Path file = directory.resolve("large").resolve("prod").resolve("application.properties");
        Files.createDirectories(file.getParent());
        SortedMap<String, String> items = new TreeMap<>();
        for (int item = 0; item < 10; item++) {
            items.put("item-" + item, String.valueOf(item).repeat(60_000));
        }
        Files.writeString(file, PropertiesText.of(items));

        assertThat(run("push", "large")).isZero();

        assertThat(center("large").draft("application").items()).isEqualTo(items);
    }

    @Test
    void whatIsRefusedIsSaid(CapturedOutput output) throws Exception {
        Path file = directory.resolve("bad").resolve("prod").resolve("application.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "no/key=1\n");

        assertThat(run("push", "bad")).isEqualTo(2);
        assertThat(output).contains("INVALID_KEY");
        assertThat(ConfigCommand.run(null, "pull", directory.toString(), "--application", "bad"))
                .isEqualTo(2);
        assertThat(output).contains("set SWITCHBOARD_TOKEN");
        assertThat(run("push", "nowhere")).isEqualTo(2);
        assertThat(output).contains("there is no directory");
        assertThat(ConfigCommand.run(
                        "acme", "pull", directory.toString(), "--application", "x", "--center", "http://127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(output).contains("gives no answer");
    }

    private int run(String command, String application, String... more) {
        var arguments = new java.util.ArrayList<>(
                List.of(command, directory.toString(), "--application", application, "--center", address));
        arguments.addAll(List.of(more));
        return ConfigCommand.run("acme", arguments.toArray(String[]::new));
    }

    private static Center center(String application) {
        return new Center(address, "acme", application, "prod", null);
    }

    /** The token is the tenant's name. */
    @Configuration(proxyBeanMethods = false)
    static class Tokens {

        @Bean
        JwtDecoder decoder() {
            return token -> Jwt.withTokenValue(token)
                    .header("alg", "none")
                    .subject("ann")
                    .issuedAt(Instant.now())
                    .expiresAt(Instant.now().plusSeconds(60))
                    .claim("roles", List.of("tenant"))
                    .claim("tenant", token)
                    .build();
        }
    }
}
