package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Engine;
import io.switchboard.engine.marathon.MarathonEngineProperties.Program;
import io.switchboard.engine.testkit.ProbeContract;
import io.switchboard.engine.testkit.probe.ProbeApp;
import io.switchboard.marathon.simulator.MarathonSimulator;
import io.switchboard.marathon.simulator.Settings;
import io.switchboard.marathon.simulator.ShellPrograms;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** On the simulator, with tasks that are processes of this machine. */
@TestInstance(Lifecycle.PER_CLASS)
class MarathonEngineContractTests implements ProbeContract {

    private final ShellPrograms programs;
    private final MarathonSimulator marathon;
    private final URI url;
    private Engine engine;

    MarathonEngineContractTests(@TempDir Path directory) {
        this.programs = new ShellPrograms(directory, "127.0.0.1");
        this.marathon = MarathonSimulator.live(Settings.DEFAULT.withReviveEvery(Duration.ofMillis(200)), programs);
        this.url = marathon.start();
        this.engine = open();
    }

    @AfterAll
    void leaveNoTask() {
        engine.close();
        assertThat(marathon.apps()).isEmpty();
        assertThat(marathon.tasks()).isEmpty();
        marathon.close();
        programs.close();
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Engine reopened() {
        engine.close();
        engine = open();
        return engine;
    }

    private Engine open() {
        Program probe = new Program(probe(), List.of());
        return MarathonEngine.open(Examples.properties(List.of(url), Map.of("probe", probe)), null, Clock.systemUTC());
    }

    static List<String> probe() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return ProbeApp.command(java, ProbeApp.location().toString());
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

    /** Mesos tells Marathon that a check failed, but not how. */
    @Override
    public String failedHealth() {
        return "health check";
    }

    /** Marathon counts in whole seconds. */
    @Override
    public Duration patience() {
        return Duration.ofSeconds(60);
    }
}
