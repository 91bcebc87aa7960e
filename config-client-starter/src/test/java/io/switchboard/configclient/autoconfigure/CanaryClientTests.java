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
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.ResolvableType;

/** An application whose namespace has canaries. */
class CanaryClientTests {

    private static final Choice EU = new Choice.Label("zone", "eu");
    private static final Choice US = new Choice.Label("zone", "us");
    private static int applications;

    private static @Nullable TestCenter center;

    @TempDir
    private @Nullable Path cache;

    private NamespacePath path = TestCenter.DESK;
    private @Nullable ConfigurableApplicationContext application;

    @BeforeAll
    static void startZooKeeper() throws Exception {
        center = new TestCenter();
    }

    @AfterAll
    static void stopZooKeeper() throws Exception {
        center().close();
    }

    @BeforeEach
    void start() throws Exception {
        path = new NamespacePath("acme", "desk", "canary" + ++applications, "application");
        center().create(path);
        publish(1, "1");
        application = center().start(
                        Application.class,
                        path,
                        cache(),
                        "switchboard.config.client=task-1",
                        "switchboard.config.labels.zone=eu",
                        "management.endpoints.web.exposure.include=*");
        await().until(() -> !center().reports(path).isEmpty());
    }

    @AfterEach
    void stop() {
        context().getBean(Desk.class).answers.countDown();
        context().close();
    }

    @Test
    void whatIsForOthersIsNotTaken() throws Exception {
        give(2, US, "2");

        // With the canary still there, so that the look that finds it finds both.
        publish(3, "3");

        await().until(() -> !taken().isEmpty());
        assertThat(taken()).containsExactly(3L);
        assertThat(attempts()).isEqualTo(3);
    }

    @Test
    void whatIsForItIsTakenButNotKeptAndTakenBackWhenItIsOver() throws Exception {
        give(2, EU, "2");
        await().until(() -> attempts() == 2);
        await().until(() -> report().release() == 2 && health() == Health.UP);
        assertThat(report().trials().orElseThrow().labels()).containsEntry("zone", "eu");
        // Kept with the same step that reported it, if it were.
        assertThat(kept()).isEqualTo(1);

        center().abandon(path);

        await().until(() -> attempts() == 1);
        await().until(() -> report().release() == 1 && health() == Health.UNKNOWN);
        assertThat(taken()).containsExactly(2L, 1L);
    }

    @Test
    void whatDoesNotFitIsReportedAndLeavesWhatRuns() throws Exception {
        give(2, new Choice.Instances(new TreeSet<>(Set.of("task-1"))), "many");

        await().until(() -> refused().equals(OptionalLong.of(2)));

        assertThat(report().release()).isEqualTo(1);
        assertThat(attempts()).isEqualTo(1);
    }

    @Test
    void whatIsPromotedStaysAndIsKept() throws Exception {
        byte[] random = new byte[8_192];
        new Random(7).nextBytes(random);
        center().give(
                        path,
                        2,
                        new Choice.Percent(100),
                        Map.of("routing.attempts", "2", "large", HexFormat.of().formatHex(random)));
        await().until(() -> attempts() == 2);

        center().promote(path);

        await().until(() -> kept() == 2);
        await().until(() -> report().release() == 2 && refused().isEmpty());
        assertThat(taken()).containsExactly(2L);
    }

    @Test
    void oneThatIsIllSaysSo() throws Exception {
        give(2, EU, "2");
        await().until(() -> health() == Health.UP);

        context().getBean(Desk.class).ill = true;

        await().until(() -> health() == Health.DOWN);
    }

    @Test
    void oneWhoseHealthCheckHangsIsIll() throws Exception {
        context().getBean(Desk.class).hangs = true;

        give(2, EU, "2");

        await().until(() -> health() == Health.DOWN);
        assertThat(report().problem()).hasValueSatisfying(why -> assertThat(why).contains("gave no answer"));
        context().getBean(Desk.class).hangs = false;
        context().getBean(Desk.class).answers.countDown();
        await().until(() -> health() == Health.UP && report().problem().isEmpty());
    }

