package io.switchboard.access.endpoint;

import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.PublicPorts;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/** A registrar in a process of its own, which can be killed. The scheduler it asks for its tasks is a file. */
public final class RegistrarProcess {

    public static final String SNAPSHOTS = "snapshots.json";

    /** Short, so that a test sees it end. */
    private static final Duration LEASE = Duration.ofSeconds(2);

    private static final Duration REMEMBERED = Duration.ofSeconds(6);

    private RegistrarProcess() {}

    /** @param args etcd's URLs with commas between, a directory, the public HTTP port, public TCP ports */
    public static void main(String[] args) throws InterruptedException {
        var snapshots = Path.of(args[1], SNAPSHOTS);
        var scheduler = new NoScheduler() {
            @Override
            public List<TaskSnapshot> taskSnapshots() {
                try {
                    return Json.readAll(Files.readString(snapshots), TaskSnapshot.class);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        new Registrar(
                        registry(args, "registrar"),
                        scheduler,
                        new ResyncProperties(Duration.ofMillis(100), Duration.ofMinutes(10)),
                        Clock.systemUTC())
                .start();
        Thread.currentThread().join();
    }

    /** A registry that has started. */
    public static EndpointRegistry registry(String[] args, String name) {
        var registry = new EtcdRegistry(
                new EtcdProperties(
                        List.of(args[0].split(",")),
                        "",
                        "",
                        EtcdProperties.Tls.NONE,
                        LEASE,
                        REMEMBERED,
                        Duration.ofSeconds(3),
                        Duration.ofMillis(300),
                        Duration.ofHours(1),
                        Path.of(args[1], name + ".json")),
                Clock.systemUTC(),
                new Addressing("switchboard.localhost", "127.0.0.1", Integer.parseInt(args[2])),
                new PublicPorts(PortRange.parse(args[3])),
                new LastKnown(Path.of(args[1], name + ".json")));
        ((SmartLifecycle) registry).start();
        return registry;
    }
}
