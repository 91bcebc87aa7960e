package io.switchboard.bench;

import io.switchboard.access.AccessApplication;
import io.switchboard.contracts.access.BalancersApi.BalancerView;
import io.switchboard.contracts.access.BalancersApi.Standing;
import io.switchboard.ports.FreePorts;
import io.switchboard.standalone.embedded.EtcdProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A second agent on the same keys, in a process of its own, is held up while a route changes: by turns the agent itself and its
 * HAProxy. Service-access, which goes on beside it, is asked how all balancers stand until it says that this one is behind.
 */
final class AccessLag implements AutoCloseable {

    private static final String HELD = "held";
    private static final int LOOK_EVERY_MILLIS = 5;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Path directory;
    private final AccessRecords records;
    private final HttpConnections status;
    private final byte[] question;
    private final JsonMapper json = JsonMapper.shared();
    private final ChildProcess agent;

    /**
     * @param statusPort where service-access answers
     * @param operator an operator's access token
     */
    AccessLag(String etcdUrl, String password, Path directory, AccessRecords records, int statusPort, String operator)
            throws IOException {
        this.directory = directory;
        this.records = records;
        this.status = new HttpConnections(statusPort);
        this.question = ("GET /api/v1/balancers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + operator
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.agent = ChildProcess.start(
                AccessApplication.class,
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                List.of(
                        "--spring.config.name=service-access",
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--access.registrar.enabled=false",
                        "--access.agent.id=" + HELD,
                        "--access.etcd.endpoints=" + etcdUrl,
                        "--access.etcd.username=" + EtcdProcess.USER,
                        "--access.etcd.password=" + password,
                        "--access.haproxy.directory=" + directory,
                        "--access.haproxy.http-bind=127.0.0.1:" + FreePorts.next()),
                directory.resolve("agent.log"));
        UntilExit.open(this);
    }

    /** @return for each time, the milliseconds from when somebody was about to be stopped until the list said so */
    List<Double> measure(AccessService changing, int times) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int time = 0; time < times; time++) {
            await(view -> view.standing() == Standing.IN_STEP && view.newest() > 0 && view.revision() >= view.newest());
            var held = time % 2 == 0 ? List.of(agent.handle()) : haproxy();
            long since = System.nanoTime();
            signal("STOP", held);
            changing.add();
            changing.remove(changing.tasks().getFirst());
            records.put(changing).join();
            await(view -> view.standing() == Standing.BEHIND);
            millis.add((System.nanoTime() - since) / 1e6);
            signal("CONT", held);
        }
        return millis;
    }

    private void await(Predicate<BalancerView> expected) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        var views = views();
        while (views.stream().noneMatch(view -> view.id().equals(HELD) && expected.test(view))) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the balancers don't come to stand as they should: " + views);
            }
            Pause.millis(LOOK_EVERY_MILLIS);
            views = views();
        }
    }

    private List<BalancerView> views() throws IOException {
        var answer = status.send(question);
        if (answer.status() != 200) {
            throw new IOException("asked for the balancers, service-access answered " + answer);
        }
        return json.readerForListOf(BalancerView.class).readValue(answer.body());
    }

    /** All its processes; none if it doesn't run. */
    private List<ProcessHandle> haproxy() throws IOException {
        var pid = directory.resolve("haproxy.pid");
        return Files.exists(pid)
                ? ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).stream()
                        .flatMap(master -> Stream.concat(Stream.of(master), master.descendants()))
                        .toList()
                : List.of();
    }

    private static void signal(String name, List<ProcessHandle> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        Command.run(Map.of(), command.toArray(String[]::new)).orFail();
    }

    @Override
    public void close() throws IOException {
        if (UntilExit.closes(this)) {
            agent.kill();
            AccessRestarts.kill(directory.resolve("haproxy.pid"));
        }
    }
}
