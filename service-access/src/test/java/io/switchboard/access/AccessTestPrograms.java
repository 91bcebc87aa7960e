package io.switchboard.access;

import io.switchboard.access.testing.Etcd;
import io.switchboard.access.testing.Programs;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts etcd, and leaves room for an HAProxy, before the context. */
class AccessTestPrograms implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        try {
            var directory = Files.createTempDirectory("access");
            var etcd = new Etcd(directory);
            int tcp = FreePorts.next(10);
            TestPropertyValues.of(
                            "access.etcd.endpoints=" + etcd.url(),
                            "access.haproxy.directory=" + directory,
                            "access.haproxy.binary=" + Programs.haproxy(),
                            "access.haproxy.tls-bind=127.0.0.1:" + FreePorts.next(),
                            "access.haproxy.certificates=" + Files.createDirectory(directory.resolve("certificates")),
                            "access.haproxy.http-bind=127.0.0.1:" + FreePorts.next(),
                            "access.domains.resolvers=127.0.0.1:" + FreePorts.next(),
                            "access.kamailio.bind=127.0.0.1:" + FreePorts.next(),
                            "access.kamailio.binary=" + Programs.kamailio(),
                            "access.kamailio.stop-on-close=true",
                            "access.tcp.ports=" + tcp + "-" + (tcp + 9),
                            "access.tcp.tenants.initrode=" + tcp + "-" + (tcp + 1))
                    .applyTo(context);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
