package io.switchboard.configclient.autoconfigure;

import static org.awaitility.Awaitility.await;

import io.switchboard.configprotocol.NamespacePath;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A connection that goes at each step of what a client asks for once it is back. */
class ConnectionLossTests {

    /** Greeting, credential, watches of before, watch, read, and what follows: a report's nodes, or signs of life. */
    private static final int STEPS = 8;

    private static final NamespacePath PATH = TestCenter.DESK;

    @TempDir
    private Path cache;

    @Test
    void whereverAConnectionGoesNoReleaseIsMissedAndTheNextOneIsHeardOf() throws Exception {
        try (var center = new TestCenter();
                var relay = new Relay(port(center))) {
            center.create(PATH);
            center.publish(PATH, 1, Map.of("stamp", "1"));
            try (ConfigurableApplicationContext context = center.start(
                    Application.class,
                    PATH,
                    cache,
                    "switchboard.config.zookeeper=127.0.0.1:" + relay.port(),
                    "switchboard.config.session-timeout=4s")) {
                await().until(() -> context.getBean(Following.class).reachable());
                long number = 1;
                for (int step = 1; step <= STEPS; step++) {
                    long missed = ++number;
                    relay.cutNowAndAt(step, () -> center.publish(PATH, missed, Map.of("stamp", "" + missed)));
                    await().until(() -> isAt(context, missed));

                    long heard = ++number;
                    center.publish(PATH, heard, Map.of("stamp", "" + heard));
                    await().until(() -> isAt(context, heard));
                }
            }
        }
    }

    private static boolean isAt(ConfigurableApplicationContext context, long number) {
        return context.getBean(Following.class).releases().get(0).number() == number;
    }

    private int port(TestCenter center) {
        String address = center.properties(cache)[0];
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    /** Between a client and its ZooKeeper. */
    private static final class Relay implements AutoCloseable {

        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final int server;
        private final List<Socket> open = new CopyOnWriteArrayList<>();
        private final AtomicReference<@Nullable Cut> next = new AtomicReference<@Nullable Cut>();

        private interface Act {
            void run() throws Exception;
        }

        private record Cut(AtomicInteger left, Act act) {}

        Relay(int server) throws IOException {
            this.server = server;
            daemon(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        /**
         * Ends all connections, and once more that of whoever comes back, when it sends so many messages.
         *
         * @param act done while the last of them is on its way, which never arrives
         */
        void cutNowAndAt(int messages, Act act) {
            next.set(new Cut(new AtomicInteger(messages), act));
            for (Socket one : open) {
                end(one);
                open.remove(one);
            }
        }

        private void accept() {
            while (!listening.isClosed()) {
                try {
                    Socket client = listening.accept();
                    Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server);
                    client.setTcpNoDelay(true);
                    upstream.setTcpNoDelay(true);
                    open.add(client);
                    open.add(upstream);
                    @Nullable Cut cut = next.getAndSet(null);
                    daemon(() -> handOn(client, upstream, cut));
                    daemon(() -> handOn(upstream, client, null));
                } catch (IOException e) {
                    // Closed, or the client was too quick to go.
                }
            }
        }

        private static void handOn(Socket from, Socket to, @Nullable Cut cut) {
            try (from;
                    to) {
                var in = new DataInputStream(from.getInputStream());
                var out = new DataOutputStream(to.getOutputStream());
                while (true) {
                    byte[] message = new byte[in.readInt()];
                    in.readFully(message);
                    if (cut != null && cut.left().decrementAndGet() == 0) {
                        cut.act().run();
                        return;
                    }
                    out.writeInt(message.length);
                    out.write(message);
                }
            } catch (IOException e) {
                // One side went away.
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private static void daemon(Runnable task) {
            var thread = new Thread(task, "relay");
            thread.setDaemon(true);
            thread.start();
        }

        private static void end(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone then.
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
            open.forEach(Relay::end);
        }
    }
}
