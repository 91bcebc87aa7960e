package io.switchboard.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection to a server on this machine. As bare as it gets: on a small machine a client must not cost more than what it measures. */
final class HttpConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final BufferedInputStream in;
    private boolean ending;

    HttpConnection(int port) throws IOException {
        this(port, PATIENCE_MILLIS);
    }

    HttpConnection(int port, int patienceMillis) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(patienceMillis);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patienceMillis);
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
        return send("GET / HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(host).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * @param request as it goes over the wire
     * @throws IOException if no whole answer came
     */
    Answer send(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        int status = Integer.parseInt(line(in).split(" ", 3)[1]);
        int length = 0;
        boolean chunked = false;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            } else if (header.equalsIgnoreCase("transfer-encoding: chunked")) {
                chunked = true;
            } else if (header.equalsIgnoreCase("connection: close")) {
                ending = true;
            }
        }
        return new Answer(status, new String(chunked ? chunks() : bytes(length), StandardCharsets.UTF_8));
    }

    /** Whether the server ends it after the last answer, as it does after so many. */
    boolean isEnding() {
        return ending;
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.writeBytes(bytes(size));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private byte[] bytes(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer broke off");
        }
        return bytes;
    }

    /** Up to the line's end, which is taken and not told. */
    private static String line(InputStream in) throws IOException {
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
