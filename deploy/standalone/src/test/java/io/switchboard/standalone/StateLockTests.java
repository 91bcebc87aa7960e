package io.switchboard.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLockTests {

    @TempDir
    Path directory;

    @Test
    void aDirectoryIsForOneAtATime() throws Exception {
        var state = directory.resolve("not").resolve("there yet");
        try (var first = StateLock.on(state)) {
            assertThatThrownBy(() -> StateLock.on(state))
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("./switchboard down");
            assertThat(first).isNotNull();
        }

        StateLock.on(state).close();
    }

    /** The whole program, which ends before it has touched anything. */
    @Test
    void aSecondProcessRefusesAndLeavesTheFirstOneAlone() throws Exception {
        var ready = Files.writeString(directory.resolve("ready"), "of the first one");
        var log = directory.resolve("jvm.log");
        try (var first = StateLock.on(directory)) {
            assertThat(first).isNotNull();
            var second = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.switchboard.standalone.Standalone",
                            "--standalone.directory=" + directory,
                            "--standalone.acd-jar=" + directory.resolve("none.jar")))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();

            assertThat(second.waitFor()).isEqualTo(1);
        }

        assertThat(Files.readString(log))
                .contains("process " + ProcessHandle.current().pid(), "./switchboard down");
        assertThat(ready).hasContent("of the first one");
        assertThat(directory.resolve("secrets.properties")).doesNotExist();
    }
}
