package io.switchboard.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class DockerEngineAutoConfigurationTests {

    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(DockerEngineAutoConfiguration.class));

    @Test
    void isThereWhenItIsChosenAlsoWhileTheDaemonIsSilent(@TempDir Path directory) {
        context.withPropertyValues(
                        "scheduler.engine=docker", "engine.docker.host=unix://" + directory.resolve("no.sock"))
                .run(started -> {
                    Engine engine = started.getBean(Engine.class);
                    assertThat(engine.name()).isEqualTo("docker");
                    assertThat(engine.capabilities())
                            .containsExactlyInAnyOrderElementsOf(
                                    EnumSet.complementOf(EnumSet.of(Capability.CORDON_NODES, Capability.MEDIA_PORTS)));
                    assertThatExceptionOfType(EngineUnavailable.class).isThrownBy(() -> engine.tasks("shop"));
                    assertThatExceptionOfType(EngineUnavailable.class).isThrownBy(engine::workloads);
                });
    }

    @Test
    void isNotThereOtherwise() {
        context.run(started -> assertThat(started).doesNotHaveBean(Engine.class));
        context.withPropertyValues("scheduler.engine=process")
                .run(started -> assertThat(started).doesNotHaveBean(Engine.class));
    }

    @Test
    void settingsHaveTheirNames(@TempDir Path directory) {
        context.withPropertyValues(
                        "scheduler.engine=docker",
                        "engine.docker.host=unix://" + directory.resolve("no.sock"),
                        "engine.docker.network=calls",
                        "engine.docker.pids=64",
                        "engine.docker.registry.address=localhost:5000",
                        "engine.docker.registry.username=me",
                        "engine.docker.registry.password=hidden")
                .run(started -> {
                    DockerEngineProperties properties = started.getBean(DockerEngineProperties.class);
                    assertThat(properties.network()).isEqualTo("calls");
                    assertThat(properties.pids()).isEqualTo(64);
                    assertThat(properties.platform()).isEqualTo("switchboard");
                    assertThat(properties.registry().address()).isEqualTo("localhost:5000");
                    assertThat(properties.registry().pullSilence()).isEqualTo(Duration.ofMinutes(2));
                    assertThat(properties.toString()).contains("me").doesNotContain("hidden");
                });
    }

    @Test
    void wrongSettingsStopTheStart() {
        context.withPropertyValues("scheduler.engine=docker", "engine.docker.pids=1")
                .run(started ->
                        assertThat(started).getFailure().rootCause().hasMessageContaining("engine.docker.pids"));
    }
}
