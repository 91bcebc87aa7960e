package io.switchboard.samples.acd.line;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Carries one conversation over a socket. */
final class CallConnection {

    /** How long, and how often, to read on after the last line, so that it isn't lost with what the caller sent. */
    private static final int LAST_WORDS_MILLIS = 500;

    private static final int LAST_READS = 4;

    private final Socket socket;
    private final Conversation conversation;
    private final Duration heartbeat;
    private volatile long heardAt = System.nanoTime();

    CallConnection(Socket socket, Conversation conversation, Duration heartbeat) {
        this.socket = socket;
        this.conversation = conversation;
        this.heartbeat = heartbeat;
    }

    /** Returns when the call is over and the connection may be closed. */
    void hold() throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) heartbeat.toMillis());
            var lines = new LineReader(new BufferedInputStream(socket.getInputStream(), 512));
            boolean open = true;
            while (open) {
                open = switch (next(lines)) {
                    case Reply.Say(String line) -> {
                        say(socket, line);
                        yield true;
                    }
                    case Reply.Silence() -> true;
                    case Reply.Close(String line) -> {
                        // Before the last line, so that whoever reads it finds the call ended.
                        conversation.end();
                        refuse(socket, line);
                        yield false;
                    }
                };
            }
        } catch (HungUp e) {
            // An end like any other.
        } finally {
            conversation.end();
        }
    }

    private Reply next(LineReader lines) throws IOException, HungUp {
        try {
            Optional<String> line = lines.next();
            heardAt = System.nanoTime();
            return conversation.hear(line.orElseThrow(HungUp::new));
        } catch (SocketTimeoutException e) {
            return conversation.onSilence();
        } catch (LineReader.TooLong e) {
            return new Reply.Close("ERROR LINE_TOO_LONG a line has at most " + LineReader.LONGEST + " bytes");
        }
    }

    /** {@link System#nanoTime} of the last line. */
    long heardAt() {
        return heardAt;
    }

    /** Ends it from outside. */
    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed, one way or the other.
        }
    }

    /** Says a last line. What the caller sent is read, or closing would take the line back. */
    static void refuse(Socket socket, String line) throws IOException {
        say(socket, line);
        socket.shutdownOutput();
        socket.setSoTimeout(LAST_WORDS_MILLIS);
        InputStream in = socket.getInputStream();
        var rest = new byte[LineReader.LONGEST];
        try {
            for (int read = 0; read < LAST_READS && in.read(rest) >= 0; read++) {}
        } catch (SocketTimeoutException e) {
            // The caller keeps it open; that is theirs to mend.
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static final class HungUp extends Exception {

        private static final long serialVersionUID = 1L;
    }
}
