package io.switchboard.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.PortRange;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ProcessEngineAutoConfigurationTests {

    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ProcessEngineAutoConfiguration.class));

    @Test
    void isThereWhenItIsChosen(@TempDir Path directory) {
        context.withPropertyValues("scheduler.engine=process", "engine.process.directory=" + directory)
                .run(started -> {
                    assertThat(started.getBean(Engine.class).name()).isEqualTo("process");
                    assertThat(started.getBean(Engine.class).capabilities())
                            .contains(Capability.OUTLIVE_ADAPTER, Capability.LIMIT_MEMORY)
                            .doesNotContain(Capability.LIMIT_CPU);
                });
    }

    @Test
    void isNotThereOtherwise() {
        context.run(started -> assertThat(started).doesNotHaveBean(Engine.class));
        context.withPropertyValues("scheduler.engine=docker")
                .run(started -> assertThat(started).doesNotHaveBean(Engine.class));
    }

    @Test
    void programsAreBoundByImageNameWithTheirPlaceholders(@TempDir Path directory) {
        context.withPropertyValues(
                        "scheduler.engine=process",
                        "engine.process.directory=" + directory,
                        "engine.process.programs.[acme/acd]=java,-XX:MaxRAM=${memoryMib}m",
                        "engine.process.ports=21000-21999",
                        "engine.process.enforce-memory=false")
                .run(started -> {
                    ProcessEngineProperties properties = started.getBean(ProcessEngineProperties.class);
                    assertThat(properties.programs())
                            .containsEntry("acme/acd", List.of("java", "-XX:MaxRAM=${memoryMib}m"));
                    assertThat(properties.ports()).isEqualTo(new PortRange(21000, 21999));
                    assertThat(started.getBean(Engine.class).capabilities())
                            .contains(Capability.OUTLIVE_ADAPTER)
                            .doesNotContain(Capability.LIMIT_MEMORY);
                });
    }

    @Test
    void wrongSettingsStopTheStart(@TempDir Path directory) {
        context.withPropertyValues(
                        "scheduler.engine=process",
                        "engine.process.directory=" + directory,
                        "engine.process.log-size=1KB")
                .run(started ->
                        assertThat(started).getFailure().rootCause().hasMessageContaining("engine.process.log-size"));
    }

    @Test
    void noPortIsForMediaAndForOtherThings(@TempDir Path directory) {
        context.withPropertyValues(
                        "scheduler.engine=process",
                        "engine.process.directory=" + directory,
                        "engine.process.media-ports=29000-30999")
                .run(started -> assertThat(started)
                        .getFailure()
                        .rootCause()
                        .hasMessageContainingAll(
                                "engine.process.media-ports", "29000-30999", "engine.process.ports", "20000-29999"));
    }

    @Test
    void twoEnginesDontShareADirectory(@TempDir Path directory) {
        context.withPropertyValues("scheduler.engine=process", "engine.process.directory=" + directory)
                .run(first -> new ApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(ProcessEngineAutoConfiguration.class))
                        .withPropertyValues("scheduler.engine=process", "engine.process.directory=" + directory)
                        .run(second -> assertThat(second)
                                .getFailure()
                                .rootCause()
                                .hasMessageContaining("another process engine uses")));
    }
}
