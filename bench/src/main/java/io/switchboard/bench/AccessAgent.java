package io.switchboard.bench;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.access.AccessApplication;
import io.switchboard.ports.FreePorts;
import io.switchboard.standalone.embedded.EmbeddedBroker;
import io.switchboard.standalone.embedded.EtcdProcess;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** Service-access as it is shipped, with an HAProxy that it starts and drives, in a context of this JVM. */
final class AccessAgent implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final Path directory;
    private final int httpPort;

    private AccessAgent(ConfigurableApplicationContext context, Path directory, int httpPort) {
        this.context = context;
        this.directory = directory;
        this.httpPort = httpPort;
    }

    /** @param tcpPorts public ports, first and last */
    static AccessAgent start(String etcd, String password, Path directory, String tcpPorts, Tokens tokens) {
        int httpPort = FreePorts.next();
        var context = AccessApplication.application()
                .initializers(own ->
                        ((GenericApplicationContext) own).registerBean("tokens", JwtDecoder.class, tokens::decoder))
                .registerShutdownHook(false)
                .run(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--spring.artemis.broker-url=" + EmbeddedBroker.URL,
                        "--spring.cloud.zookeeper.enabled=false",
                        "--switchboard.security.outgoing=none",
                        "--access.etcd.endpoints=" + etcd,
                        "--access.etcd.username=" + EtcdProcess.USER,
                        "--access.etcd.password=" + password,
                        "--access.haproxy.directory=" + directory,
                        "--access.haproxy.http-bind=127.0.0.1:" + httpPort,
                        "--access.haproxy.stop-on-close=true",
                        "--access.tcp.ports=" + tcpPorts,
                        "--logging.level.root=warn",
                        // There is no scheduler here to be asked for its tasks.
                        "--logging.level.io.switchboard.access.endpoint.Registrar=error",
                        "--logging.level.org.springframework.cloud.loadbalancer=error");
        return UntilExit.open(new AccessAgent(context, directory, httpPort));
    }

    int httpPort() {
        return httpPort;
    }

    /** Where its API is. */
    int apiPort() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** How often the balancer was brought in line, with and without anything to do. */
    double applied() {
        return context.getBean(MeterRegistry.class).get("access.apply").timer().count();
    }

    /** Worker processes of HAProxy now. */
    int workers() throws IOException {
        return (int) master().children().count();
    }

    /** Reloads of HAProxy since it was started. */
    int reloads() throws IOException {
        return ask("show proc")
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(row -> row.length > 2 && row[1].equals("master"))
                .mapToInt(row -> Integer.parseInt(row[2]))
                .findFirst()
                .orElseThrow(() -> new IOException("HAProxy's master doesn't tell how often it was reloaded"));
    }

    /** Resident memory of all of HAProxy, in KiB. */
    long residentKib() throws IOException {
        long sum = 0;
        for (var process : master().children().toList()) {
            for (var line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
                sum += line.startsWith("VmRSS:") ? Long.parseLong(line.replaceAll("\\D", "")) : 0;
            }
        }
        return sum;
    }

    private ProcessHandle master() throws IOException {
        var pid = Files.readString(directory.resolve("haproxy.pid")).strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow(() -> new IOException("HAProxy " + pid + " is gone"));
    }

    private String ask(String command) throws IOException {
        return ask(directory.resolve("master.sock"), command);
    }

    static String ask(Path socket, String command) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Override
    public void close() {
        if (UntilExit.closes(this)) {
            context.close();
        }
    }
}
