package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

import io.switchboard.configclient.ConfigurationRefreshed;
import io.switchboard.configclient.Live;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.SealingKey;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.validation.annotation.Validated;

/** Encrypted items in a real application against a real ZooKeeper. */
@ExtendWith(OutputCaptureExtension.class)
class EncryptedItemsTests {

    private static TestCenter center;
    private static int applications;

    private NamespacePath path = TestCenter.DESK;

    @TempDir
    private Path cache;

    private @Nullable ConfigurableApplicationContext context;

    @BeforeAll
    static void startZooKeeper() throws Exception {
        center = new TestCenter();
    }

    @AfterAll
    static void stopZooKeeper() throws Exception {
        center.close();
    }

    @BeforeEach
    void createNamespace() throws Exception {
        path = new NamespacePath("acme", "desk", "sealed" + ++applications, "application");
        center.create(path);
    }

    @AfterEach
    void stop() {
        if (context != null) {
            context.close();
        }
    }

    @Test
    void theApplicationSeesTheValueAndNobodyElse(CapturedOutput output) throws Exception {
        center.publishSealed(path, 1, Map.of("database.user", "desk"), Map.of("database.password", "hunter2-first"));
        Database database = start("logging.level.io.switchboard=trace", "debug=true", "database.user=local");
        assertThat(database.live.get()).isEqualTo(new DatabaseProperties("local", "hunter2-first", ""));

        center.publishSealed(path, 2, Map.of("database.user", "desk"), Map.of("database.password", "hunter2-second"));

        await().until(() -> endpoint().contains("release=2"));
        assertThat(database.live.get().password()).isEqualTo("hunter2-second");
        assertThat(endpoint())
                .contains("database.password=switchboard:application")
                .contains("database.user=commandLineArgs")
                .doesNotContain("hunter2");
        assertThat(output).contains("is at release 2").doesNotContain("hunter2");
    }

    @Test
    void plainItemsMayReferToEncryptedOnes() throws Exception {
        center.publishSealed(
                path,
                1,
                Map.of("database.url", "jdbc:desk?password=${database.password}"),
                Map.of("database.password", "hunter2"));

        assertThat(start().live.get().url()).isEqualTo("jdbc:desk?password=hunter2");
    }

    @Test
    void whatIsOnlyEncryptedAnewIsNoChange() throws Exception {
        center.publishSealed(path, 1, Map.of(), Map.of("database.password", "hunter2"));
        Database database = start();
        DatabaseProperties before = database.live.get();

        center.publishSealed(path, 2, Map.of(), Map.of("database.password", "hunter2"));

        await().until(() -> !database.events.isEmpty());
        assertThat(database.events).containsExactly(new ConfigurationRefreshed("application", 2, Set.of()));
        assertThat(database.live.get()).isSameAs(before);
    }

    @Test
    void theKeptReleaseStaysEncryptedAndStartsTheApplicationAllTheSame() throws Exception {
        center.publishSealed(path, 1, Map.of("database.user", "plain-to-see"), Map.of("database.password", "hunter2"));
        start();
        stop();
        try (var files = Files.list(cache)) {
            List<Path> kept = files.toList();
            assertThat(kept).hasSize(1);
            assertThat(Files.readString(kept.get(0), StandardCharsets.ISO_8859_1))
                    .contains("plain-to-see")
                    .doesNotContain("hunter2")
                    .doesNotContain(TestCenter.ACCESS_KEY.encoded());
        }

        Database database = start("switchboard.config.zookeeper=127.0.0.1:1", "switchboard.config.startup-timeout=1s");

        assertThat(database.live.get().password()).isEqualTo("hunter2");
    }

    @Test
    void withAnotherKeyTheOldReleaseStaysAndTheReasonIsReported(CapturedOutput output) throws Exception {
        center.publish(path, 1, Map.of("database.user", "desk"));
        Database database =
                start("switchboard.config.access-key=" + SealingKey.random().encoded());

        center.publishSealed(path, 2, Map.of("database.user", "other"), Map.of("database.password", "hunter2"));

        await().until(() -> center.reports(path).stream()
                .anyMatch(report -> report.problem().isPresent()));
        assertThat(center.reports(path).get(0).problem().orElseThrow())
                .contains("release 2", "database.password", "can't be opened");
        assertThat(database.live.get().user()).isEqualTo("desk");
        assertThat(output).doesNotContain("hunter2");
    }

    @Test
    void withoutAKeyTheStartFailsAndSaysSo(CapturedOutput output) throws Exception {
        center.publishSealed(path, 1, Map.of(), Map.of("database.password", "hunter2"));

        assertThatException().isThrownBy(() -> start("switchboard.config.access-key="));

        assertThat(output)
                .contains("APPLICATION FAILED TO START", "encrypted items", "switchboard.config.access-key")
                .doesNotContain("hunter2");
    }

    @Test
    void aSecretThatDoesNotFitIsNamedAndNotShown(CapturedOutput output) throws Exception {
        center.publishSealed(path, 1, Map.of(), Map.of("database.password", "hunter2"));
        Database database = start();

        center.publishSealed(path, 2, Map.of(), Map.of("database.password", "x9"));

        await().until(() -> center.reports(path).stream()
                .anyMatch(report -> report.problem().orElse("").contains("database.password")));
        assertThat(center.reports(path).get(0).problem().orElseThrow()).doesNotContain("x9");
        assertThat(database.live.get().password()).isEqualTo("hunter2");
        assertThat(output).doesNotContain("x9").doesNotContain("hunter2");
    }

    /** What actuator shows. */
    private String endpoint() {
        return Objects.requireNonNull(context)
                .getBean(ReleasesEndpoint.class)
                .releases()
                .toString();
    }

    private Database start(String... properties) {
        context = center.start(Application.class, path, cache, properties);
        return context.getBean(Database.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties(DatabaseProperties.class)
    @Import(Database.class)
    static class Application {}

    static class Database {

        private final Live<DatabaseProperties> live;
        private final List<ConfigurationRefreshed> events = new CopyOnWriteArrayList<>();

        Database(Live<DatabaseProperties> live) {
            this.live = live;
        }

        @EventListener
        void on(ConfigurationRefreshed event) {
            events.add(event);
        }
    }

    @Validated
    @ConfigurationProperties("database")
    record DatabaseProperties(
            @DefaultValue("") String user,
            @DefaultValue("not set") @Size(min = 6) String password,
            @DefaultValue("") String url) {}
}
