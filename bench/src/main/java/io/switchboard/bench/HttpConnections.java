package io.switchboard.bench;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/** Connections to one server, each used again by whoever comes next. */
final class HttpConnections {

    private static final int NO_ANSWER_AFTER_MILLIS = 20_000;

    /** Well before a server ends one that nobody uses. */
    private static final long LONGEST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final int port;
    private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();

    HttpConnections(int port) {
        this.port = port;
    }

    private record Idle(HttpConnection connection, long since) {}

    /**
     * @param request as it goes over the wire
     * @throws IOException if no whole answer came
     */
    HttpConnection.Answer send(byte[] request) throws IOException {
        HttpConnection connection = connection();
        try {
            HttpConnection.Answer answer = connection.send(request);
            if (connection.isEnding()) {
                connection.close();
            } else {
                idle.addFirst(new Idle(connection, System.nanoTime()));
            }
            return answer;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private HttpConnection connection() throws IOException {
        for (Idle one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
            if (System.nanoTime() - one.since() < LONGEST_IDLE_NANOS) {
                return one.connection();
            }
            one.connection().close();
        }
        return new HttpConnection(port, NO_ANSWER_AFTER_MILLIS);
    }
}
