package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.configprotocol.ClientReport.Trials;
import io.switchboard.configprotocol.SealingKey;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the configuration is. A task that Switchboard runs gets the first six as environment variables
 * {@code SWITCHBOARD_CONFIG_…}; they belong together, and without any of them an optional import is left out. The access
 * key comes the same way, if the center keeps encrypted items.
 *
 * @param zookeeper connect string, as in {@code host:port,host:port}
 * @param tenant that owns the application
 * @param application whose configuration is read
 * @param stage as in dev, test, prod
 * @param user of the credential that may read the application's nodes
 * @param secret of that credential
 * @param accessKey opens the application's encrypted items
 * @param client name under which the process reports what it runs; the task's id, or else host and process id
 * @param labels by which a canary may choose the process, for example its zone; at most 20
 * @param cacheDirectory where the last good releases are kept, for a start without ZooKeeper; in the user's home
 *     directory if not set
 * @param startupTimeout how long the start waits for ZooKeeper in all, before it takes the kept release
 * @param sessionTimeout of the ZooKeeper session: how soon a process that is gone is no longer listed
 * @param fetchJitter a release of more than 8 KiB is read within this time after it was published, by each client at another moment
 */
@ConfigurationProperties(SwitchboardConfigProperties.PREFIX)
record SwitchboardConfigProperties(
        @Nullable String zookeeper,
        @Nullable String tenant,
        @Nullable String application,
        @Nullable String stage,
        @Nullable String user,
        @Nullable String secret,
        @Nullable String accessKey,
        @Nullable String client,
        @DefaultValue Map<String, String> labels,
        @Nullable Path cacheDirectory,
        @DefaultValue("5s") Duration startupTimeout,
        @DefaultValue("15s") Duration sessionTimeout,
        @DefaultValue("200ms") Duration fetchJitter) {

    static final String PREFIX = "switchboard.config";

    /**
     * Empty if none of the six is there.
     *
     * @throws IncompleteCoordinates if only some are
     */
    Optional<Coordinates> coordinates(Optional<String> taskId) {
        List<String> missing = Stream.of(
                        missing("zookeeper", zookeeper),
                        missing("tenant", tenant),
                        missing("application", application),
                        missing("stage", stage),
                        missing("user", user),
                        missing("secret", secret))
                .flatMap(Optional::stream)
                .toList();
        if (missing.size() == 6) {
            return Optional.empty();
        }
        if (zookeeper == null
                || tenant == null
                || application == null
                || stage == null
                || user == null
                || secret == null
                || !missing.isEmpty()) {
            throw new IncompleteCoordinates(missing);
        }
        return Optional.of(new Coordinates(
                zookeeper,
                tenant,
                application,
                stage,
                user,
                secret,
                accessKey == null || accessKey.isBlank() ? Optional.empty() : Optional.of(accessKey(accessKey)),
                client == null || client.isBlank() ? taskId.orElseGet(SwitchboardConfigProperties::process) : client,
                checked(labels),
                cacheDirectory == null
                        ? Path.of(System.getProperty("user.home", "."), ".switchboard", "config-cache")
                        : cacheDirectory,
                startupTimeout,
                sessionTimeout,
                fetchJitter));
    }

    private static SealingKey accessKey(String text) {
        try {
            return SealingKey.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(PREFIX + ".access-key is none: " + e.getMessage());
        }
    }

    private static Map<String, String> checked(Map<String, String> labels) {
        try {
            Trials.checkLabels(labels);
            return labels;
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(PREFIX + "." + e.getMessage());
        }
    }

    private static Optional<String> missing(String name, @Nullable String value) {
        return value == null || value.isBlank() ? Optional.of(PREFIX + "." + name) : Optional.empty();
    }

    private static String process() {
        long pid = ManagementFactory.getRuntimeMXBean().getPid();
        try {
            return InetAddress.getLocalHost().getHostName() + ":" + pid;
        } catch (UnknownHostException e) {
            return "unknown-host:" + pid;
        }
    }

    @Override
    public String toString() {
        return "SwitchboardConfigProperties[" + tenant + "/" + application + "/" + stage + " at " + zookeeper + "]";
    }
}
