package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.configclient.ConfigurationRefreshed;
import io.switchboard.configclient.Live;
import io.switchboard.configclient.delivery.ReleaseCache;
import io.switchboard.configprotocol.Choice;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.ClientReport.Health;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.ResolvableType;

/** One application in one canary after another. */
class CanaryClientTests {

    private static final NamespacePath PATH = TestCenter.DESK;
    private static final Choice EU = new Choice.Label("zone", "eu");
    private static final AtomicBoolean ILL = new AtomicBoolean();
    private static final List<Long> TAKEN = new CopyOnWriteArrayList<>();

    @TempDir
    private static @Nullable Path cache;

    private static @Nullable TestCenter center;
    private static @Nullable ConfigurableApplicationContext application;

    @BeforeAll
    static void start() throws Exception {
        center = new TestCenter();
        center.create(PATH);
        center.publish(PATH, 1, Map.of("routing.attempts", "1"));
        application = center.start(
                Application.class,
                PATH,
                cache(),
                "switchboard.config.client=task-1",
                "switchboard.config.labels.zone=eu",
                "management.endpoints.web.exposure.include=*");
        await().until(() -> !center().reports(PATH).isEmpty());
    }

    @AfterAll
    static void stop() throws Exception {
        context().close();
        center().close();
    }

    @Test
    void itTakesWhatIsForItReportsItsHealthAndGoesBack() throws Exception {
        center().give(PATH, 2, new Choice.Label("zone", "us"), Map.of("routing.attempts", "2"));
        center().abandon(PATH);

        center().give(PATH, 3, EU, Map.of("routing.attempts", "3"));
        await().until(() -> attempts() == 3);
        await().until(() -> report().release() == 3 && health() == Health.UP);
        assertThat(report().trials().orElseThrow().labels()).containsEntry("zone", "eu");
        // What is only tried is not what a start without ZooKeeper begins with.
        assertThat(new ReleaseCache(cache()).read(PATH).orElseThrow().number()).isEqualTo(1);
        ILL.set(true);
        await().until(() -> health() == Health.DOWN);

        ILL.set(false);
        center().abandon(PATH);
        await().until(() -> attempts() == 1);
        await().until(() -> report().release() == 1 && health() == Health.UNKNOWN);

        center().give(
                        PATH,
                        4,
                        new Choice.Instances(new TreeSet<>(Set.of("task-1"))),
                        Map.of("routing.attempts", "many"));
        await().until(() -> refused().equals(OptionalLong.of(4)));
        assertThat(report().release()).isEqualTo(1);
        assertThat(attempts()).isEqualTo(1);
        center().abandon(PATH);

        byte[] random = new byte[8_192];
        new Random(7).nextBytes(random);
        center().give(
                        PATH,
                        5,
                        new Choice.Percent(100),
                        Map.of("routing.attempts", "5", "large", HexFormat.of().formatHex(random)));
        await().until(() -> attempts() == 5);
        center().promote(PATH);
        await().until(() -> new ReleaseCache(cache()).read(PATH).orElseThrow().number() == 5);
        assertThat(attempts()).isEqualTo(5);
        await().until(() -> report().release() == 5 && refused().isEmpty());
        assertThat(TAKEN).containsExactly(3L, 1L, 5L);
    }

    private static ClientReport report() throws Exception {
        return center().reports(PATH).get(0);
    }

    private static Health health() throws Exception {
        return report().trials().orElseThrow().health();
    }

    private static OptionalLong refused() throws Exception {
        return report().trials().orElseThrow().refused();
    }

    private static int attempts() {
        Live<?> routing = (Live<?>) context()
                .getBeanProvider(ResolvableType.forClassWithGenerics(Live.class, RoutingProperties.class))
                .getObject();
        return ((RoutingProperties) routing.get()).attempts();
    }

    private static TestCenter center() {
        return Objects.requireNonNull(center);
    }

    private static ConfigurableApplicationContext context() {
        return Objects.requireNonNull(application);
    }

    private static Path cache() {
        return Objects.requireNonNull(cache);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties(RoutingProperties.class)
    static class Application {

        @EventListener
        void refreshed(ConfigurationRefreshed event) {
            TAKEN.add(event.release());
        }

        @Bean
        HealthIndicator database() {
            return () -> ILL.get()
                    ? org.springframework.boot.health.contributor.Health.down().build()
                    : org.springframework.boot.health.contributor.Health.up().build();
        }
    }

    @ConfigurationProperties("routing")
    record RoutingProperties(@DefaultValue("9") int attempts) {}
}
