package io.switchboard.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A steady number of calls to an instance over TCP through the balancer, each held with a heartbeat a second until the
 * caller says goodbye; then the next one begins. A call that is not taken has failed, one that ends before its caller
 * wants it to has been dropped; nothing is tried twice.
 */
public final class HeldCalls implements AutoCloseable {

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final int LIMIT_MILLIS = 10_000;

    private final int port;
    private final Duration shortest;
    private final Duration longest;
    private final Map<Thread, String> tasks = new ConcurrentHashMap<>();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> drops = new ConcurrentLinkedQueue<>();
    private final List<Thread> callers = new ArrayList<>();
    private volatile boolean open = true;

    /** @param shortest how long a call takes at least; all lengths up to {@code longest} are as likely */
    public HeldCalls(int port, int count, Duration shortest, Duration longest) {
        this.port = port;
        this.shortest = shortest;
        this.longest = longest;
        for (int caller = 0; caller < count; caller++) {
            callers.add(Thread.ofVirtual().name("call-" + caller).start(this::callAgainAndAgain));
        }
    }

    long begun() {
        return begun.get();
    }

    /** Calls that ended because their callers wanted it. */
    long completed() {
        return completed.get();
    }

    /** The tasks that hold calls now, one entry for each call. */
    List<String> tasks() {
        return List.copyOf(tasks.values());
    }

    /** Calls that were not taken. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Calls that were lost. */
    List<String> drops() {
        return List.copyOf(drops);
    }

    /** Begins no other call; those there are go on to their ends. */
    void beginNoMore() {
        open = false;
    }

    /** Waits until the last call has ended. */
    @Override
    public void close() throws InterruptedException {
        beginNoMore();
        for (var caller : callers) {
            caller.join();
        }
    }

    private void callAgainAndAgain() {
        var random = ThreadLocalRandom.current();
        try {
            // Not all at once, and in the first round of any length left.
            TimeUnit.MILLISECONDS.sleep(random.nextLong(HEARTBEAT.toMillis()));
            var length = Duration.ofMillis(random.nextLong(longest.toMillis()));
            while (open) {
                call(length);
                length = Duration.ofMillis(random.nextLong(shortest.toMillis(), longest.toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void call(Duration length) throws InterruptedException {
        var began = Instant.now();
        begun.incrementAndGet();
        var task = "";
        try (var line = new Line(port)) {
            var answer = line.ask("CALL e2e").split(" ");
            if (!answer[0].equals("CALL")) {
                throw new IOException("was answered with " + String.join(" ", answer));
            }
            task = answer[2];
            tasks.put(Thread.currentThread(), task);
            hold(line, length);
            if (!line.ask("BYE").startsWith("BYE")) {
                throw new IOException("had no goodbye");
            }
            completed.incrementAndGet();
        } catch (IOException e) {
            if (task.isEmpty()) {
                failures.add(Instant.now() + " a call was not taken: " + e.getMessage());
                TimeUnit.MILLISECONDS.sleep(LIMIT_MILLIS / 10);
            } else {
                drops.add("%s a call that task %s held since %s: %s"
                        .formatted(Instant.now(), task, began, e.getMessage()));
            }
        } finally {
            tasks.remove(Thread.currentThread());
        }
    }

    private static void hold(Line line, Duration length) throws IOException, InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, HEARTBEAT.toNanos()));
            var answer = line.ask("PING");
            if (!answer.startsWith("PONG")) {
                throw new IOException("the heartbeat was answered with " + answer);
            }
        }
    }

    private static final class Line implements AutoCloseable {

        private final Socket socket = new Socket();
        private final BufferedReader in;

        Line(int port) throws IOException {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress("127.0.0.1", port), LIMIT_MILLIS);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 128);
        }

        String ask(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            var answer = in.readLine();
            if (answer == null) {
                throw new IOException("the connection was closed");
            }
            return answer;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
