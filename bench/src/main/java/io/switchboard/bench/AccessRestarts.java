package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.access.AccessApplication;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import io.switchboard.standalone.embedded.EtcdProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * etcd, the agent, HAProxy and the registrar are killed one after the other and started again in the same order, in all
 * orders, while somebody calls a service whose task is replaced meanwhile. Each is a process of its own, as it is shipped.
 */
final class AccessRestarts implements AutoCloseable {

    private static final int NOBODY = 1;
    private static final String DYING = "127.17.0.1";
    private static final String HOST = "desk.acme.switchboard.localhost";
    private static final UUID DESK = new UUID(0x0193_0000_0000_7000L, 0x8000_0000_0000_0000L);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int CALL_EVERY_MILLIS = 5;
    /** Calls in a row that only the new task answers. */
    private static final int IN_A_ROW = 20;
    /** A call that HAProxy's end cut began at most so long before. */
    private static final long UNDER_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private enum Part {
        ETCD,
        AGENT,
        HAPROXY,
        REGISTRAR
    }

    /** @param answer the task that answered, or empty */
    private record Call(long at, String answer, String failure) {}

    /** Starts an etcd on the data that the last one left. */
    @FunctionalInterface
    interface EtcdStart {
        EtcdProcess start() throws IOException, InterruptedException;
    }

    private final EtcdStart etcd;
    private final String etcdUrl;
    private final String password;
    private final Path etcdDirectory;
    private final Path directory;
    private final int taskPort;
    private final int httpPort = FreePorts.next();
    private final int agentPort = FreePorts.next();
    private final int registrarPort = FreePorts.next();
    private final HttpServer scheduler;
    private final Map<Part, ChildProcess> processes = new EnumMap<>(Part.class);
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private volatile List<TaskSnapshot> wanted = List.of();
    private volatile boolean over;
    private long sequence;
    private int tasks;

    AccessRestarts(EtcdStart etcd, String etcdUrl, String password, Path etcdDirectory, Path directory, int taskPort)
            throws IOException {
        this.etcd = etcd;
        this.etcdUrl = etcdUrl;
        this.password = password;
        this.etcdDirectory = etcdDirectory;
        this.directory = directory;
        this.taskPort = taskPort;
        this.scheduler = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        scheduler.createContext("/internal/v1/task-snapshots", exchange -> {
            var body = JsonMapper.shared().writeValueAsString(wanted).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        scheduler.start();
        UntilExit.open(this);
    }

    /**
     * @param orders that were tried
     * @param failed calls that failed while HAProxy was up
     * @param recoveredMillis for each order, from when all parts listened again to when only the new task answered
     * @param staleMillis from when the registrar died together with one of two tasks to when that task got no traffic any more
     */
    record Result(int orders, int failed, List<Double> recoveredMillis, double staleMillis) {}

    /** @param most orders are tried */
    Result run(int most) throws Exception {
        var old = order();
        start(Part.AGENT);
        start(Part.REGISTRAR);
        awaitBack();
        awaitOnly(old);
        var caller = Thread.ofPlatform().daemon().start(this::callUntilOver);
        List<Double> recovered = new ArrayList<>();
        int failed = 0;
        for (List<Part> order :
                orders(List.of(Part.values())).stream().limit(most).toList()) {
            calls.clear();
            long[] down = new long[2];
            for (Part part : order) {
                long told = System.nanoTime();
                kill(part);
                if (part == Part.HAPROXY) {
                    down = new long[] {told, System.nanoTime()};
                }
            }
            var next = order();
            for (Part part : order) {
                start(part);
            }
            long started = System.nanoTime();
            awaitBack();
            long back = System.nanoTime();
            double millis = Math.max(0, awaitOnly(next) - back) / 1e6;
            int lost = lost(down[0], down[1]);
            recovered.add(millis);
            failed += lost;
            say(
                    "restarts    %-42s all listen %5.0f ms after the last start, right %5.0f ms later, %d failed",
                    order, (back - started) / 1e6, millis, lost);
        }
        calls.clear();
        double stale = stale();
        failed += lost(Long.MAX_VALUE, Long.MAX_VALUE);
        over = true;
        caller.join();
        return new Result(recovered.size(), failed, recovered, stale);
    }

    /** A task dies with whoever vouches for it: nobody is left to say so. */
    private double stale() throws Exception {
        var dying = HttpServer.create(new InetSocketAddress(InetAddress.getByName(DYING), 0), 0);
        dying.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        dying.start();
        var other = "127.16.0." + (1 + tasks++ % 250);
        order(serving(other, taskPort), serving(DYING, dying.getAddress().getPort()));
        awaitServed(true);
        kill(Part.REGISTRAR);
        long since = System.nanoTime();
        dying.stop(0);
        awaitServed(false);
        double millis = (System.nanoTime() - since) / 1e6;
        say("restarts    a task that dies with the registrar gets traffic for %.0f ms, failed calls below", millis);
        return millis;
    }

    /** Until HAProxy has the dying task as a server for new sessions, or has it no more. */
    private void awaitServed(boolean served) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (served != served()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(DYING + (served ? " isn't" : " is still") + " served");
            }
            Pause.millis(20);
        }
    }

