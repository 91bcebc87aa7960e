package io.switchboard.scheduling.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.scheduling.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class RolloutPropertiesTests {

    private static final RolloutProperties.CanaryLimits CANARY =
            new RolloutProperties.CanaryLimits(100, 1.5, Duration.ofMillis(20), Duration.ofSeconds(5));

    @Test
    void defaults() {
        given().run(context -> {
            assertThat(context.getBean(RolloutProperties.class))
                    .isEqualTo(new RolloutProperties(
                            10,
                            true,
                            Duration.ofSeconds(15),
                            Duration.ofMinutes(10),
                            Duration.ofSeconds(1),
                            Duration.ofMinutes(5),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(10),
                            Duration.ofMinutes(2),
                            CANARY));
            assertThat(context.getBean(ReconcileProperties.class))
                    .isEqualTo(new ReconcileProperties(Duration.ofSeconds(5), 200, 100, 256, true));
        });
    }

    @Test
    void everyNameIsRead() {
        given(
                        "rollout.surge=2",
                        "rollout.await-balancer=false",
                        "rollout.balancer-patience=1s",
                        "rollout.balancer-limit=2s",
                        "rollout.drain-grace=13s",
                        "rollout.drain-limit=3s",
                        "rollout.drain-every=4s",
                        "rollout.linger-every=12s",
                        "rollout.patience=5s",
                        "rollout.canary.min-requests=8",
                        "rollout.canary.latency-factor=9",
                        "rollout.canary.latency-slack=10ms",
                        "rollout.canary.every=11s",
                        "reconcile.every=6s",
                        "reconcile.sweep=7",
                        "reconcile.batch=8",
                        "reconcile.parallel=9",
                        "reconcile.remove-orphans=false")
                .run(context -> {
                    assertThat(context.getBean(RolloutProperties.class))
                            .isEqualTo(new RolloutProperties(
                                    2,
                                    false,
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(2),
                                    Duration.ofSeconds(13),
                                    Duration.ofSeconds(3),
                                    Duration.ofSeconds(4),
                                    Duration.ofSeconds(12),
                                    Duration.ofSeconds(5),
                                    new RolloutProperties.CanaryLimits(
                                            8, 9, Duration.ofMillis(10), Duration.ofSeconds(11))));
                    assertThat(context.getBean(ReconcileProperties.class))
                            .isEqualTo(new ReconcileProperties(Duration.ofSeconds(6), 7, 8, 9, false));
                });
    }

    @Test
    void aRolloutWithoutRoomForANewTaskIsRefused() {
        given("rollout.surge=0")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("surge"));
    }

    private static ApplicationContextRunner given(String... properties) {
        return Settings.given(Binding.class, properties);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({RolloutProperties.class, ReconcileProperties.class})
    static class Binding {}
}
