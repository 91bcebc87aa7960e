package io.switchboard.standalone.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/** Apache Artemis with a durable journal, one user, and dead letters kept per queue. */
public final class EmbeddedBroker implements AutoCloseable {

    private static final String ROLE = "services";

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

    public static EmbeddedBroker start(Path directory, int port, String user, String password) throws Exception {
        var configuration = new ConfigurationImpl()
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(directory.resolve("journal").toString())
                .setBindingsDirectory(directory.resolve("bindings").toString())
                .setLargeMessagesDirectory(directory.resolve("large").toString())
                .setPagingDirectory(directory.resolve("paging").toString())
                // Beyond this, messages are paged to disk: a queue nobody reads must not fill the heap.
                .setGlobalMaxSize(64L << 20)
                .setSecurityEnabled(true)
                // Remembers duplicate ids over a restart, for as long as a relay may repeat a batch.
                .setPersistIDCache(true)
                .setIDCacheSize(20_000)
                .addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port + "?protocols=CORE");
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
        configuration.setSecurityRoles(Map.of(
                "#", Set.of(new Role(ROLE, true, true, true, true, true, true, true, true, true, true, true, true))));
        var users = new SecurityConfiguration();
        users.addUser(user, password);
        users.addRole(user, ROLE);
        var server = new EmbeddedActiveMQ()
                .setConfiguration(configuration)
                .setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users));
        server.start();
        return new EmbeddedBroker(server);
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
