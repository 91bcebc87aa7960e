package io.switchboard.access;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.GetOption;
import io.switchboard.access.balancer.AgentProcess;
import io.switchboard.access.balancer.haproxy.ServersInUse;
import io.switchboard.access.endpoint.RegistrarProcess;
import io.switchboard.access.testing.Etcd;
import io.switchboard.access.testing.Snapshots;
import io.switchboard.access.testing.Task;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * etcd, the agent, HAProxy and the registrar are killed one after the other, and come back in the same order, while somebody
 * calls the service. Every part is killed before every other in one of the orders; all 24 are tried with the system property
 * {@code restart.orders=all}. Nobody may notice, except while HAProxy is
 * down; what changed meanwhile is in force soon after all are there.
 */
class RestartTests {

    private enum Part {
        ETCD,
        AGENT,
        HAPROXY,
        REGISTRAR
    }

    private static final List<List<Part>> SOME_ORDERS = List.of(
            List.of(Part.ETCD, Part.AGENT, Part.HAPROXY, Part.REGISTRAR),
            List.of(Part.REGISTRAR, Part.HAPROXY, Part.AGENT, Part.ETCD),
            List.of(Part.AGENT, Part.REGISTRAR, Part.ETCD, Part.HAPROXY),
            List.of(Part.HAPROXY, Part.ETCD, Part.REGISTRAR, Part.AGENT));

    private static final String HOST = "desk.acme.switchboard.localhost";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final Etcd etcd;
    private final UUID id = newInstanceId();
    private final int httpPort = FreePorts.next();
    private final int tcpPort = FreePorts.next();
    private final Map<Part, Process> processes = new EnumMap<>(Part.class);
    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private volatile boolean over;
    private long sequence;

    RestartTests(@TempDir Path directory) {
        this.directory = directory;
        this.etcd = new Etcd(directory);
    }

    /** @param answer who answered, or why nobody did */
    private record Call(long at, boolean answered, String answer) {}

    @AfterEach
    void stop() throws IOException {
        over = true;
        kill(Part.AGENT);
        kill(Part.REGISTRAR);
        kill(Part.HAPROXY);
        etcd.close();
    }

    @Test
    void nobodyNoticesWhenPartsDieAndComeBackInAnyOrder() throws Exception {
        try (var before = new Task("task-0")) {
            var old = before;
            ordered(old.serving(State.READY));
            run(Part.AGENT, AgentProcess.class);
            run(Part.REGISTRAR, RegistrarProcess.class);
            awaitOnly(old.id());
            var caller = Thread.ofPlatform().daemon().start(this::callUntilOver);
            var tasks = new ArrayList<Task>();
            for (List<Part> order : orders()) {
                var next = new Task("task-" + (tasks.size() + 1));
                tasks.add(next);
                var down = killAll(order);
                ordered(old.serving(State.DRAINING), next.serving(State.READY));
                for (Part part : order) {
                    restart(part);
                    TimeUnit.MILLISECONDS.sleep(200);
                }

                awaitOnly(next.id());
                assertMissedOnlyWhile(down, order);
                calls.clear();
                // Gone for good, as a task is once it has drained.
                ordered(next.serving(State.READY));
                TimeUnit.MILLISECONDS.sleep(500);
                old.close();
                TimeUnit.MILLISECONDS.sleep(200);
                assertThat(List.copyOf(calls)).isNotEmpty().allMatch(Call::answered);
                old = next;
            }
            over = true;
            caller.join();
            tasks.forEach(Task::close);
        }
    }

    @Test
    void whatNobodyVouchesForGetsTrafficForAsLongAsItAnswers() throws Exception {
        deadTasksAreFoundWhile(
                () -> {
                    kill(Part.REGISTRAR);
                    awaitNobodyVouches();
                },
                () -> run(Part.REGISTRAR, RegistrarProcess.class));
    }

    @Test
    void aRegistrarDoesNotVouchWhileTheSchedulerIsAway() throws Exception {
        var away = directory.resolve("away.json");
        deadTasksAreFoundWhile(
                () -> {
                    Files.move(snapshots(), away);
                    awaitNobodyVouches();
                },
                () -> Files.move(away, snapshots()));
    }

    @Test
    void anAgentThatHearsNothingOfEtcdTakesNobodysWord() throws Exception {
        deadTasksAreFoundWhile(() -> kill(Part.ETCD), etcd::start);
    }

    @FunctionalInterface
    private interface Act {
        void happens() throws IOException;
    }

