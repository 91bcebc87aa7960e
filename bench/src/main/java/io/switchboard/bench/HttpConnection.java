package io.switchboard.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection to a balancer. As bare as it gets: on a small machine a client must not cost more than what it measures. */
final class HttpConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final BufferedInputStream in;

    HttpConnection(int port) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    record Answer(int status, String body) {}

    /** One request over a connection of its own. */
    static Answer once(int port, String host) throws IOException {
        try (var connection = new HttpConnection(port)) {
            return connection.get(host);
        }
    }

    /** @throws IOException if no whole answer came */
    Answer get(String host) throws IOException {
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(host).getBytes(StandardCharsets.US_ASCII));
        int status = Integer.parseInt(line(in).split(" ", 3)[1]);
        int length = 0;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            var name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith("content-length:")) {
                length = Integer.parseInt(name.substring(name.indexOf(':') + 1).strip());
            }
        }
        var body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the answer broke off");
        }
        return new Answer(status, new String(body, StandardCharsets.UTF_8));
    }

    /** Up to the line's end, which is taken and not told. */
    static String line(InputStream in) throws IOException {
        var line = new StringBuilder(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("no whole answer came");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
