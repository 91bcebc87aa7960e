package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.configclient.ConfigurationRefreshed;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Configuration;

/** Two applications in one JVM, as in a server that runs several. */
class NeighboursTests {

    private static final NamespacePath PATH = TestCenter.DESK;

    @TempDir
    private Path cache;

    @Test
    void oneThatHangsInARefreshKeepsNoOtherFromFollowing() throws Exception {
        try (var center = new TestCenter()) {
            center.create(PATH);
            center.publish(PATH, 1, Map.of("greeting", "1"));
            try (var hanging = start(center, "hanging");
                    var other = start(center, "other")) {
                await().until(() -> center.reports(PATH).size() == 2);
                var inRefresh = new CountDownLatch(1);
                var released = new CountDownLatch(1);
                hanging.addApplicationListener(event -> {
                    if (event instanceof PayloadApplicationEvent<?> payload
                            && payload.getPayload() instanceof ConfigurationRefreshed refreshed
                            && refreshed.release() == 3) {
                        inRefresh.countDown();
                        awaitRegardless(released);
                    }
                });
                try {
                    // What it has still to do for the first one becomes due while it hangs in the second.
                    center.publish(PATH, 2, Map.of("greeting", "2"));
                    await().until(() -> "2".equals(greeting(hanging)));
                    center.publish(PATH, 3, Map.of("greeting", "3"));
                    inRefresh.await();

                    await().until(() -> center.reports(PATH).stream()
                            .anyMatch(report -> report.client().equals("other") && report.release() == 3));
                    center.loseEverything();
                    center.create(PATH);
                    center.publish(PATH, 4, Map.of("greeting", "4"));
                    await().until(() -> "4".equals(greeting(other)));
                    assertThat(greeting(hanging)).isEqualTo("3");
                } finally {
                    released.countDown();
                }
                await().until(() -> "4".equals(greeting(hanging)));
            }
        }
    }

    private ConfigurableApplicationContext start(TestCenter center, String client) {
        return center.start(
                Application.class,
                PATH,
                cache.resolve(client),
                "switchboard.config.client=" + client,
                "switchboard.config.session-timeout=4s");
    }

    private static void awaitRegardless(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String greeting(ConfigurableApplicationContext application) {
        return application.getEnvironment().getProperty("greeting", "");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
