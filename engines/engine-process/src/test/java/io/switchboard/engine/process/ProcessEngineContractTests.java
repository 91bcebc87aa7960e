package io.switchboard.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Engine;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.testkit.ProbeContract;
import io.switchboard.engine.testkit.probe.ProbeApp;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

@TestInstance(Lifecycle.PER_CLASS)
class ProcessEngineContractTests implements ProbeContract {

    private final Path directory;
    private Engine engine;

    ProcessEngineContractTests(@TempDir Path directory) {
        this.directory = directory;
        this.engine = open(directory);
    }

    @AfterAll
    void leaveNoProcess() {
        engine.close();
        assertThat(new Processes(new Proc(Path.of("/proc")), directory.toString()).byTask())
                .isEmpty();
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Engine reopened() {
        engine.close();
        engine = open(directory);
        return engine;
    }

    @Override
    public String image() {
        return "probe";
    }

    @Override
    public String otherImage() {
        return "probe:2";
    }

    @Override
    public String imageByDigest() {
        return "registry.example:5000/probe@sha256:" + "1".repeat(64);
    }

    @Override
    public String missingImage() {
        return "acme/nowhere:1";
    }

    private static Engine open(Path directory) {
        return ProcessEngineAutoConfiguration.engine(
                new ProcessEngineProperties(
                        Map.of("probe", probe()),
                        directory,
                        "127.0.0.1",
                        new PortRange(20000, 29999),
                        // Where neither FreePorts nor the kernel takes any.
                        new PortRange(61000, 62989),
                        null,
                        DataSize.ofMegabytes(1),
                        true),
                Clock.systemUTC());
    }

    static List<String> probe() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return ProbeApp.command(java, ProbeApp.location().toString());
    }
}
