package io.switchboard.access.balancer;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.haproxy.HaproxyBalancer;
import io.switchboard.access.balancer.haproxy.HaproxyProgram;
import io.switchboard.access.endpoint.RegistrarProcess;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.testing.OwnHaproxy;
import io.switchboard.access.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/** An agent in a process of its own, which can be killed; its HAProxy goes on then. */
public final class AgentProcess {

    private AgentProcess() {}

    /** By which it is known, given the port on which its HAProxy takes HTTP. */
    public static String id(int httpPort) {
        return "other:" + httpPort;
    }

    /** Ends the HAProxy that an agent left behind in its directory. */
    public static void killHaproxy(Path directory) throws IOException {
        var pid = directory.resolve("haproxy.pid");
        if (Files.exists(pid)) {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(master -> {
                var all = new ArrayList<>(master.descendants().toList());
                all.add(master);
                all.forEach(ProcessHandle::destroyForcibly);
                await().until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
            });
        }
    }

    /** Starts one with the same class path as this process. */
    public static Process start(Class<?> main, Path output, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    /** @param args etcd's URLs with commas between, a directory, the public HTTP port, public TCP ports */
    public static void main(String[] args) throws InterruptedException {
        int httpPort = Integer.parseInt(args[2]);
        var ports = PortRange.parse(args[3]);
        var meters = new SimpleMeterRegistry();
        var balancer = new HaproxyBalancer(
                OwnHaproxy.properties(
                        Path.of(args[1]),
                        httpPort,
                        Map.of(
                                "http-backends",
                                10,
                                "tcp-backends",
                                5,
                                "weighted-backends",
                                2,
                                "stop-on-close",
                                false,
                                "quarantine",
                                "60s")),
                new HaproxyProgram(Programs.haproxy()),
                new Addressing("switchboard.localhost", "127.0.0.1", httpPort),
                ports,
                Clock.systemUTC(),
                meters);
        var agent = new Agent(
                id(httpPort),
                RegistrarProcess.registry(args, "agent"),
                balancer,
                // Nobody is told of routes here.
                event -> {},
                new ServingHistory(Path.of(args[1]), 1 << 20, Clock.systemUTC()),
                new AgentProperties(
                        true,
                        "",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        DataSize.ofMegabytes(2)),
                Clock.systemUTC(),
                meters);
        // Told to end, as by whoever runs a service.
        Runtime.getRuntime().addShutdownHook(new Thread(agent::stop));
        agent.start();
        Thread.currentThread().join();
    }
}
