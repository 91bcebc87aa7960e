package io.switchboard.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A steady stream of requests to an instance through the balancer, half over kept connections and half over fresh
 * ones; every request that gets no 2xx counts as failed. Nothing is sent twice: a retry would hide what a caller
 * would have seen.
 */
final class Traffic implements AutoCloseable {

    private static final int CALLERS = 8;
    private static final int LIMIT_MILLIS = 10_000;

    private final Duration period;
    private final int port;
    private final String host;
    private final AtomicLong sent = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> callers = new ArrayList<>();
    private volatile boolean open = true;

    Traffic(int port, String host, int requestsPerSecond) {
        this.period = Duration.ofSeconds(CALLERS).dividedBy(requestsPerSecond);
        this.port = port;
        this.host = host;
        for (int caller = 0; caller < CALLERS; caller++) {
            boolean kept = caller % 2 == 0;
            callers.add(Thread.ofVirtual().name("caller-" + caller).start(() -> call(kept)));
        }
    }

    long sent() {
        return sent.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() throws InterruptedException {
        open = false;
        for (var caller : callers) {
            caller.join();
        }
    }

    private void call(boolean kept) {
        Socket connection = null;
        long next = System.nanoTime() + (long) (Math.random() * period.toNanos());
        while (open) {
            try {
                if (connection == null) {
                    connection = new Socket();
                    connection.setSoTimeout(LIMIT_MILLIS);
                    connection.setTcpNoDelay(true);
                    connection.connect(new InetSocketAddress("127.0.0.1", port), LIMIT_MILLIS);
                }
                sent.incrementAndGet();
                connection
                        .getOutputStream()
                        .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: " + (kept ? "keep-alive" : "close")
                                        + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                var answer = answer(connection.getInputStream());
                if (!answer.status().startsWith("HTTP/1.1 2")) {
                    failures.add(Instant.now() + " " + answer.status());
                }
                if (!kept || answer.closes()) {
                    connection.close();
                    connection = null;
                }
                // What was late isn't caught up with, so that a pause is not followed by a burst.
                next = Math.max(next + period.toNanos(), System.nanoTime());
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            } catch (IOException e) {
                failures.add(Instant.now() + " " + e);
                connection = null;
            } catch (InterruptedException e) {
                return;
            }
        }
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                failures.add(Instant.now() + " closing: " + e);
            }
        }
    }

    private record Answer(String status, boolean closes) {}

    /** Reads one answer to its end: by length or by chunks. */
    private static Answer answer(InputStream in) throws IOException {
        var status = line(in);
        int length = 0;
        boolean chunked = false;
        boolean closes = false;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            var lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).trim());
            } else if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
                chunked = true;
            } else if (lower.startsWith("connection:") && lower.contains("close")) {
                closes = true;
            }
        }
        if (chunked) {
            for (int size = Integer.parseInt(line(in).trim(), 16);
                    size > 0;
                    size = Integer.parseInt(line(in).trim(), 16)) {
                in.readNBytes(size);
                line(in);
            }
            line(in);
        } else {
            in.readNBytes(length);
        }
        return new Answer(status, closes);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException(line.isEmpty() ? "connection closed without an answer" : "answer was cut off");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
