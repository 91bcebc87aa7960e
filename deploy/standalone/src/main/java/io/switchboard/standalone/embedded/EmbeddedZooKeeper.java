package io.switchboard.standalone.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.embedded.ExitHandler;
import org.apache.zookeeper.server.embedded.ZooKeeperServerEmbedded;

/** One ZooKeeper server in this JVM. */
public final class EmbeddedZooKeeper implements AutoCloseable {

    private static final long START_MILLIS = 30_000;

    private final ZooKeeperServerEmbedded server;

    private EmbeddedZooKeeper(ZooKeeperServerEmbedded server) {
        this.server = server;
    }

    /** @param host the address to listen on; tasks in containers reach it too, so it may be a bridge's */
    public static EmbeddedZooKeeper start(Path directory, String host, int port) throws Exception {
        Files.createDirectories(directory);
        var settings = new Properties();
        settings.setProperty("clientPort", Integer.toString(port));
        settings.setProperty("clientPortAddress", host);
        settings.setProperty("dataDir", directory.resolve("data").toString());
        settings.setProperty("admin.enableServer", "false");
        settings.setProperty("4lw.commands.whitelist", "ruok");
        settings.setProperty("autopurge.snapRetainCount", "3");
        settings.setProperty("autopurge.purgeInterval", "1");
        settings.setProperty("maxClientCnxns", "0");
        settings.setProperty("serverCnxnFactory", GuardedConnections.class.getName());
        // Otherwise the end of a session is a record with the paths of all its ephemeral nodes, and one
        // that is longer than the server reads keeps it from starting again. Who may read configuration
        // may make such nodes.
        ZooKeeperServer.setCloseSessionTxnEnabled(false);
        var server = ZooKeeperServerEmbedded.builder()
                .baseDir(directory)
                .configuration(settings)
                .exitHandler(ExitHandler.LOG_ONLY)
                .build();
        server.start(START_MILLIS);
        return new EmbeddedZooKeeper(server);
    }

    @Override
    public void close() {
        server.close();
    }
}
