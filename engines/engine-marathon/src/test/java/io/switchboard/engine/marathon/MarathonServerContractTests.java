package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Engine;
import io.switchboard.engine.marathon.MarathonEngineProperties.LargestTask;
import io.switchboard.engine.marathon.MarathonEngineProperties.Program;
import io.switchboard.engine.testkit.EngineContract;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.util.unit.DataSize;

/** On the Marathon at {@code -Dmarathon.url=}; see docs/reference/engine-marathon.md. */
@EnabledIfSystemProperty(named = "marathon.url", matches = ".+")
@TestInstance(Lifecycle.PER_CLASS)
class MarathonServerContractTests implements EngineContract {

    private final MarathonEngineProperties properties = properties();
    private Engine engine = open();

    @BeforeAll
    void marathonAnswers() {
        assertThat(engine.workloads())
                .as("left by an earlier run in " + properties.group())
                .isEmpty();
    }

    @AfterAll
    void close() {
        engine.close();
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
        return MarathonEngine.open(properties, null, Clock.systemUTC());
    }

    @Override
    public String image() {
        return "sleeper";
    }

    @Override
    public String otherImage() {
        return "sleeper:2";
    }

    /** Each start may wait for an offer. */
    @Override
    public Duration patience() {
        return Duration.ofMinutes(2);
    }

    @Override
    public Duration calm() {
        return Duration.ofSeconds(6);
    }

    private static MarathonEngineProperties properties() {
        String[] login = System.getProperty("marathon.credentials", "").split(":", 2);
        Program sleeper = new Program(List.of("sleep", "100000"), List.of());
        return new MarathonEngineProperties(
                List.of(URI.create(System.getProperty("marathon.url", "http://127.0.0.1:8080"))),
                "switchboard-contract",
                System.getProperty("marathon.group", "/switchboard-contract"),
                login.length == 2 ? login[0] : null,
                login.length == 2 ? login[1] : null,
                null,
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                new LargestTask(64_000, DataSize.ofGigabytes(256)),
                Examples.APP,
                Map.of("sleeper", sleeper),
                List.of());
    }
}
