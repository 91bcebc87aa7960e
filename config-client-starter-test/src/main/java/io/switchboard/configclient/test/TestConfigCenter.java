package io.switchboard.configclient.test;

import static org.awaitility.Awaitility.await;

import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** A config center that only one application context follows. */
public final class TestConfigCenter {

    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final TestZooKeeper zookeeper;
    private final String stage;
    private final Map<NamespacePath, Long> published = new ConcurrentHashMap<>();

    TestConfigCenter(TestZooKeeper zookeeper, String stage, List<String> namespaces) {
        this.zookeeper = zookeeper;
        this.stage = stage;
        namespaces.forEach(namespace -> zookeeper.create(path(namespace)));
    }

    /** As {@link #publish(String, Map)}, in the namespace {@code application}. */
    public void publish(Map<String, String> items) {
        publish(NamespacePath.DEFAULT_NAMESPACE, items);
    }

    /**
     * Makes these the items of a namespace, in place of all that it had, and waits until the application has taken them over: all
     * its properties, values and listeners. That takes it one to two seconds, as its confirmation is what is waited for.
     *
     * @throws ReleaseRefused if the application can't take them over
     */
    public void publish(String namespace, Map<String, String> items) {
        NamespacePath path = path(namespace);
        if (!published.containsKey(path)) {
            zookeeper.create(path);
        }
        long number = published.merge(path, 1L, Long::sum);
        zookeeper.publish(new Release(path, number, "test", "", Instant.now(), Items.of(items), OptionalLong.empty()));
        ClientReport report = await("the application imports and follows the namespace '" + namespace + "'")
                .atMost(LONGEST)
                .pollInterval(BETWEEN_LOOKS)
                .until(() -> told(path, number), told -> !told.isEmpty())
                .get(0);
        if (report.release() != number) {
            throw new ReleaseRefused(report.problem().orElse("release " + number + " is refused"));
        }
    }

    /**
     * As {@link #publish(String, Map)}, with the one document of a namespace such as {@code menu.yaml}.
     *
     * @throws ReleaseRefused also if it is no document of that format
     */
    public void publish(String namespace, String document) {
        publish(namespace, Map.of(Format.CONTENT, document));
    }

    private List<ClientReport> told(NamespacePath path, long number) {
        return zookeeper.reports(path).stream()
                .filter(report -> report.release() == number
                        || report.trials()
                                .filter(more -> more.refused().equals(OptionalLong.of(number)))
                                .isPresent())
                .toList();
    }

    private NamespacePath path(String namespace) {
        return new NamespacePath("test", "test", stage, namespace);
    }

    /** What a task finds in its environment. */
    Map<String, Object> properties() {
        return Map.of(
                "switchboard.config.zookeeper",
                zookeeper.address(),
                "switchboard.config.tenant",
                "test",
                "switchboard.config.application",
                "test",
                "switchboard.config.stage",
                stage,
                "switchboard.config.user",
                TestZooKeeper.USER,
                "switchboard.config.secret",
                TestZooKeeper.SECRET,
                "switchboard.config.client",
                stage,
                "switchboard.config.cache-directory",
                directory());
    }

    private static String directory() {
        try {
            return Files.createTempDirectory("config-cache").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
