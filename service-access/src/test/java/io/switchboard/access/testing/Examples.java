package io.switchboard.access.testing;

import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A small cast: tenant acme and its support line. */
public final class Examples {

    private static final AtomicLong TIME = new AtomicLong(System.currentTimeMillis());

    public static final PortSpec HTTP = new PortSpec("http", Protocol.HTTP, 8080);
    public static final PortSpec SIP = new PortSpec("sip", Protocol.TCP, 5060);
    public static final PortSpec SIP_UDP = new PortSpec("sip", Protocol.SIP_UDP, 5060);

    private Examples() {}

    /** Ids grow, as those of real instances do. */
    public static UUID newInstanceId() {
        return new UUID(TIME.incrementAndGet() << 16 | 0x7000, UUID.randomUUID().getLeastSignificantBits());
    }

    public static TaskSnapshot supportLine(UUID id, long sequence, ServingTask... tasks) {
        return snapshot(id, "support-line", sequence, tasks);
    }

    public static TaskSnapshot snapshot(UUID id, String name, long sequence, ServingTask... tasks) {
        return new TaskSnapshot(id, "acme", name, "acd", sequence, List.of(HTTP), List.of(tasks), false);
    }

    public static TaskSnapshot withPorts(TaskSnapshot snapshot, PortSpec... ports) {
        return new TaskSnapshot(
                snapshot.instanceId(),
                snapshot.tenant(),
                snapshot.instanceName(),
                snapshot.serviceType(),
                snapshot.sequence(),
                List.of(ports),
                snapshot.tasks(),
                snapshot.removed());
    }

    /** The same of another tenant. */
    public static TaskSnapshot of(String tenant, TaskSnapshot snapshot) {
        return new TaskSnapshot(
                snapshot.instanceId(),
                tenant,
                snapshot.instanceName(),
                snapshot.serviceType(),
                snapshot.sequence(),
                snapshot.ports(),
                snapshot.tasks(),
                snapshot.removed());
    }

    public static TaskSnapshot removed(UUID id, String name, long sequence) {
        return new TaskSnapshot(id, "acme", name, "acd", sequence, List.of(), List.of(), true);
    }
}
