package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.ClientReport.Trials;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.SealingKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where this application's configuration is and what it is read with.
 *
 * @param zookeeper connect string, as in {@code host:port,host:port}
 * @param user of the digest credential that may read the application's nodes
 * @param secret of that credential
 * @param client the name under which this process reports what it runs
 * @param cacheDirectory keeps the last good release of each namespace
 * @param startupTimeout how long the start waits for ZooKeeper, in all
 * @param accessKey opens the application's encrypted items; empty if it was given none
 * @param labels by which canaries choose this process
 * @param sessionTimeout after which a process that is gone is no longer listed; the ensemble may set other bounds
 * @param fetchJitter within which a release that is too large to come with its pointer is read after a change
 */
public record Coordinates(
        String zookeeper,
        String tenant,
        String application,
        String stage,
        String user,
        String secret,
        Optional<SealingKey> accessKey,
        String client,
        Map<String, String> labels,
        Path cacheDirectory,
        Duration startupTimeout,
        Duration sessionTimeout,
        Duration fetchJitter) {

    /** @throws IllegalArgumentException if there are too many labels, one is too long, or the jitter is negative */
    public Coordinates {
        Trials.checkLabels(labels);
        if (fetchJitter.isNegative()) {
            throw new IllegalArgumentException("fetchJitter must be at least 0 but was " + fetchJitter);
        }
        labels = Map.copyOf(labels);
    }

    /** @throws IllegalArgumentException if one of the names is none */
    public NamespacePath path(String namespace) {
        return new NamespacePath(tenant, application, stage, namespace);
    }

    @Override
    public String toString() {
        return "Coordinates[" + tenant + "/" + application + "/" + stage + " at " + zookeeper + "]";
    }
}
