package io.switchboard.access;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.access.balancer.AgentProcess;
import io.switchboard.access.endpoint.RegistrarProcess;
import io.switchboard.access.testing.Etcd;
import io.switchboard.access.testing.Snapshots;
import io.switchboard.access.testing.Task;
import io.switchboard.access.testing.Visitor;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An etcd of three members, of which one and two are killed, under an agent, a registrar and somebody who calls all the time. */
class EtcdClusterTests {

    private static final String HOST = "desk.acme.switchboard.localhost";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final List<Etcd> members;
    private final Snapshots snapshots;
    private final int httpPort = FreePorts.next();
    private final int tcpPort = FreePorts.next();
    private final Visitor visitor = new Visitor(httpPort);
    private final List<Process> processes = new ArrayList<>();
    private final UUID id = newInstanceId();
    private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
    private volatile boolean over;
    private long sequence;

    EtcdClusterTests(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.members = Etcd.cluster(directory, 3);
        this.snapshots = new Snapshots(directory.resolve(RegistrarProcess.SNAPSHOTS));
    }

    @AfterEach
    void end() throws IOException {
        over = true;
        processes.forEach(process -> process.destroyForcibly().onExit().join());
        AgentProcess.killHaproxy(directory);
        members.forEach(Etcd::close);
    }

    @Test
    void membersThatFailTakeNoRouteAndChangesComeAsSoonAsAMajorityIsThere() throws Exception {
        try (var one = new Task("one");
                var two = new Task("two");
                var three = new Task("three");
                var four = new Task("four")) {
            serve(one);
            run("agent", AgentProcess.class);
            run("registrar", RegistrarProcess.class);
            awaitAnswer("one");
            var caller = Thread.ofPlatform().daemon().start(this::callUntilOver);

            var first = leader();
            var follower = members.stream()
                    .filter(member -> member != first)
                    .findFirst()
                    .orElseThrow();
            follower.kill();
            serve(two);
            awaitAnswer("two");
            follower.start();

            var leader = leader();
            leader.kill();
            serve(three);
            awaitAnswer("three");

            // Two of three: nothing can be written, and what was goes on.
            var another = members.stream()
                    .filter(member -> member != leader)
                    .findFirst()
                    .orElseThrow();
            another.kill();
            serve(four);
            await().during(Duration.ofSeconds(2))
                    .atMost(PATIENCE)
                    .until(() -> visitor.get(HOST, "/").body().equals("three"));
            leader.run();
            another.run();
            awaitAnswer("four");

            over = true;
            caller.join();
            assertThat(answers).isNotEmpty().isSubsetOf("one", "two", "three", "four");
        }
    }

    private Etcd leader() {
        return await().atMost(PATIENCE)
                .until(() -> members.stream().filter(Etcd::leads).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    private void serve(Task task) throws IOException {
        snapshots.are(List.of(snapshot(id, "desk", ++sequence, task.serving(State.READY))));
    }

    private void run(String name, Class<?> main) throws IOException {
        processes.add(AgentProcess.start(
                main,
                directory.resolve(name + ".out"),
                members.stream().map(Etcd::url).collect(Collectors.joining(",")),
                directory.toString(),
                Integer.toString(httpPort),
                tcpPort + "-" + tcpPort));
    }

    private void awaitAnswer(String task) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(visitor.get(HOST, "/").body()).isEqualTo(task));
    }

    private void callUntilOver() {
        try {
            while (!over) {
                try {
                    answers.add(visitor.get(HOST, "/").body());
                } catch (IllegalStateException e) {
                    answers.add(e.toString());
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
