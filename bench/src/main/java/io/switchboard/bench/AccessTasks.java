package io.switchboard.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * All tasks of the access benchmark. Whichever address of this machine is asked, an HTTP request is answered with that
 * address, and what comes over TCP is sent back.
 */
final class AccessTasks implements AutoCloseable {

    private static final int BACKLOG = 4_096;

    private final ServerSocket http;
    private final ServerSocket tcp;
    private final ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor();

    AccessTasks(int httpPort, int tcpPort) throws IOException {
        http = new ServerSocket(httpPort, BACKLOG);
        tcp = new ServerSocket(tcpPort, BACKLOG);
        connections.execute(() -> accept(http, AccessTasks::answer));
        connections.execute(() -> accept(tcp, AccessTasks::echo));
    }

    @FunctionalInterface
    private interface Conversation {
        void with(Socket client) throws IOException;
    }

    private void accept(ServerSocket server, Conversation conversation) {
        while (true) {
            try {
                var client = server.accept();
                connections.execute(() -> {
                    try (client) {
                        client.setTcpNoDelay(true);
                        conversation.with(client);
                    } catch (IOException e) {
                        // The other end sees it, and counts it.
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

    private static void answer(Socket client) throws IOException {
        var address = client.getLocalAddress().getHostAddress();
        var answer = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(address.length(), address)
                .getBytes(StandardCharsets.US_ASCII);
        var in = new BufferedInputStream(client.getInputStream());
        while (skipHead(in)) {
            client.getOutputStream().write(answer);
        }
    }

    /** @return false if nothing came */
    private static boolean skipHead(InputStream in) throws IOException {
        int last = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return true;
            }
        }
        return false;
    }

    private static void echo(Socket client) throws IOException {
        client.getInputStream().transferTo(client.getOutputStream());
    }

    @Override
    public void close() throws IOException {
        http.close();
        tcp.close();
        connections.shutdownNow();
    }
}