    private void deadTasksAreFoundWhile(Act silence, Act end) throws Exception {
        try (var first = new Task("task-1");
                var second = new Task("task-2")) {
            ordered(first.serving(State.READY), second.serving(State.READY));
            run(Part.AGENT, AgentProcess.class);
            run(Part.REGISTRAR, RegistrarProcess.class);
            awaitAnswers(first, second);

            silence.happens();
            assertThat(ServersInUse.ports(directory)).containsExactlyInAnyOrder(first.port(), second.port());
            var caller = Thread.ofPlatform().daemon().start(this::callUntilOver);
            first.close();

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(ServersInUse.ports(directory)).containsExactly(second.port()));
            over = true;
            caller.join();
            assertThat(List.copyOf(calls)).isNotEmpty().allMatch(Call::answered);
            end.happens();
            // What is back vouches for what the scheduler knows, and the scheduler knows best.
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ServersInUse.ports(directory))
                            .containsExactlyInAnyOrder(first.port(), second.port()));
        }
    }

    private Path snapshots() {
        return directory.resolve(RegistrarProcess.SNAPSHOTS);
    }

    private void awaitAnswers(Task... tasks) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (Task task : tasks) {
                assertThat(call().answer()).as(this::outputs).isEqualTo(task.id());
            }
        });
    }

    private void awaitNobodyVouches() {
        var endpoints = ByteSequence.from("/switchboard/v1/endpoints/", StandardCharsets.UTF_8);
        try (var client = Client.builder().endpoints(etcd.url()).build()) {
            await().atMost(PATIENCE)
                    .until(() -> client.getKVClient()
                                    .get(
                                            endpoints,
                                            GetOption.builder().isPrefix(true).build())
                                    .get()
                                    .getCount()
                            == 0);
        }
    }

    private static List<List<Part>> orders() {
        return "all".equals(System.getProperty("restart.orders"))
                ? orders(List.of(), List.of(Part.values()))
                : SOME_ORDERS;
    }

    private static List<List<Part>> orders(List<Part> begun, List<Part> rest) {
        return rest.isEmpty()
                ? List.of(begun)
                : rest.stream()
                        .flatMap(part -> orders(
                                Stream.concat(begun.stream(), Stream.of(part)).toList(),
                                rest.stream().filter(other -> other != part).toList())
                                .stream())
                        .toList();
    }

    /** When HAProxy was told to end, and when it had ended. */
    private record Down(long told, long ended) {}

    private Down killAll(List<Part> order) throws Exception {
        calls.clear();
        var down = new Down(0, 0);
        for (Part part : order) {
            long told = System.nanoTime();
            kill(part);
            if (part == Part.HAPROXY) {
                down = new Down(told, System.nanoTime());
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return down;
    }

    /** From when HAProxy was told to end until it first answered again. */
    private void assertMissedOnlyWhile(Down down, List<Part> order) {
        boolean back = false;
        // A call that was under way began a moment before.
        long from = down.told() - TimeUnit.MILLISECONDS.toNanos(100);
        for (Call call : List.copyOf(calls)) {
            back |= call.answered() && call.at() > down.ended();
            assertThat(call.answered() || call.at() > from && !back)
                    .as("%s, %d ms after HAProxy was killed: %s", order, (call.at() - down.told()) / 1_000_000, call)
                    .isTrue();
        }
    }

    private void ordered(ServingTask... tasks) throws IOException {
        new Snapshots(snapshots()).are(List.of(snapshot(id, "desk", ++sequence, tasks)));
    }

    private void run(Part part, Class<?> main) throws IOException {
        var name = part.name().toLowerCase(Locale.ROOT);
        processes.put(
                part,
                AgentProcess.start(
                        main,
                        directory.resolve(name + ".out"),
                        etcd.url(),
                        directory.toString(),
                        Integer.toString(httpPort),
                        tcpPort + "-" + tcpPort));
    }

    private void restart(Part part) throws IOException {
        switch (part) {
            case ETCD -> etcd.start();
            case AGENT -> run(part, AgentProcess.class);
            case REGISTRAR -> run(part, RegistrarProcess.class);
            case HAPROXY -> {
                // Its agent does that, now or once it is there.
            }
        }
    }

    private void kill(Part part) throws IOException {
        switch (part) {
            case ETCD -> etcd.kill();
            case AGENT, REGISTRAR -> {
                var process = processes.get(part);
                if (process != null) {
                    process.destroyForcibly().onExit().join();
                }
            }
            case HAPROXY -> AgentProcess.killHaproxy(directory);
        }
    }

    private void awaitOnly(String task) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int times = 0; times < 10; times++) {
                assertThat(call()).as(this::outputs).isEqualTo(new Call(0, true, task));
            }
        });
    }

    private String outputs() {
        try {
            return Files.readString(directory.resolve("agent.out"))
                    + Files.readString(directory.resolve("registrar.out"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void callUntilOver() {
        try {
            while (!over) {
                long at = System.nanoTime();
                var call = call();
                calls.add(new Call(at, call.answered(), call.answer()));
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On a connection of its own. */
    private Call call() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            boolean answered = answer.startsWith("HTTP/1.1 200 ");
            return new Call(
                    0,
                    answered,
                    answered
                            ? answer.substring(answer.indexOf("\r\n\r\n") + 4)
                            : answer.lines().findFirst().orElse("nothing"));
        } catch (IOException e) {
            return new Call(0, false, e.toString());
        }
    }
}
