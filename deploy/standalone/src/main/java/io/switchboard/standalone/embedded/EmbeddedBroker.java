package io.switchboard.standalone.embedded;

import java.nio.file.Path;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/**
 * Apache Artemis with a durable journal, and dead letters kept per queue. Only this JVM reaches it: there is no port to
 * guard, and a message needs no network.
 */
public final class EmbeddedBroker implements AutoCloseable {

    /** Where this JVM's services find it. */
    public static final String URL = "vm://0";

    static {
        // On JDK 24+ Netty avoids Unsafe, and then can't free the buffers that Artemis reads its journal with: a
        // broker whose journal holds messages would not start again.
        if (System.getProperty("io.netty.noUnsafe") == null) {
            System.setProperty("io.netty.noUnsafe", "false");
        }
    }

    private final EmbeddedActiveMQ server;

    private EmbeddedBroker(EmbeddedActiveMQ server) {
        this.server = server;
    }

    public static EmbeddedBroker start(Path directory) throws Exception {
        var configuration = new ConfigurationImpl()
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(directory.resolve("journal").toString())
                .setBindingsDirectory(directory.resolve("bindings").toString())
                .setLargeMessagesDirectory(directory.resolve("large").toString())
                .setPagingDirectory(directory.resolve("paging").toString())
                // Beyond this, messages are paged to disk: a queue nobody reads must not fill the heap.
                .setGlobalMaxSize(64L << 20)
                .setSecurityEnabled(false)
                .addAcceptorConfiguration("vm", URL);
        configuration.addAddressSetting(
                "#",
                new AddressSettings()
                        .setDeadLetterAddress(SimpleString.of("DLQ"))
                        .setAutoCreateDeadLetterResources(true)
                        .setDeadLetterQueuePrefix(SimpleString.of("DLQ."))
                        .setExpiryAddress(SimpleString.of("ExpiryQueue"))
                        .setAutoCreateExpiryResources(true)
                        .setMaxDeliveryAttempts(5)
                        .setRedeliveryDelay(500)
                        .setRedeliveryMultiplier(2)
                        .setMaxRedeliveryDelay(10_000)
                        .setAutoDeleteQueues(false)
                        .setAutoDeleteAddresses(false));
        var server = new EmbeddedActiveMQ().setConfiguration(configuration);
        server.start();
        return new EmbeddedBroker(server);
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
