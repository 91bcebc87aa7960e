package io.switchboard.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.engine.Workload;
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

    private void start() throws StartFailed {
        var workload = new Workload(
                "shop",
                "acme/sleeper",
                2,
                100,
                64,
                List.of(new Workload.Port("http", 8080)),
                Map.of(),
                new Workload.Health.Running(),
                Duration.ofSeconds(1));
        runner.start(workload, new Launch(UUID.randomUUID().toString(), 0, 0, 0, "", Instant.now()));
    }
}
