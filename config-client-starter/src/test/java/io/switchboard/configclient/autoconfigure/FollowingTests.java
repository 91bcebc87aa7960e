package io.switchboard.configclient.autoconfigure;

import static io.switchboard.configclient.autoconfigure.TestCenter.DESK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.configclient.ConfigurationRefreshed;
import io.switchboard.configclient.Live;
import io.switchboard.configclient.delivery.RunningRelease;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.NamespacePath;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

/** A real application against a real ZooKeeper. */
@ExtendWith(OutputCaptureExtension.class)
class FollowingTests {

    private static TestCenter center;
    private static int applications;

    /** Each test has an application of its own in the one server. */
    private NamespacePath path = DESK;

    @TempDir
    private Path cache;

    private final List<ConfigurableApplicationContext> started = new ArrayList<>();

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
        path = new NamespacePath("acme", "desk", "test" + ++applications, "application");
        center.create(path);
    }

    @org.junit.jupiter.api.AfterEach
    void stopApplications() {
        started.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void aReleaseOfManyKeysIsOneRefresh() throws Exception {
        center.publish(path, 1, Map.of("routing.max-wait", "10s", "routing.attempts", "1", "hours.opens-at", "8"));
        Desk desk = start("switchboard:");
        RoutingProperties first = desk.routing.get();
        assertThat(first).isEqualTo(new RoutingProperties(Duration.ofSeconds(10), 1, "longest-idle"));

        center.publish(path, 2, Map.of("routing.max-wait", "20s", "routing.attempts", "2", "hours.opens-at", "9"));

        await().until(() -> desk.events.size() == 1);
        assertThat(desk.events)
                .containsExactly(new ConfigurationRefreshed(
                        "application", 2, Set.of("routing.max-wait", "routing.attempts", "hours.opens-at")));
        assertThat(desk.routing.get()).isEqualTo(new RoutingProperties(Duration.ofSeconds(20), 2, "longest-idle"));
        assertThat(desk.hours.getOpensAt()).isEqualTo(9);
        assertThat(desk.liveHours.get().getOpensAt()).isEqualTo(9);
        assertThat(context().getEnvironment().getProperty("routing.max-wait")).isEqualTo("20s");
        assertThat(first.maxWait()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void anApplicationStartsBeforeTheFirstRelease() throws Exception {
        Desk desk = start("switchboard:");
        assertThat(desk.routing.get().attempts()).isEqualTo(3);

        center.publish(path, 1, Map.of("routing.attempts", "5"));

        await().until(() -> desk.routing.get().attempts() == 5);
    }

    @Test
    void aSmallReleaseComesWithThePointer() throws Exception {
        center.publishInline(path, 1, Map.of("routing.attempts", "7"));
        Desk desk = start("switchboard:");
        assertThat(desk.routing.get().attempts()).isEqualTo(7);

        center.publishInline(path, 2, Map.of("routing.attempts", "8"));

        await().until(() -> desk.routing.get().attempts() == 8);
    }

    @Test
    void aLargeReleaseIsReadFromItsNode() throws Exception {
        byte[] random = new byte[2 * Current.LARGEST_INLINE];
        new Random(7).nextBytes(random);
        String large = HexFormat.of().formatHex(random);
        center.publish(path, 1, Map.of("routing.attempts", "7", "unrelated", large));
        Desk desk = start("switchboard:");
        assertThat(desk.routing.get().attempts()).isEqualTo(7);

        center.publish(path, 2, Map.of("routing.attempts", "8", "unrelated", large));

        await().until(() -> desk.routing.get().attempts() == 8);
    }

    @Test
    void clientsReadALargeReleaseEachAtAnotherMomentAndASmallOneAtOnce() throws Exception {
        byte[] random = new byte[2 * Current.LARGEST_INLINE];
        new Random(7).nextBytes(random);
        center.publish(path, 1, Map.of("routing.attempts", "7"));
        Desk later = start("switchboard:", "switchboard.config.fetch-jitter=10000d");
        Desk atOnce = start("switchboard:", "switchboard.config.fetch-jitter=0s");
        // The first look takes at once whatever is there by then; reports come after it.
        await().until(() -> center.reports(path).size() == 2);

        center.publish(
                path,
                2,
                Map.of("routing.attempts", "8", "unrelated", HexFormat.of().formatHex(random)));
        await().until(() -> atOnce.routing.get().attempts() == 8);
        center.publish(path, 3, Map.of("routing.attempts", "9"));
        await().until(() -> !later.events.isEmpty());

        assertThat(later.events).extracting(ConfigurationRefreshed::release).containsExactly(3L);
        assertThat(later.routing.get().attempts()).isEqualTo(9);
    }

    @Test
    void aLargeReleaseThatWasRefusedIsNotReadAgainForItself(CapturedOutput output) throws Exception {
        byte[] random = new byte[2 * Current.LARGEST_INLINE];
        new Random(7).nextBytes(random);
        NamespacePath hours = path.sibling("hours");
        center.create(hours);
        center.publish(path, 1, Map.of("routing.attempts", "7"));
        Desk desk = start("switchboard:, switchboard:hours");
        center.publish(
                path,
                2,
                Map.of("routing.attempts", "-1", "unrelated", HexFormat.of().formatHex(random)));
        await().until(() -> problem(path).contains("release 2 is refused"));

        center.lose(path, 2);
        center.spoil(hours);

        await().until(() -> problem(hours).contains("damaged"));
        assertThat(problem(path)).contains("release 2 is refused");
        center.publish(path, 3, Map.of("routing.attempts", "9"));
        await().until(() -> desk.routing.get().attempts() == 9);
        assertThat(output).doesNotContain("a node is missing");
    }

    private String problem(NamespacePath path) {
        return releases().stream()
                .filter(release -> release.path().equals(path))
                .findFirst()
                .flatMap(RunningRelease::problem)
                .orElse("");
    }

    @Test
    void aRemovedKeyFallsBackToTheDefault() throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "7", "hours.opens-at", "5", "hours.days.mon", "x"));
        Desk desk = start("switchboard:");

        center.publish(path, 2, Map.of("unrelated", "1"));

        await().until(() -> desk.routing.get().attempts() == 3);
        assertThat(desk.hours.getOpensAt()).isEqualTo(8);
        assertThat(desk.hours.getDays()).isEmpty();
    }

    @Test
    void onlyWhatAReleaseTouchesIsBoundAgain() throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "7"));
        Desk desk = start("switchboard:");
        RoutingProperties before = desk.routing.get();

        center.publish(path, 2, Map.of("routing.attempts", "7", "hours.opens-at", "9"));

        await().until(() -> desk.events.size() == 1);
        assertThat(desk.routing.get()).isSameAs(before);
    }

    @Test
    void aReferenceToAChangedKeyChangesToo() throws Exception {
        center.publish(path, 1, Map.of("common.patience", "10s"));
        Desk desk = start("switchboard:", "routing.max-wait=${common.patience}");
        assertThat(desk.routing.get().maxWait()).isEqualTo(Duration.ofSeconds(10));

        center.publish(path, 2, Map.of("common.patience", "40s"));

        await().until(() -> desk.routing.get().maxWait().equals(Duration.ofSeconds(40)));
    }

    @Test
    void aReferenceInAnotherSpellingChangesToo() throws Exception {
        center.publish(path, 1, Map.of("common.longestWait", "10s"));
        Desk desk = start("switchboard:", "routing.max-wait=${common.longest-wait:1s}");
        assertThat(desk.routing.get().maxWait()).isEqualTo(Duration.ofSeconds(10));

        center.publish(path, 2, Map.of("common.longestWait", "40s"));

        await().until(() -> desk.routing.get().maxWait().equals(Duration.ofSeconds(40)));
    }

    @Test
    void aReferenceWithinAReferenceChangesToo() throws Exception {
        center.publish(path, 1, Map.of("common.region", "eu", "common.eu.patience", "10s"));
        Desk desk = start("switchboard:", "routing.max-wait=${common.${common.region}.patience}");
        assertThat(desk.routing.get().maxWait()).isEqualTo(Duration.ofSeconds(10));

        center.publish(path, 2, Map.of("common.region", "eu", "common.eu.patience", "40s"));

        await().until(() -> desk.routing.get().maxWait().equals(Duration.ofSeconds(40)));
    }

    @Test
    void aReleaseThatDoesNotFitChangesNothingAndIsReported(CapturedOutput output) throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "7", "hours.opens-at", "9"));
        Desk desk = start("switchboard:");

        center.publish(path, 2, Map.of("routing.attempts", "-471147114", "hours.opens-at", "10"));

        await().until(() -> center.reports(path).stream()
                .anyMatch(report -> report.problem().isPresent()));
        assertThat(center.reports(path).get(0).problem())
                .hasValueSatisfying(problem -> assertThat(problem)
                        .contains("release 2", "routing.attempts", "must be greater than 0")
                        .doesNotContain("471147114"));
        assertThat(center.reports(path).get(0).release()).isEqualTo(1);
        assertThat(desk.routing.get().attempts()).isEqualTo(7);
        assertThat(desk.hours.getOpensAt()).isEqualTo(9);
        assertThat(context().getEnvironment().getProperty("hours.opens-at")).isEqualTo("9");
        assertThat(desk.events).isEmpty();
        assertThat(health().getStatus()).isEqualTo(Status.UNKNOWN);

        center.publish(path, 3, Map.of("routing.max-wait", "soonish-4712"));

        await().until(() -> center.reports(path).get(0).problem().orElse("").contains("release 3"));
        assertThat(center.reports(path).get(0).problem())
                .hasValueSatisfying(problem ->
                        assertThat(problem).contains("routing.max-wait").doesNotContain("4712"));

        center.publish(path, 4, Map.of("routing.attempts", "8"));

        await().until(() -> desk.routing.get().attempts() == 8);
        await().until(() -> center.reports(path).get(0).problem().isEmpty());
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(output).doesNotContain("471147114").doesNotContain("soonish");
    }

    @Test
    void whatTheTypeItselfRefusesIsRefused() throws Exception {
        Desk desk = start("switchboard:");

        center.publish(path, 1, Map.of("routing.strategy", "nobody-4713", "hours.opens-at", "11"));

        await().until(() -> center.reports(path).stream()
                .anyMatch(report -> report.problem().isPresent()));
        assertThat(center.reports(path).get(0).problem().orElseThrow())
                .contains("routing")
                .doesNotContain("4713");
        assertThat(desk.hours.getOpensAt()).isEqualTo(8);
    }

    @Test
    void whatNeedsAClassThatDoesNotLoadIsRefusedAndTheNextReleaseTaken() throws Exception {
        start("switchboard:");
        PoolProperties pool = context().getBean(PoolProperties.class);

        center.publish(path, 1, Map.of("pool.zone", "nowhere-4714"));

        await().until(() -> center.reports(path).stream()
                .anyMatch(report -> report.problem().orElse("").contains("NoClassDefFoundError")));
        assertThat(center.reports(path).get(0).problem().orElseThrow()).doesNotContain("4714");
        assertThat(pool.getZone()).isEqualTo("south");
        center.publish(path, 2, Map.of("pool.zone", "north"));
        await().until(() -> pool.getZone().equals("north"));
    }

    @Test
    void aSetterThatFailsLeavesNoBeanHalfChanged() throws Exception {
        center.publish(path, 1, Map.of("hours.days.monday", "open", "pool.after-hours", "false", "pool.capacity", "9"));
        Desk desk = start("switchboard:");
        PoolProperties pool = context().getBean(PoolProperties.class);
        pool.inUse = 5;

        center.publish(
                path,
                2,
                Map.of(
                        "hours.opens-at", "11",
                        "hours.days.tuesday", "closed",
                        "pool.after-hours", "true",
                        "pool.capacity", "4",
                        "pool.zone", "north"));

        await().until(() -> center.reports(path).stream()
                .anyMatch(report -> report.problem().orElse("").contains("release 2")));
        assertThat(desk.hours.getOpensAt()).isEqualTo(8);
        assertThat(desk.hours.getDays()).containsExactly(Map.entry("monday", "open"));
        assertThat(pool.isAfterHours()).isFalse();
        assertThat(pool.getCapacity()).isEqualTo(9);
        assertThat(pool.getZone()).isEqualTo("south");
        assertThat(desk.liveHours.get().getOpensAt()).isEqualTo(8);
        assertThat(context().getEnvironment().getProperty("hours.opens-at")).isNull();
        assertThat(desk.events).isEmpty();

        center.publish(path, 3, Map.of("pool.after-hours", "true", "pool.capacity", "6", "pool.zone", "north"));

        await().until(() -> pool.getCapacity() == 6);
        await().until(() -> pool.isAfterHours() && pool.getZone().equals("north"));
        assertThat(desk.hours.getDays()).isEmpty();
    }

    @Test
    void damagedContentIsNotTakenOverAndComplainedAboutOnce(CapturedOutput output) throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "7"));
        Desk desk = start("switchboard:", "logging.level.io.switchboard.configclient=debug");

        center.publishDamaged(path, 2);

        await().until(() -> releases().get(0).problem().orElse("").contains("damaged"));
        assertThat(desk.routing.get().attempts()).isEqualTo(7);
        await().until(() -> output.toString().contains("Still so: Namespace application stays at release 1"));
        assertThat(output.toString().lines().filter(line -> line.contains("WARN") && line.contains("stays at")))
                .hasSize(1);

        center.publish(path, 3, Map.of("routing.attempts", "8"));

        await().until(() -> desk.routing.get().attempts() == 8);
        assertThat(output).contains("Namespace application can be read again");
    }

    @Test
    void ofManyQuickReleasesTheLastWins() throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "1"));
        Desk desk = start("switchboard:");

        for (int number = 2; number <= 21; number++) {
            center.publish(path, number, Map.of("routing.attempts", String.valueOf(number)));
        }

        await().until(() -> desk.routing.get().attempts() == 21);
        assertThat(desk.events)
                .extracting(ConfigurationRefreshed::release)
                .isSorted()
                .doesNotHaveDuplicates();
        await().until(() -> center.reports(path).stream().anyMatch(report -> report.release() == 21));
    }

    @Test
    void eachProcessReportsItsReleaseWhileItRuns() throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "1"));
        start("switchboard:", "switchboard.task-id=task-1");
        start("switchboard:", "switchboard.config.client=task-1");

        await().untilAsserted(() -> assertThat(center.reports(path))
                .hasSize(2)
                .allSatisfy(report -> assertThat(report.client()).isEqualTo("task-1"))
                .allSatisfy(report -> assertThat(report.release()).isEqualTo(1)));

        stopApplications();

        await().untilAsserted(() -> assertThat(center.reports(path)).isEmpty());
    }

    @Test
    void severalNamespacesAreFollowedEach() throws Exception {
        NamespacePath shared = new NamespacePath("acme", "desk", path.stage(), "shared.hours");
        center.create(shared);
        center.publish(shared, 1, Map.of("hours.opens-at", "6"));
        Desk desk = start("switchboard:,switchboard:shared.hours");
        assertThat(desk.hours.getOpensAt()).isEqualTo(6);

        center.publish(shared, 2, Map.of("hours.opens-at", "5"));
        center.publish(path, 1, Map.of("routing.attempts", "9"));

        await().until(() -> desk.hours.getOpensAt() == 5 && desk.routing.get().attempts() == 9);
    }

    @Test
    void namespacesPublishedTogetherAreTakenOverTogether() throws Exception {
        NamespacePath hours = path.sibling("hours");
        center.create(hours);
        center.publish(path, 1, Map.of("routing.attempts", "1"));
        center.publish(hours, 1, Map.of("hours.opens-at", "1"));
        Desk desk = start("switchboard:, switchboard:hours");
        await().until(() -> center.reports(path).size() == 1);
        Set<Integer> differences = ConcurrentHashMap.newKeySet();
        desk.onEvent = () -> differences.add(
                desk.routing.get().attempts() % 20 - desk.liveHours.get().getOpensAt());

        for (int number = 2; number <= 200; number++) {
            center.publish(
                    number,
                    Map.of(
                            path, Map.of("routing.attempts", String.valueOf(number)),
                            hours, Map.of("hours.opens-at", String.valueOf(number % 20))));
        }

        await().until(() ->
                desk.events.stream().filter(event -> event.release() == 200).count() == 2);
        assertThat(differences).containsExactly(0);
    }

    @Test
    void ofNamespacesPublishedTogetherNoneIsTakenOverIfOneIsRefused() throws Exception {
        NamespacePath hours = path.sibling("hours");
        NamespacePath other = path.sibling("other");
        center.create(hours);
        center.create(other);
        center.publish(path, 1, Map.of("routing.attempts", "1"));
        Desk desk = start("switchboard:, switchboard:hours, switchboard:other");

        center.publish(2, Map.of(path, Map.of("routing.attempts", "-1"), hours, Map.of("hours.opens-at", "2")));

        await().until(() -> center.reports(hours).stream()
                .anyMatch(report -> report.problem().isPresent()));
        assertThat(desk.hours.getOpensAt()).isNotEqualTo(2);
        assertThat(center.reports(path)).allMatch(report -> report.release() == 1);

        center.publish(other, 1, Map.of("routing.strategy", "round-robin"));
        await().until(() -> desk.routing.get().strategy().equals("round-robin"));
        assertThat(desk.hours.getOpensAt()).isNotEqualTo(2);

        center.publish(path, 3, Map.of("routing.attempts", "3"));
        await().until(() -> desk.routing.get().attempts() == 3);
        assertThat(desk.hours.getOpensAt()).isEqualTo(2);
    }

    @Test
    void anOptionalNamespaceMayAppearLater() throws Exception {
        NamespacePath later = new NamespacePath("acme", "desk", path.stage(), "later");
        Desk desk = start("optional:switchboard:later");

        center.create(later);
        center.publish(later, 1, Map.of("routing.attempts", "4"));

        await().until(() -> desk.routing.get().attempts() == 4);
    }

    @Test
    void anOutageOfZooKeeperLosesNoReleaseAndIsSaidOnce(CapturedOutput output) throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "1"));
        Desk desk = start("switchboard:");
        await().until(() -> !center.reports(path).isEmpty());

        center.stop();
        await().until(() -> health().getStatus().equals(Status.UNKNOWN));
        assertThat(desk.routing.get().attempts()).isEqualTo(1);
        center.restart();
        center.publish(path, 2, Map.of("routing.attempts", "2"));

        await().until(() -> desk.routing.get().attempts() == 2);
        await().until(() -> center.reports(path).stream().anyMatch(report -> report.release() == 2));
        assertThat(desk.events).hasSize(1);
        assertThat(output).contains("The config center answers again");
        // What comes after it may be another outage, on a machine that is slow.
        String outage = output.toString().split("The config center answers again")[0];
        assertThat(outage.lines().filter(line -> line.contains("WARN") && line.contains("stay at")))
                .hasSize(1);
    }

    @Test
    void anExpiredSessionLosesNoRelease() throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "1"));
        Desk desk = start("switchboard:", "switchboard.config.session-timeout=4s");
        await().until(() -> !center.reports(path).isEmpty());

        center.loseEverything();
        center.create(path);
        center.publish(path, 1, Map.of("routing.attempts", "2"));

        await().until(() -> desk.routing.get().attempts() == 2);
        await().untilAsserted(() -> assertThat(center.reports(path)).hasSize(1));
        center.publish(path, 2, Map.of("routing.attempts", "3"));
        await().until(() -> desk.routing.get().attempts() == 3);
    }

    @Test
    void withZooKeeperDeadTheKeptReleaseIsUsedAndCaughtUpLater(CapturedOutput output) throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "6"));
        start("switchboard:");
        stopApplications();
        started.clear();
        center.stop();

        Desk desk = start("switchboard:", "switchboard.config.startup-timeout=500ms");

        assertThat(desk.routing.get().attempts()).isEqualTo(6);
        assertThat(releases().get(0).source()).isEqualTo(RunningRelease.Source.CACHE);
        assertThat(output).contains("starting with release 1");
        center.restart();
        center.publish(path, 2, Map.of("routing.attempts", "7"));
        await().until(() -> desk.routing.get().attempts() == 7);
        // Told once the release is also kept.
        await().until(() -> releases().get(0).source() == RunningRelease.Source.ZOOKEEPER);
    }

    @Test
    void aReleaseThatFailedTheStartIsNotTheOneThatIsKept() throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "6"));
        start("switchboard:");
        stopApplications();
        started.clear();
        center.publish(path, 2, Map.of("routing.attempts", "-1"));
        assertThatException().isThrownBy(() -> start("switchboard:"));

        Desk desk = start(
                "switchboard:", "switchboard.config.zookeeper=127.0.0.1:1", "switchboard.config.startup-timeout=300ms");

        assertThat(desk.routing.get().attempts()).isEqualTo(6);
        assertThat(releases().get(0).number()).isEqualTo(1);
    }

    @Test
    void theKeptReleaseIsForItsUserOnly() throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "6"));
        start("switchboard:");

        try (Stream<Path> files = Files.list(cache)) {
            assertThat(files.toList())
                    .singleElement()
                    .satisfies(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void aDamagedKeptReleaseIsIgnored(CapturedOutput output) throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "6"));
        start("switchboard:");
        stopApplications();
        started.clear();
        try (Stream<Path> files = Files.list(cache)) {
            Files.write(files.findFirst().orElseThrow(), new byte[] {1, 2, 3});
        }

        Desk desk = start(
                "optional:switchboard:",
                "switchboard.config.zookeeper=127.0.0.1:1",
                "switchboard.config.startup-timeout=300ms");

        assertThat(desk.routing.get().attempts()).isEqualTo(3);
        assertThat(output).contains("is ignored");
    }

    @Test
    void withoutAnythingARequiredImportFailsAndSaysWhy(CapturedOutput output) {
        long began = System.nanoTime();

        assertThatException()
                .isThrownBy(() -> start(
                        "switchboard:",
                        "switchboard.config.zookeeper=127.0.0.1:1",
                        "switchboard.config.startup-timeout=400ms"));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("127.0.0.1:1 did not answer within 400 ms")
                .contains("optional:switchboard:application");
    }

    @Test
    void aForeignCredentialIsRefused(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> start("switchboard:", "switchboard.config.secret=a secret of somebody else"));

        assertThat(output).contains("refused the credential").doesNotContain("secret of somebody");
    }

    @Test
    void someCoordinatesAreNotEnough(CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> new SpringApplicationBuilder(DeskApplication.class)
                        .web(WebApplicationType.NONE)
                        .run("--spring.config.import=optional:switchboard:", "--switchboard.config.tenant=acme"));

        assertThat(output).contains("APPLICATION FAILED TO START").contains("switchboard.config.secret");
    }

    @Test
    void withoutCoordinatesAnOptionalImportIsLeftOut() {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(DeskApplication.class)
                .web(WebApplicationType.NONE)
                .run("--spring.config.import=optional:switchboard:");
        started.add(context);

        assertThat(context.getBean(Desk.class).routing.get().attempts()).isEqualTo(3);
        assertThat(context.getBean(Following.class).isRunning()).isFalse();
        assertThat(context.getBean(Following.class).releases()).isEmpty();
        assertThat(context.getBean("switchboardConfigHealthIndicator", HealthIndicator.class)
                        .health(true))
                .isEqualTo(
                        org.springframework.boot.health.contributor.Health.up().build());
    }

    @Test
    void anUnknownNamespaceFailsARequiredImport(CapturedOutput output) {
        assertThatException().isThrownBy(() -> start("switchboard:unheard-of"));

        assertThat(output).contains("unheard-of").contains("APPLICATION FAILED TO START");
    }

    @Test
    void aReleaseThatNeverFitFailsTheStartWithoutItsValue(CapturedOutput output) throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "-471447144"));

        assertThatException().isThrownBy(() -> start("switchboard:"));

        assertThat(output)
                .contains("Release 1 of 'acme/desk/" + path.stage() + "/application' does not fit")
                .contains("routing.attempts")
                .doesNotContain("471447144");
    }

    @Test
    void aReleasesValueThatAnotherSourceRefersToFailsTheStartWithoutItself(CapturedOutput output) throws Exception {
        center.publish(path, 1, Map.of("wait", "hunter2"));

        assertThatException()
                .isThrownBy(() -> start("switchboard:", "routing.max-wait=${patience}", "patience=${wait}"));

        assertThat(output)
                .contains("Release 1 of 'acme/desk/" + path.stage() + "/application' does not fit")
                .contains("routing.max-wait is no java.time.Duration")
                .doesNotContain("hunter2");
    }

    @Test
    void aFaultThatLiesInNoReleaseIsShownAsEver(CapturedOutput output) throws Exception {
        center.publish(path, 1, Map.of("wait", "3s"));

        assertThatException().isThrownBy(() -> start("switchboard:", "routing.max-wait=${patience}", "patience=soon"));

        assertThat(output).contains("Value: \"${patience}\"").doesNotContain("does not fit");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                PinField.class,
                PinMethod.class,
                PinConstructor.class,
                PinBean.class,
                PinInjectedMethod.class,
                PinInjectedConstructor.class
            })
    void aReleasedValueThatDoesNotFitWhereItIsPutFailsTheStartWithoutItself(Class<?> pin, CapturedOutput output)
            throws Exception {
        center.publish(path, 1, Map.of("pin", "4711", "pin.of.night", "hunter2"));
        started.add(center.start(pin, path, cache));
        String night = "pin=${pin.of.night}";

        assertThatException().isThrownBy(() -> started.add(center.start(pin, path, cache, night)));

        assertThat(output)
                .contains("release 1 of 'acme/desk/" + path.stage() + "/application' does not fit: the value of Pin")
                .contains("is no int")
                .doesNotContain("hunter2");
        assertThatException().isThrownBy(() -> started.add(center.start(pin, path, cache, "pin=unreleased")));
        assertThat(output).contains("\"unreleased\"");
    }

    @Test
    void aReleasedValueIsTakenAsSpringTakesItWhereItIsAskedForLaterOrOptional() throws Exception {
        center.publish(path, 1, Map.of("pin", "4711"));
        started.add(center.start(PinLater.class, path, cache));
        PinLater pin = context().getBean(PinLater.class);
        assertThat(pin.provider.get()).isEqualTo(4711);
        assertThat(pin.optional).contains(4711);
        assertThat(pin.file).contains(Path.of("4711"));

        center.publish(path, 2, Map.of("pin", "4712"));

        await().until(() -> pin.provider.get() == 4712);
        assertThat(pin.factory.getObject()).isEqualTo(4712);
        assertThat(pin.objects.getObject()).isEqualTo(4712);
    }

    @Test
    void valuesAreNeverLogged(CapturedOutput output) throws Exception {
        center.publish(path, 1, Map.of("routing.strategy", "hunter2-first", "db.password", "hunter2"));
        Desk desk = start("switchboard:", "logging.level.io.switchboard=trace", "debug=true");

        center.publish(path, 2, Map.of("routing.strategy", "hunter2-second", "db.password", "hunter2-new"));

        await().until(() -> desk.routing.get().strategy().equals("hunter2-second"));
        await().until(() -> output.toString().contains("is at release 2"));
        assertThat(output).doesNotContain("hunter2").doesNotContain("secret of the reader");
    }

    @Test
    void theReleaseShowsInHealthAndMetrics() throws Exception {
        center.publish(path, 1, Map.of("routing.attempts", "1"));
        start("switchboard:");
        center.publish(path, 2, Map.of("routing.attempts", "2"));

        MeterRegistry metrics = context().getBean(MeterRegistry.class);
        await().until(() -> metrics.get("switchboard.config.release").gauge().value() == 2);
        assertThat(metrics.get("switchboard.config.release").gauge().getId().getTag("namespace"))
                .isEqualTo("application");
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails()).containsEntry("zookeeper", "connected");
        assertThat(health().getDetails().get("application"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("release", 2L)
                .containsEntry("source", "zookeeper")
                .containsKey("since");
    }

    private Desk start(String imports, String... properties) {
        String[] all = center.properties(
                cache,
                Stream.concat(Stream.of("switchboard.config.stage=" + path.stage()), Stream.of(properties))
                        .toArray(String[]::new));
        String[] arguments = Stream.concat(Stream.of("spring.config.import=" + imports), Stream.of(all))
                .map(property -> "--" + property)
                .toArray(String[]::new);
        started.add(new SpringApplicationBuilder(DeskApplication.class)
                .web(WebApplicationType.NONE)
                .run(last(arguments)));
        return context().getBean(Desk.class);
    }

    /** A property given twice would be a list of two: the last one counts. */
    private static String[] last(String[] arguments) {
        Map<String, String> byName = new java.util.LinkedHashMap<>();
        for (String argument : arguments) {
            byName.put(argument.substring(0, argument.indexOf('=')), argument);
        }
        return byName.values().toArray(String[]::new);
    }

    private ConfigurableApplicationContext context() {
        return started.get(started.size() - 1);
    }

    private org.springframework.boot.health.contributor.Health health() {
        return java.util.Objects.requireNonNull(context()
                .getBean("switchboardConfigHealthIndicator", HealthIndicator.class)
                .health(true));
    }

    private List<RunningRelease> releases() {
        return context().getBean(Following.class).releases();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties({RoutingProperties.class, HoursProperties.class, PoolProperties.class})
    @Import(Desk.class)
    static class DeskApplication {}

    @EnableAutoConfiguration
    static class PinField {

        @Value("${pin}")
        int pin;
    }

    @EnableAutoConfiguration
    static class PinMethod {

        @Value("${pin}")
        void pin(int pin) {}
    }

    @EnableAutoConfiguration
    static class PinConstructor {

        PinConstructor(@Value("${pin}") int pin) {}
    }

    @EnableAutoConfiguration
    static class PinInjectedMethod {

        @Inject
        void pin(@Value("${pin}") int pin) {}
    }

    @EnableAutoConfiguration
    static class PinInjectedConstructor {

        PinInjectedConstructor() {}

        @Inject
        PinInjectedConstructor(@Value("${pin}") int pin) {}
    }

    @EnableAutoConfiguration
    static class PinBean {

        @Bean
        Object door(@Value("${pin}") int pin) {
            return pin;
        }
    }

    @EnableAutoConfiguration
    static class PinLater {

        @Value("${pin}")
        Provider<Integer> provider = () -> 0;

        @Value("${pin}")
        ObjectFactory<Integer> factory = () -> 0;

        final ObjectProvider<Integer> objects;
        final Optional<Integer> optional;
        final Optional<Path> file;

        PinLater(
                @Value("${pin}") ObjectProvider<Integer> objects,
                @Value("${pin}") Optional<Integer> optional,
                @Value("${pin}") Optional<Path> file) {
            this.objects = objects;
            this.optional = optional;
            this.file = file;
        }
    }

    static class Desk {

        private final Live<RoutingProperties> routing;
        private final Live<HoursProperties> liveHours;
        private final HoursProperties hours;
        private final List<ConfigurationRefreshed> events = new CopyOnWriteArrayList<>();
        private volatile Runnable onEvent = () -> {};

        Desk(Live<RoutingProperties> routing, Live<HoursProperties> liveHours, HoursProperties hours) {
            this.routing = routing;
            this.liveHours = liveHours;
            this.hours = hours;
        }

        @EventListener
        void on(ConfigurationRefreshed event) {
            onEvent.run();
            events.add(event);
        }
    }

    @Validated
    @ConfigurationProperties("routing")
    record RoutingProperties(
            @DefaultValue("30s") Duration maxWait,
            @DefaultValue("3") @Positive int attempts,
            @DefaultValue("longest-idle") String strategy) {

        RoutingProperties {
            if (strategy.startsWith("nobody")) {
                throw new IllegalArgumentException("strategy must not be " + strategy);
            }
        }
    }

    @Validated
    @ConfigurationProperties("hours")
    static class HoursProperties {

        @Max(23)
        private int opensAt = 8;

        private final Map<String, String> days = new java.util.HashMap<>();

        public int getOpensAt() {
            return opensAt;
        }

        public void setOpensAt(int opensAt) {
            this.opensAt = opensAt;
        }

        public Map<String, String> getDays() {
            return days;
        }
    }

    /** Can't be made smaller than what is in use, which only the bean that is used knows. */
    @ConfigurationProperties("pool")
    static class PoolProperties implements Validator {

        private volatile int inUse;
        private boolean afterHours;
        private volatile int capacity = 10;
        private String zone = "south";

        public boolean isAfterHours() {
            return afterHours;
        }

        public void setAfterHours(boolean afterHours) {
            this.afterHours = afterHours;
        }

        public int getCapacity() {
            return capacity;
        }

        public void setCapacity(int capacity) {
            int before = this.capacity;
            this.capacity = capacity;
            if (capacity < inUse && before >= inUse) {
                throw new IllegalStateException("more than " + capacity + " are in use");
            }
        }

        @Override
        public boolean supports(Class<?> type) {
            return type == PoolProperties.class;
        }

        @Override
        public void validate(Object target, Errors errors) {
            if (((PoolProperties) target).zone.startsWith("nowhere")) {
                throw new NoClassDefFoundError(((PoolProperties) target).zone);
            }
        }

        public String getZone() {
            return zone;
        }

        public void setZone(String zone) {
            this.zone = zone;
        }
    }
}
