package io.switchboard.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code ./switchboard up} in a tree of its own, with jars that hold nothing and a JDK whose {@code java} is ready when a
 * test says so: what the script does around the JVM, in every order that matters.
 */
class UpTests {

    private static final String VERSION = "0.1.0";

    private static final List<String> PORTS = List.of(
            "CONSOLE",
            "REQUEST",
            "SCHEDULER",
            "ACCESS",
            "IMAGE",
            "CONFIG",
            "IDENTITY",
            "BALANCER",
            "REGISTRY",
            "DATABASE",
            "ZOOKEEPER",
            "ETCD",
            "ETCDPEER");

    /** Writes its number down, is ready once there is a file {@code go}, and ends when it is told to. */
    private static final String JAVA = """
            #!/usr/bin/env bash
            case "$*" in
              *jarmode*) mkdir -p "${!#}" && exit ;;
              *-version*) exit 1 ;;
            esac
            echo $$ >>"$SWITCHBOARD_HOME/starts"
            until [ -e "$SWITCHBOARD_HOME/go" ]; do [ -d "$SWITCHBOARD_HOME" ] || exit; sleep 0.1; done
            echo "operator-password=of-this-test" >"$SWITCHBOARD_HOME/secrets.properties"
            echo http://127.0.0.1:1 >"$SWITCHBOARD_HOME/ready"
            while [ -d "$SWITCHBOARD_HOME" ]; do sleep 0.1; done
            """;

    @TempDir
    Path root;

    private Path state;
    private final List<Process> calls = new ArrayList<>();

    @BeforeEach
    void tree() throws IOException {
        state = root.resolve("state");
        program("switchboard", Files.readString(Path.of("..", "..", "switchboard")));
        program("jdk/bin/java", JAVA);
        program("jdk/bin/javac", "");
        file("jdk/release", "JAVA_VERSION=\"999\"\n");
        file("deploy/standalone/target/standalone-" + VERSION + "-exec.jar", "");
        file("samples/acd-service/target/acd-service-" + VERSION + "-exec.jar", "");
        file("e2e/target/e2e-" + VERSION + "-exec.jar", "");
    }

    @AfterEach
    void end() throws Exception {
        for (var call : calls) {
            call.destroyForcibly().waitFor();
        }
        for (var pid : starts()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void anUpThatIsInterruptedStopsWhatItStarted() throws Exception {
        var up = call(Map.of(), "up", "--no-install");
        awaitStarted();

        up.destroy();

        assertThat(up.waitFor()).isEqualTo(130);
        assertThat(ProcessHandle.of(starts().getFirst())).isEmpty();
        assertThat(state.resolve("jvm.pid")).doesNotExist();
        assertThat(output(0)).contains("services: stopped");
    }

    @Test
    void aJvmThatStartsAlreadyIsWaitedFor() throws Exception {
        var killed = call(Map.of(), "up", "--no-install");
        awaitStarted();
        killed.destroyForcibly().waitFor();

        var up = call(Map.of(), "up", "--no-install");
        await().until(() -> output(1).contains("starts already, engine process"));
        Files.createFile(state.resolve("go"));

        assertThat(up.waitFor()).isZero();
        assertThat(output(1)).contains("ready after", "of-this-test", "console   http://127.0.0.1:");
        assertThat(starts()).hasSize(1);
    }

    @Test
    void ofAJvmThatEndsWhileItIsWaitedForAnotherIsStarted() throws Exception {
        var killed = call(Map.of(), "up", "--no-install");
        awaitStarted();
        killed.destroyForcibly().waitFor();

        var up = call(Map.of(), "up", "--no-install");
        await().until(() -> output(1).contains("starts already, engine process"));
        ProcessHandle.of(starts().getFirst()).ifPresent(ProcessHandle::destroyForcibly);
        await().until(() -> starts().size() == 2);
        Files.createFile(state.resolve("go"));

        assertThat(up.waitFor()).isZero();
    }

    @Test
    void ofTwoAtOnceOneStartsAndTheOtherWaits() throws Exception {
        var first = call(Map.of(), "up", "--no-install");
        awaitStarted();
        var second = call(Map.of(), "up", "--no-install");
        await().until(() -> output(1).contains("waiting for another up"));
        Files.createFile(state.resolve("go"));

        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
        assertThat(output(1)).contains("runs already");
        assertThat(starts()).hasSize(1);
    }

    @Test
    void anUpThatGivesUpSaysWhereTheLogIsAndWhatToDo() throws Exception {
        var up = call(Map.of("SWITCHBOARD_START_SECONDS", "1"), "up", "--no-install");

        assertThat(up.waitFor()).isEqualTo(1);
        assertThat(output(0))
                .contains(
                        "not ready after 1 s, and goes on starting",
                        "its log: " + state.resolve("logs").resolve("switchboard.log"),
                        "./switchboard up waits for it again, with SWITCHBOARD_START_SECONDS=3",
                        "./switchboard down stops it");
        awaitStarted();
        assertThat(ProcessHandle.of(starts().getFirst())).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "0", "-1", "1.5", "1000000"})
    void aLimitIsWholeSeconds(String seconds) throws Exception {
        var up = call(Map.of("SWITCHBOARD_START_SECONDS", seconds), "up", "--no-install");

        assertThat(up.waitFor()).isEqualTo(1);
        assertThat(output(0)).contains("SWITCHBOARD_START_SECONDS must be whole seconds from 1 to 999999");
        assertThat(starts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"up --engine, up", "up --engine=, up", "up --engine --no-install, up", "demo --keep --engine, demo"})
    void anOptionWithoutItsValueIsSaidToBe(String line, String command) throws Exception {
        var up = call(Map.of(), line.split(" "));

        assertThat(up.waitFor()).isEqualTo(1);
        assertThat(output(0))
                .isEqualToIgnoringNewLines(
                        "switchboard: --engine needs a value; see ./switchboard " + command + " --help");
    }

    private Process call(Map<String, String> environment, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(root.resolve("switchboard").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("output" + calls.size()).toFile());
        builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
        builder.environment().put("SWITCHBOARD_STATE", state.toString());
        for (var port : PORTS) {
            builder.environment()
                    .computeIfAbsent("STANDALONE_PORTS_" + port, name -> Integer.toString(FreePorts.next()));
        }
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        calls.add(process);
        return process;
    }

    private String output(int call) throws IOException {
        return Files.readString(root.resolve("output" + call));
    }

    /** Also by who started it, which knows it by its number. */
    private void awaitStarted() {
        var pid = state.resolve("jvm.pid");
        await().until(() -> starts().size() == 1
                && Files.exists(pid)
                && Files.readString(pid).strip().equals(starts().getFirst().toString()));
    }

    /** The numbers of the JVMs that were started, in that order. */
    private List<Long> starts() throws IOException {
        var file = state.resolve("starts");
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
                : List.of();
    }

    private void program(String path, String text) throws IOException {
        Files.setPosixFilePermissions(file(path, text), PosixFilePermissions.fromString("rwx------"));
    }

    private Path file(String path, String text) throws IOException {
        var file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
