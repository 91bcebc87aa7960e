package io.switchboard.access.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a server of gRPC without TLS. Long answers can fall silent, as behind a proxy that has lost its other end:
 * nothing of them arrives any more, and all else does. And the way can be cut, as when a network is: nobody gets through.
 */
public final class Relay implements AutoCloseable {

    private static final int DATA = 0;
    private static final int STREAM = 0x7fffffff;

    private final ServerSocket server;
    private final URI target;
    private final List<Connection> connections = new ArrayList<>();
    private boolean cut;

    public Relay(String target) {
        try {
            this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.target = URI.create(target);
        Thread.ofVirtual().start(this::accept);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** No answer that began before this goes on. */
    public synchronized void muteAnswers() {
        connections.forEach(connection -> connection.muted.set(connection.latest));
    }

    /** Ends all connections, and each new one at once. */
    public synchronized void cut() throws IOException {
        cut = true;
        for (Connection connection : connections) {
            connection.client.close();
            connection.behind.close();
        }
        connections.clear();
    }

    public synchronized void join() {
        cut = false;
    }

    /** @return false while the way is cut */
    private synchronized boolean add(Connection connection) {
        return !cut && connections.add(connection);
    }

    private static final class Connection {

        private final Socket client;
        private final Socket behind;
        private final AtomicInteger muted = new AtomicInteger();
        private volatile int latest;

        Connection(Socket client, Socket behind) {
            this.client = client;
            this.behind = behind;
        }

        /** Frame by frame: three bytes of length, then type, flags and stream. */
        private void answer(DataInputStream in, DataOutputStream out) throws IOException {
            while (true) {
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                var body = in.readNBytes(lengthAndType >>> 8);
                latest = Math.max(latest, stream & STREAM);
                if ((lengthAndType & 0xff) != DATA || (stream & STREAM) > muted.get()) {
                    out.writeInt(lengthAndType);
                    out.writeByte(flags);
                    out.writeInt(stream);
                    out.write(body);
                    out.flush();
                }
            }
        }
    }

    private void accept() {
        while (true) {
            try {
                var client = server.accept();
                var behind = new Socket(target.getHost(), target.getPort());
                var connection = new Connection(client, behind);
                if (!add(connection)) {
                    client.close();
                    behind.close();
                    continue;
                }
                Thread.ofVirtual().start(() -> {
                    try (client;
                            behind) {
                        client.getInputStream().transferTo(behind.getOutputStream());
                    } catch (IOException e) {
                        // Either end is gone, and so are both.
                    }
                });
                Thread.ofVirtual().start(() -> {
                    try (client;
                            behind) {
                        connection.answer(
                                new DataInputStream(new BufferedInputStream(behind.getInputStream())),
                                new DataOutputStream(new BufferedOutputStream(client.getOutputStream())));
                    } catch (IOException e) {
                        // Either end is gone, and so are both.
                    }
                });
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
