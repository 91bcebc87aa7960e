package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.route.PortRange;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartFilesTests {

    @TempDir
    private Path directory;

    private final StartFiles files = new StartFiles();

    @Test
    void whatAReloadIsToReadStays() {
        files.prepare(new Running(config(1), Layout.EMPTY));
        files.prepare(new Running(config(2), Layout.EMPTY));

        files.save(new Running(config(1), Layout.EMPTY));

        assertThat(config(2).file()).content().contains("backend h0001");
    }

    @Test
    void whatIsInForceAfterItIsSaved() {
        files.prepare(new Running(config(2), Layout.EMPTY));
        var led = new Layout(Map.of(), Map.of("a.example", "h0001"), Map.of(), Map.of());

        files.save(new Running(config(2), led));

        assertThat(directory.resolve("host.map")).content().isEqualTo("a.example h0001\n");
    }

    @Test
    void whoFindsARunningHaproxySavesWhatItDoes() {
        files.save(new Running(config(1), Layout.EMPTY));

        assertThat(config(1).file()).content().contains("backend h0000");
    }

    private ConfigFile config(int backends) {
        return new ConfigFile(
                directory,
                directory,
                "127.0.0.1:8000",
                "",
                "127.0.0.1",
                new PortRange(22_000, 22_009),
                List.of(),
                new Pool(backends, 1, 1),
                false,
                List.of());
    }
}
