package io.switchboard.engine.testkit.probe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A task that does what a test tells it, by its environment before it starts and by HTTP on {@code PORT_HTTP} later.
 *
 * <p>{@code PROBE_READY_AFTER_MILLIS}: health says 503 until then. {@code PROBE_EXIT_AFTER_MILLIS} and {@code
 * PROBE_EXIT_CODE}: ends by itself. {@code PROBE_STOP_MILLIS}: how long it goes on after SIGTERM; -1 is for ever.
 *
 * <p>{@code /health}; {@code /env?NAME} the variable's value; {@code /nonce} differs in every process; {@code
 * /unhealthy}; {@code /exit?CODE}; {@code /log?TEXT}; {@code /burn?MILLIS} one thread's worth of CPU; {@code
 * /allocate?MIB} memory it never gives back; {@code /echo?PORT} sends datagrams back from then on; {@code /fork} a child
 * process that sleeps, answers its pid.
 *
 * <p>One class without dependencies, so that one file in an image is enough.
 */
public final class ProbeApp {

    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private final String nonce = UUID.randomUUID().toString();
    private final Instant readyAt = Instant.now().plusMillis(setting("PROBE_READY_AFTER_MILLIS", 0));
    private final Queue<ByteBuffer> ballast = new ConcurrentLinkedQueue<>();
    private volatile boolean healthy = true;

    private ProbeApp() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        ProbeApp probe = new ProbeApp();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> linger(setting("PROBE_STOP_MILLIS", 0))));
        probe.serve(Integer.parseInt(System.getenv().getOrDefault("PORT_HTTP", "8080")));
        OUT.println("probe started");
        long exitAfter = setting("PROBE_EXIT_AFTER_MILLIS", -1);
        if (exitAfter >= 0) {
            TimeUnit.MILLISECONDS.sleep(exitAfter);
            exit((int) setting("PROBE_EXIT_CODE", 0));
        }
    }

    /** The command line that starts this class; small, and free to take memory outside the heap. */
    public static List<String> command(String java, String classPath) {
        return List.of(
                java,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-XX:MaxDirectMemorySize=4g",
                "-cp",
                classPath,
                ProbeApp.class.getName());
    }

    /** The folder or jar this class is in. */
    public static Path location() {
        try {
            URI place = ProbeApp.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(place);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/", this::answer);
        // Platform threads, one for each request: a burning one must not hold up health.
        server.setExecutor(request -> {
            Thread thread = new Thread(request);
            thread.setDaemon(true);
            thread.start();
        });
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String asked = query == null ? "" : query;
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/health")) {
            boolean ready = healthy && !Instant.now().isBefore(readyAt);
            send(exchange, ready ? 200 : 503, ready ? "ready" : "not ready");
            return;
        }
        send(exchange, 200, act(path, asked));
        if (path.equals("/exit")) {
            exit(Integer.parseInt(asked));
        }
    }

    private String act(String path, String asked) throws IOException {
        switch (path) {
            case "/env" -> {
                return System.getenv().getOrDefault(asked, "(not set)");
            }
            case "/nonce" -> {
                return nonce;
            }
            case "/unhealthy" -> healthy = false;
            case "/log" -> OUT.println(asked);
            case "/burn" -> burn(Duration.ofMillis(Long.parseLong(asked)));
            case "/echo" -> echo(new DatagramSocket(Integer.parseInt(asked)));
            case "/allocate" -> allocate(Integer.parseInt(asked));
            case "/fork" -> {
                return Long.toString(
                        new ProcessBuilder("/bin/sh", "-c", "sleep 600").start().pid());
            }
            default -> {
                return "knows no " + path;
            }
        }
        return "done";
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void burn(Duration time) {
        Thread burner = new Thread(() -> {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        });
        burner.setDaemon(true);
        burner.start();
    }

    private static void echo(DatagramSocket socket) {
        Thread echo = new Thread(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
            try {
                while (true) {
                    socket.receive(packet);
                    socket.send(packet);
                }
            } catch (IOException e) {
                OUT.println("probe echoes no longer: " + e);
            }
        });
        echo.setDaemon(true);
        echo.start();
    }

    /** Outside the heap and written to, so that it counts at once; in steps, so that a watcher gets a word in. */
    private void allocate(int mib) {
        Thread eater = new Thread(() -> {
            for (int n = 0; n < mib; n++) {
                ByteBuffer piece = ByteBuffer.allocateDirect(1 << 20);
                while (piece.hasRemaining()) {
                    piece.putLong(n);
                }
                ballast.add(piece);
            }
        });
        eater.setDaemon(true);
        eater.start();
    }

    private static void exit(int code) {
        OUT.println("probe exits with " + code);
        // Not exit: hooks are for those who are told to stop.
        Runtime.getRuntime().halt(code);
    }

    private static void linger(long millis) {
        OUT.println("probe was told to stop");
        try {
            if (millis < 0) {
                new CountDownLatch(1).await();
            }
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long setting(String name, long otherwise) {
        Map<String, String> environment = System.getenv();
        return Long.parseLong(environment.getOrDefault(name, Long.toString(otherwise)));
    }
}
