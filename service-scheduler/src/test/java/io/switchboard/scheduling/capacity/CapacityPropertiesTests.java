package io.switchboard.scheduling.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.scheduling.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class CapacityPropertiesTests {

    @Test
    void defaults() {
        given().run(context -> {
            assertThat(context.getBean(CapacityProperties.class))
                    .isEqualTo(new CapacityProperties(Duration.ofSeconds(30), Duration.ofSeconds(5), 4, ""));
            assertThat(context.getBean(LearningProperties.class))
                    .isEqualTo(new LearningProperties(true, Duration.ofMinutes(15), 2_000, Duration.ofMinutes(1)));
        });
    }

    @Test
    void everyNameIsRead() {
        given(
                        "capacity.nodes-every=1s",
                        "capacity.models-every=2s",
                        "capacity.cpu-overcommit=1.5",
                        "capacity.node-class=fast",
                        "learning.enabled=false",
                        "learning.fit-every=3m",
                        "learning.enough=400",
                        "learning.drift-every=5s")
                .run(context -> {
                    assertThat(context.getBean(CapacityProperties.class))
                            .isEqualTo(
                                    new CapacityProperties(Duration.ofSeconds(1), Duration.ofSeconds(2), 1.5, "fast"));
                    assertThat(context.getBean(LearningProperties.class))
                            .isEqualTo(
                                    new LearningProperties(false, Duration.ofMinutes(3), 400, Duration.ofSeconds(5)));
                });
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        given("capacity.cpu-overcommit=0.9")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("cpuOvercommit"));
        given("learning.enough=99")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("enough"));
    }

    private static ApplicationContextRunner given(String... properties) {
        return Settings.given(Binding.class, properties);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({CapacityProperties.class, LearningProperties.class})
    static class Binding {}
}
