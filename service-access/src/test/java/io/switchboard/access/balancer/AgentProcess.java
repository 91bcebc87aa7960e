package io.switchboard.access.balancer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.haproxy.HaproxyBalancer;
import io.switchboard.access.balancer.haproxy.HaproxyProgram;
import io.switchboard.access.balancer.haproxy.HaproxyProperties;
import io.switchboard.access.endpoint.RegistrarProcess;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.testing.Programs;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.jms.core.JmsTemplate;
import tools.jackson.databind.json.JsonMapper;

/** An agent in a process of its own, which can be killed; its HAProxy goes on then. */
public final class AgentProcess {

    private AgentProcess() {}

    /** @param args etcd's URL, a directory, the public HTTP port, public TCP ports */
    public static void main(String[] args) throws InterruptedException {
        int httpPort = Integer.parseInt(args[2]);
        var ports = PortRange.parse(args[3]);
        var meters = new SimpleMeterRegistry();
        var balancer = new HaproxyBalancer(
                new HaproxyProperties(
                        HaproxyProperties.Mode.MANAGED,
                        Programs.haproxy().toString(),
                        Path.of(args[1]),
                        "127.0.0.1:" + httpPort,
                        "127.0.0.1",
                        10,
                        5,
                        2,
                        List.of(),
                        false,
                        false,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60)),
                new HaproxyProgram(Programs.haproxy()),
                new Addressing("switchboard.localhost", "127.0.0.1", httpPort),
                ports,
                Clock.systemUTC(),
                meters);
        // Nobody is told of routes here: events are kept, as while the broker is away.
        var events = new RouteEvents(new JmsTemplate(), JsonMapper.shared());
        new Agent(
                        RegistrarProcess.registry(args, "agent"),
                        balancer,
                        events,
                        new AgentProperties(true, Duration.ofSeconds(1), Duration.ofSeconds(30)),
                        Clock.systemUTC(),
                        meters)
                .start();
        Thread.currentThread().join();
    }
}
