package io.switchboard.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.engine.Node;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Port;
import io.switchboard.engine.supervision.Launch;
import io.switchboard.engine.supervision.ObservedTask;
import io.switchboard.engine.supervision.StartFailed;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class ProcessRunnerTests {

    private static final PortRange TWO_PORTS = PortRange.of("29810-29811");
    private static final PortRange MEDIA = PortRange.of("62990-62997");

    private final Path directory;
    private final ProcessRunner runner;

    ProcessRunnerTests(@TempDir Path directory) {
        this.directory = directory;
        this.runner = new ProcessRunner(
                new ProcessEngineProperties(
                        Map.of("acme/sleeper", List.of("sleep", "600")),
                        directory,
                        "127.0.0.1",
                        TWO_PORTS,
                        MEDIA,
                        "203.0.113.5",
                        DataSize.ofMegabytes(1),
                        true),
                Machine.here(),
                Clock.systemUTC());
        runner.recover();
    }

    @AfterEach
    void leaveNothingBehind() {
        runner.look("shop").forEach(task -> {
            runner.kill(task);
            runner.discard(task);
        });
        runner.close();
    }

    /** With two ports in all, the third failure would find none left if each kept its own. */
    @Test
    void aStartThatFailsKeepsNoPort() throws Exception {
        var tasks = directory.resolve("tasks");
        Files.delete(tasks);
        Files.writeString(tasks, "no directory");
        for (int failure = 1; failure <= 3; failure++) {
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::start);
        }
        Files.delete(tasks);
        Files.createDirectory(tasks);

        start();
        start();
        assertThat(runner.look("shop"))
                .extracting(ObservedTask::ports)
                .containsExactlyInAnyOrder(Map.of("http", 29_810), Map.of("http", 29_811));
    }

    /** A record says which block was meant; whether the program came to be doesn't matter. */
    @Test
    void aBlockIsHeldFromBeforeTheProgramRuns() throws Exception {
        start(Port.media("rtp", 4));
        start(Port.media("rtp", 4));
        var blocks = runner.look("shop").stream().map(ObservedTask::media).toList();

        assertThat(blocks)
                .containsExactlyInAnyOrder(
                        Map.of("rtp", new PortRange(62_990, 62_993)), Map.of("rtp", new PortRange(62_994, 62_997)));
        assertThat(runner.node().media()).hasValue(new Node.Media(MEDIA, 8));
        assertThatExceptionOfType(StartFailed.class)
                .isThrownBy(() -> start(Port.media("rtp", 4)))
                .withMessageContainingAll("4 ports for media", "62990-62997", "engine.process.media-ports");
    }

    /** Its record and log stay, or nobody could read why it ended; its successor needs as many ports as it had. */
    @Test
    void anEndedTaskGivesItsBlockBackBeforeItIsDiscarded() throws Exception {
        start(Port.media("rtp", 8));
        runner.look("shop").forEach(runner::kill);

        await().untilAsserted(() -> assertThat(runner.look("shop"))
                .singleElement()
                .satisfies(task -> assertThat(task.media()).isEmpty()));
        start(Port.media("rtp", 8));
        assertThat(runner.look("shop")).extracting(ObservedTask::media).contains(Map.of("rtp", MEDIA));
    }

    @Test
    void aStartThatFailsKeepsNoBlock() throws Exception {
        var tasks = directory.resolve("tasks");
        Files.delete(tasks);
        Files.writeString(tasks, "no directory");
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> start(Port.media("rtp", 8)));
        Files.delete(tasks);
        Files.createDirectory(tasks);
        // There are two.
        assertThatExceptionOfType(StartFailed.class)
                .isThrownBy(() -> start(Port.media("rtp", 8), new Port("a", 1), new Port("b", 2), new Port("c", 3)));

        start(Port.media("rtp", 8));
    }

    private void start() throws StartFailed {
        start(new Port("http", 8080));
    }

    private void start(Port... ports) throws StartFailed {
        var workload = new Workload(
                "shop",
                "acme/sleeper",
                2,
                100,
                64,
                List.of(ports),
                Map.of(),
                new Workload.Health.Running(),
                Duration.ofSeconds(1));
        runner.start(workload, new Launch(UUID.randomUUID().toString(), 0, 0, 0, "", Instant.now()));
    }
}
