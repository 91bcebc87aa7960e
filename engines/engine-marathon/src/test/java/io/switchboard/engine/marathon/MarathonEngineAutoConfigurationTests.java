package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MarathonEngineAutoConfigurationTests {

    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MarathonEngineAutoConfiguration.class))
            // Port 1 is nobody's.
            .withPropertyValues("scheduler.engine=marathon", "engine.marathon.urls=http://127.0.0.1:1");

    @Test
    void isThereWhenItIsChosenAlsoWhileMarathonIsSilent() {
        context.run(started -> {
            Engine engine = started.getBean(Engine.class);
            assertThat(engine.name()).isEqualTo("marathon");
            assertThat(engine.capabilities())
                    .containsExactlyInAnyOrder(Capability.OUTLIVE_ADAPTER, Capability.CORDON_NODES);
            assertThatExceptionOfType(EngineUnavailable.class).isThrownBy(() -> engine.tasks("shop"));
            assertThatExceptionOfType(EngineUnavailable.class).isThrownBy(engine::workloads);
            assertThatExceptionOfType(EngineUnavailable.class)
                    .isThrownBy(() -> engine.ensure(Examples.shop("shop", 1)));
        });
    }

    @Test
    void isNotThereOtherwise() {
        context.withPropertyValues("scheduler.engine=process")
                .run(started -> assertThat(started).doesNotHaveBean(Engine.class));
    }

    @Test
    void settingsHaveTheirNames() {
        context.withPropertyValues(
                        "engine.marathon.urls=http://m1:8080,http://m2:8080",
                        "engine.marathon.platform=acme",
                        "engine.marathon.group=/acme/prod",
                        "engine.marathon.username=me",
                        "engine.marathon.password=hidden",
                        "engine.marathon.lock-patience=4s",
                        "engine.marathon.largest-task.cpu-millis=8000",
                        "engine.marathon.app.constraints=hostname:MAX_PER:2",
                        "engine.marathon.app.unreachable.inactive-after=0s",
                        "engine.marathon.enforces=memory",
                        "engine.marathon.programs.[acme/acd].command=java,-jar,acd.jar",
                        "engine.marathon.programs.[acme/acd].fetch=https://example.org/acd.jar")
                .run(started -> {
                    MarathonEngineProperties properties = started.getBean(MarathonEngineProperties.class);
                    assertThat(properties.urls()).hasSize(2);
                    assertThat(properties.group()).isEqualTo("/acme/prod");
                    assertThat(properties.lockPatience()).isEqualTo(Duration.ofSeconds(4));
                    assertThat(properties.largestTask().cpuMillis()).isEqualTo(8000);
                    assertThat(properties.app().constraints()).containsExactly("hostname:MAX_PER:2");
                    assertThat(properties.app().unreachable().expungeAfter()).isEqualTo(Duration.ofMinutes(10));
                    assertThat(properties.programs().values())
                            .singleElement()
                            .extracting(MarathonEngineProperties.Program::fetch)
                            .isEqualTo(List.of(URI.create("https://example.org/acd.jar")));
                    assertThat(started.getBean(Engine.class).capabilities()).contains(Capability.LIMIT_MEMORY);
                    assertThat(properties.toString()).contains("me").doesNotContain("hidden");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "engine.marathon.group=nowhere",
                "engine.marathon.username=alone",
                "engine.marathon.app.constraints=hostname",
                "engine.marathon.app.containerizer=podman",
                "engine.marathon.app.unreachable.inactive-after=1h"
            })
    void wrongSettingsStopTheStart(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        context.withPropertyValues(setting)
                .run(started -> assertThat(started)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(name.replace("inactive-after", "")));
    }
}