    /** A line of the answer has the server's address as its fifth field, and what keeps traffic away as its seventh. */
    private boolean served() throws IOException {
        return AccessAgent.ask(directory.resolve("admin.sock"), "show servers state")
                .lines()
                .map(line -> line.split(" "))
                .anyMatch(fields -> fields.length > 6 && fields[4].equals(DYING) && fields[6].equals("0"));
    }

    /** What failed outside the time from HAProxy's end to the first answer after it. */
    private int lost(long told, long ended) {
        boolean back = false;
        int lost = 0;
        for (Call call : List.copyOf(calls)) {
            boolean answered = call.failure().isEmpty();
            back |= answered && call.at() > ended;
            if (!answered && (call.at() < told - UNDER_WAY_NANOS || back)) {
                lost++;
                say("            %.0f ms after HAProxy was killed: %s", (call.at() - told) / 1e6, call.failure());
            }
        }
        return lost;
    }

    /** The scheduler replaces the task by another. */
    private String order() {
        var task = "127.16.0." + (1 + tasks++ % 250);
        order(serving(task, taskPort));
        return task;
    }

    private static ServingTask serving(String address, int port) {
        return new ServingTask(address, address, Map.of("http", port), State.READY);
    }

    private void order(ServingTask... serving) {
        wanted = List.of(new TaskSnapshot(
                DESK,
                "acme",
                "desk",
                "acd",
                ++sequence,
                List.of(new PortSpec("http", PortSpec.Protocol.HTTP, 8080)),
                List.of(serving),
                false));
    }

    private void start(Part part) throws Exception {
        switch (part) {
            case ETCD -> etcd.start();
            case AGENT -> run(part, agentPort, "--access.agent.id=bench");
            case REGISTRAR -> run(part, registrarPort, "--access.agent.enabled=false", "--access.resync.every=100ms");
            case HAPROXY -> {
                // Its agent does that, now or once it is there.
            }
        }
    }

    private void run(Part part, int port, String... settings) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.config.name=service-access",
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--spring.artemis.mode=embedded",
                "--spring.artemis.embedded.enabled=true",
                "--spring.cloud.zookeeper.enabled=false",
                // Only the registrar hears of tasks, so that nobody else vouches for them.
                "--spring.http.serviceclient.service-scheduler.base-url=http://127.0.0.1:"
                        + (part == Part.REGISTRAR ? scheduler.getAddress().getPort() : NOBODY),
                "--switchboard.security.outgoing=none",
                "--switchboard.security.issuer=http://127.0.0.1:1",
                "--access.etcd.endpoints=" + etcdUrl,
                "--access.etcd.username=" + EtcdProcess.USER,
                "--access.etcd.password=" + password,
                "--access.etcd.last-known=" + directory.resolve(part + ".json"),
                "--access.haproxy.directory=" + directory,
                "--access.haproxy.http-bind=127.0.0.1:" + httpPort));
        arguments.addAll(List.of(settings));
        processes.put(
                part,
                ChildProcess.start(
                        AccessApplication.class,
                        List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                        arguments,
                        directory.resolve(part + ".log")));
    }

    private void kill(Part part) throws IOException {
        switch (part) {
            case ETCD -> kill(etcdDirectory.resolve("etcd.pid"));
            case HAPROXY -> kill(directory.resolve("haproxy.pid"));
            case AGENT, REGISTRAR -> {
                var process = processes.remove(part);
                if (process != null) {
                    process.kill();
                }
            }
        }
    }

    /** HAProxy, its master and all workers. */
    static void kill(Path pidFile) throws IOException {
        if (Files.exists(pidFile)) {
            ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip())).ifPresent(process -> {
                Set<ProcessHandle> all = new HashSet<>(process.descendants().toList());
                all.add(process);
                all.forEach(ProcessHandle::destroyForcibly);
                all.forEach(each -> each.onExit().join());
            });
        }
    }

    private void awaitBack() {
        for (int port : List.of(agentPort, registrarPort, httpPort)) {
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (!accepts(port)) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("nobody listens on port " + port);
                }
                Pause.millis(2);
            }
        }
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** @return when the first of a row of calls was made that the task answered, all of them */
    private long awaitOnly(String task) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        long first = 0;
        for (int times = 0; times < IN_A_ROW; ) {
            var call = call();
            if (call.answer().equals(task)) {
                first = times++ == 0 ? call.at() : first;
            } else if (System.nanoTime() > end) {
                throw new IllegalStateException(task + " doesn't answer: " + call);
            } else {
                times = 0;
                Pause.millis(1);
            }
        }
        return first;
    }

    private void callUntilOver() {
        while (!over) {
            calls.add(call());
            Pause.millis(CALL_EVERY_MILLIS);
        }
    }

    private Call call() {
        long at = System.nanoTime();
        try {
            var answer = HttpConnection.once(httpPort, HOST);
            return answer.status() == 200
                    ? new Call(at, answer.body(), "")
                    : new Call(at, "", "status " + answer.status());
        } catch (IOException e) {
            return new Call(at, "", e.toString());
        }
    }

    private static <T> List<List<T>> orders(List<T> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (T first : items) {
            var rest = new ArrayList<>(items);
            rest.remove(first);
            for (List<T> order : orders(rest)) {
                var whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                all.add(whole);
            }
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        if (UntilExit.closes(this)) {
            over = true;
            kill(Part.AGENT);
            kill(Part.REGISTRAR);
            kill(Part.HAPROXY);
            scheduler.stop(0);
        }
    }
}
