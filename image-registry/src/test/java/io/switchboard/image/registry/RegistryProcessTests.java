package io.switchboard.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.image.RequiredPrograms;
import io.switchboard.image.token.RegistryTokens.Trust;
import io.switchboard.image.token.TestTrust;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real registry. */
class RegistryProcessTests {

    private static final Path PROGRAM = RequiredPrograms.dockerRegistry();

    @TempDir
    private Path directory = Path.of("never");

    private final int port = FreePorts.next();

    @Test
    void aRegistryThatDiesIsStartedAgain() {
        var process = process("secret", true);
        process.start();
        try {
            var first = running(process);
            first.destroyForcibly();

            await().until(() -> process.process().filter(now -> now.pid() != first.pid()), Optional::isPresent);
        } finally {
            process.stop();
        }
        assertThat(process.process()).isEmpty();
    }

    @Test
    void aRegistryLeftBehindIsAdoptedAndAnotherConfigurationReplacesIt() {
        var earlier = process("secret", false);
        earlier.start();
        var left = running(earlier);
        earlier.stop();
        assertThat(left.isAlive()).isTrue();

        var adopting = process("secret", false);
        adopting.start();
        assertThat(running(adopting).pid()).isEqualTo(left.pid());
        adopting.stop();

        var changed = process("another secret", true);
        changed.start();
        try {
            assertThat(running(changed).pid()).isNotEqualTo(left.pid());
            assertThat(left.isAlive()).isFalse();
        } finally {
            changed.stop();
        }
    }

    @Test
    void aPidThatIsAnotherProgramsIsLeftAlone() throws Exception {
        Files.writeString(
                directory.resolve("registry.pid"),
                Long.toString(ProcessHandle.current().pid()),
                StandardCharsets.UTF_8);
        var process = process("secret", true);

        process.start();
        try {
            assertThat(running(process).pid())
                    .isNotEqualTo(ProcessHandle.current().pid());
        } finally {
            process.stop();
        }
    }

    @Test
    void pausesGrowWhileItFailsAndStartOverOnceItRanWell() {
        assertThat(RegistryProcess.pauseAfter(Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .isEqualTo(Duration.ofSeconds(4));
        assertThat(RegistryProcess.pauseAfter(Duration.ofSeconds(1), Duration.ofSeconds(20)))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(RegistryProcess.pauseAfter(Duration.ofMinutes(2), Duration.ofSeconds(30)))
                .isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aProgramIsLookedForOnThePath() {
        assertThat(RegistryProgram.find("sh", "/nowhere::/bin")).contains(Path.of("/bin/sh"));
        assertThat(RegistryProgram.find("/bin/sh", "")).contains(Path.of("/bin/sh"));
        assertThat(RegistryProgram.find("no-such-program", "/bin")).isEmpty();
    }

    private RegistryProcess process(String secret, boolean stopOnClose) {
        return new RegistryProcess(Optional.of(PROGRAM), directory, () -> config(secret), stopOnClose);
    }

    /** Answers, not just runs: a registry is adopted only if it does. */
    private ProcessHandle running(RegistryProcess process) {
        await().until(() -> process.process().isPresent() && answers());
        return process.process().orElseThrow();
    }

    private RegistryConfig config(String secret) {
        return new RegistryConfig(
                directory.resolve("data"),
                port,
                new Trust("registry", "issuer", certificate()),
                URI.create("http://127.0.0.1:1/token"),
                URI.create("http://127.0.0.1:1/registry/notifications"),
                "token",
                secret);
    }

    private Path certificate() {
        return TestTrust.in(directory).certificate();
    }

    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
