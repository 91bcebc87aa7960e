package io.switchboard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndedBenchTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern DATA = Pattern.compile("--data-dir=(\\S+/switchboard-bench[^/]+)/");

    @TempDir
    Path directory;

    /** Both run in sessions of their own. */
    @Test
    void takesItsEtcdAndItsHaproxyAlongWhenItIsToldToEnd() throws IOException {
        var bench = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        AccessBench.class.getName(),
                        "--only",
                        "flap")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("bench.out").toFile())
                .start();
        try {
            var work = await().atMost(PATIENCE)
                    .until(() -> workDirectory(bench), Optional::isPresent)
                    .orElseThrow();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(servers(work)).anyMatch(line -> line.contains("haproxy.cfg")));

            bench.destroy();

            await().atMost(PATIENCE).until(() -> !bench.isAlive());
            assertThat(servers(work)).isEmpty();
            assertThat(work).doesNotExist();
        } finally {
            bench.destroyForcibly();
        }
    }

    /** As its etcd was told. */
    private static Optional<Path> workDirectory(Process bench) {
        return bench.descendants()
                .flatMap(process -> process.info().commandLine().stream())
                .map(DATA::matcher)
                .filter(matcher -> matcher.find())
                .map(matcher -> Path.of(matcher.group(1)))
                .findFirst();
    }

    private static List<String> servers(Path work) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(work + "/"))
                .toList();
    }
}
