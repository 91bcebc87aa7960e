package io.switchboard.config.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ConfigCenterApplication;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.SealingKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

class FeedsTests {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    @Test
    void whoWasGivenAFeedIsToldThoughItWasIdleBefore() throws Exception {
        try (var zookeeper = new TestingServer(-1, true);
                ConfigurableApplicationContext center = center(zookeeper)) {
            Ensemble ensemble = center.getBean(Ensemble.class);
            var feeds = new Feeds(ensemble, now::get);
            SortedSet<NamespacePath> paths = namespace(ensemble, "application");
            Feed first = feeds.of(paths);
            now.updateAndGet(before -> before.plus(Feeds.IDLE).plusSeconds(1));

            Feed given = feeds.of(paths);
            feeds.of(namespace(ensemble, "routing"));

            assertThat(given).isSameAs(first);
            assertThat(feeds.of(paths)).isSameAs(given);
            publish(ensemble, paths.first());
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> given.now().releases().values().stream().allMatch(Optional::isPresent));
        }
    }

    @Test
    void whatNobodyAskedForLatelyIsDropped() throws Exception {
        try (var zookeeper = new TestingServer(-1, true);
                ConfigurableApplicationContext center = center(zookeeper)) {
            Ensemble ensemble = center.getBean(Ensemble.class);
            var feeds = new Feeds(ensemble, now::get);
            SortedSet<NamespacePath> paths = namespace(ensemble, "application");
            Feed first = feeds.of(paths);
            now.updateAndGet(before -> before.plus(Feeds.IDLE).plusSeconds(1));

            feeds.of(namespace(ensemble, "routing"));

            assertThat(feeds.of(paths)).isNotSameAs(first);
        }
    }

    private static ConfigurableApplicationContext center(TestingServer zookeeper) {
        return ConfigCenterApplication.application()
                .run(
                        "--server.port=0",
                        "--spring.cloud.zookeeper.enabled=false",
                        "--config.zookeeper.session-timeout=20s",
                        "--config.zookeeper.connection-timeout=10s",
                        "--config.zookeeper.request-timeout=10s",
                        "--config.zookeeper.connect-string=" + zookeeper.getConnectString(),
                        "--config.secrets.master-keys=" + SealingKey.random().encoded(),
                        "--config.access.master-secret=a master secret that only tests have");
    }

    private static void publish(Ensemble ensemble, NamespacePath path) throws Exception {
        var release = new Release(
                path,
                1,
                "ann",
                "",
                Instant.now(),
                Items.of(Map.of("a", "1")),
                OptionalLong.empty(),
                List.of(),
                List.of());
        ensemble.ask(zookeeper -> zookeeper.setData().forPath(path.current(), Current.encode(release)));
    }

    private static SortedSet<NamespacePath> namespace(Ensemble ensemble, String name) throws Exception {
        var path = new NamespacePath("acme", "fed", "prod", name);
        ensemble.ask(zookeeper ->
                zookeeper.create().creatingParentsIfNeeded().forPath(path.current(), Pointer.NOTHING.encode()));
        return new TreeSet<>(List.of(path));
    }
}
