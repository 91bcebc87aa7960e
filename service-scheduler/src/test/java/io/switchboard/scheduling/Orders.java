package io.switchboard.scheduling;

import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderKind;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.Canary;
import io.switchboard.contracts.scheduling.Consumption;
import io.switchboard.contracts.scheduling.PortSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Orders of tenant acme, for an ACD that carries 100 calls a task. */
public final class Orders {

    private static final Consumption CONSUMPTION = new Consumption(
            List.of(new Consumption.Work("voice-rtp", "G.711 relay", 1)),
            Optional.of(new Consumption.Base(200, 256)),
            100,
            "for tests");

    private Orders() {}

    /** @param callsPerHour of 180 seconds; 1,000 need 2 tasks with the spare one, 5,000 need 5 */
    public static OrderMessage open(UUID instanceId, int callsPerHour) {
        return order(OrderKind.OPEN, instanceId, Optional.of(callsPerHour));
    }

    /** Like {@link #open}, after another instance. */
    public static OrderMessage openAfter(UUID other, UUID instanceId, int callsPerHour) {
        var open = open(instanceId, callsPerHour);
        return new OrderMessage(
                open.orderId(),
                open.kind(),
                open.tenant(),
                instanceId,
                open.instanceName(),
                open.acceptedAt(),
                open.service(),
                open.canary(),
                Set.of(other));
    }

    public static OrderMessage extend(UUID instanceId, int callsPerHour) {
        return order(OrderKind.EXTEND, instanceId, Optional.of(callsPerHour));
    }

    public static OrderMessage restart(UUID instanceId) {
        return order(OrderKind.RESTART, instanceId, Optional.empty());
    }

    /** Another image for the same load as {@link #open}'s, with one task on trial for ten minutes. */
    public static OrderMessage upgrade(UUID instanceId, String image, int callsPerHour) {
        var open = open(instanceId, callsPerHour);
        var service = open.service().orElseThrow();
        return new OrderMessage(
                open.orderId(),
                OrderKind.UPGRADE,
                open.tenant(),
                instanceId,
                open.instanceName(),
                open.acceptedAt(),
                Optional.of(new OrderMessage.Service(
                        service.serviceType(),
                        service.plan(),
                        service.minTasks(),
                        service.maxTasks(),
                        service.spareTasks(),
                        image,
                        service.ports(),
                        service.consumption(),
                        service.loadProfile(),
                        service.parameters())),
                Optional.of(new Canary(1, 10)),
                Set.of());
    }

    /** The same for a service whose tasks need ports for media. */
    public static OrderMessage withMedia(OrderMessage order, int count) {
        return new OrderMessage(
                order.orderId(),
                order.kind(),
                order.tenant(),
                order.instanceId(),
                order.instanceName(),
                order.acceptedAt(),
                order.service()
                        .map(service -> new OrderMessage.Service(
                                service.serviceType(),
                                service.plan(),
                                service.minTasks(),
                                service.maxTasks(),
                                service.spareTasks(),
                                service.image(),
                                List.of(
                                        new PortSpec("http", PortSpec.Protocol.HTTP, 8080),
                                        new PortSpec("rtp", PortSpec.Protocol.RTP, 0, count)),
                                service.consumption(),
                                service.loadProfile(),
                                service.parameters())),
                order.canary(),
                order.dependsOn());
    }

    public static OrderMessage delete(UUID instanceId) {
        return order(OrderKind.DELETE, instanceId, Optional.empty());
    }

    private static OrderMessage order(OrderKind kind, UUID instanceId, Optional<Integer> callsPerHour) {
        return new OrderMessage(
                UUID.randomUUID(),
                kind,
                "acme",
                instanceId,
                "line-" + instanceId.toString().substring(0, 8),
                Instant.now(),
                callsPerHour.map(calls -> new OrderMessage.Service(
                        "acd",
                        "standard",
                        1,
                        6,
                        1,
                        "acd",
                        List.of(new PortSpec("http", PortSpec.Protocol.HTTP, 8080)),
                        CONSUMPTION,
                        new LoadProfile(100, calls, 180),
                        Map.of("greeting", "hello", "queue", "main"))),
                Optional.empty(),
                Set.of());
    }
}