    @Test
    void whatRanBeforeRunsAgainIfTheReleaseInEffectDoesNotFit() throws Exception {
        publish(2, "many");
        await().until(() -> refused().equals(OptionalLong.of(2)));
        give(3, EU, "3");
        await().until(() -> attempts() == 3);

        center().abandon(path);

        await().until(() -> attempts() == 1);
        await().until(() -> report().release() == 1 && refused().equals(OptionalLong.of(2)));
        assertThat(report().problem()).hasValueSatisfying(why -> assertThat(why).contains("release 2 is refused"));
        publish(4, "4");
        await().until(() -> taken().size() == 3);
        assertThat(taken()).containsExactly(3L, 1L, 4L);
        assertThat(attempts()).isEqualTo(4);
    }

    @Test
    void whatCantBeTakenBackNowIsTakenBackLater() throws Exception {
        PoolProperties pool = context().getBean(PoolProperties.class);
        center().give(path, 2, EU, Map.of("routing.attempts", "2", "pool.capacity", "20"));
        await().until(() -> pool.capacity == 20);
        pool.inUse = 15;
        center().abandon(path);
        await().until(() -> refused().equals(OptionalLong.of(1)));
        assertThat(attempts()).isEqualTo(2);

        pool.inUse = 0;

        await().until(() -> attempts() == 1 && pool.capacity == 10);
        await().until(() -> report().release() == 1 && report().problem().isEmpty());
    }

    private void publish(long number, String attempts) throws Exception {
        center().publish(path, number, Map.of("routing.attempts", attempts));
    }

    private void give(long number, Choice choice, String attempts) throws Exception {
        center().give(path, number, choice, Map.of("routing.attempts", attempts));
    }

    private long kept() throws Exception {
        return new ReleaseCache(cache()).read(path).orElseThrow().number();
    }

    private List<Long> taken() {
        return context().getBean(Desk.class).taken;
    }

    private ClientReport report() throws Exception {
        return center().reports(path).get(0);
    }

    private Health health() throws Exception {
        return report().trials().orElseThrow().health();
    }

    private OptionalLong refused() throws Exception {
        return report().trials().orElseThrow().refused();
    }

    private int attempts() {
        Live<?> routing = (Live<?>) context()
                .getBeanProvider(ResolvableType.forClassWithGenerics(Live.class, RoutingProperties.class))
                .getObject();
        return ((RoutingProperties) routing.get()).attempts();
    }

    private static TestCenter center() {
        return Objects.requireNonNull(center);
    }

    private ConfigurableApplicationContext context() {
        return Objects.requireNonNull(application);
    }

    private Path cache() {
        return Objects.requireNonNull(cache);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties({RoutingProperties.class, PoolProperties.class})
    @Import(Desk.class)
    static class Application {}

    static class Desk implements HealthIndicator {

        private final List<Long> taken = new CopyOnWriteArrayList<>();
        private final CountDownLatch answers = new CountDownLatch(1);
        private volatile boolean ill;
        private volatile boolean hangs;

        @EventListener
        void refreshed(ConfigurationRefreshed event) {
            taken.add(event.release());
        }

        @Override
        public org.springframework.boot.health.contributor.Health health() {
            try {
                if (hangs) {
                    answers.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return ill
                    ? org.springframework.boot.health.contributor.Health.down().build()
                    : org.springframework.boot.health.contributor.Health.up().build();
        }
    }

    @ConfigurationProperties("routing")
    record RoutingProperties(@DefaultValue("9") int attempts) {}

    /** Can't be made smaller than what is in use. */
    @ConfigurationProperties("pool")
    static class PoolProperties {

        private volatile int inUse;
        private volatile int capacity = 10;

        public int getCapacity() {
            return capacity;
        }

        public void setCapacity(int capacity) {
            if (capacity < inUse) {
                throw new IllegalStateException("more than " + capacity + " are in use");
            }
            this.capacity = capacity;
        }
    }
}
