package io.switchboard.bench;

import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A service of the access benchmark, as a registrar writes it down. Each task has a loopback address of its own, which
 * tells the service, too; all listen on the same two ports.
 */
final class AccessService {

    static final int MOST = 250 * 100;

    private static final int FIRST_NETWORK = 16;
    private static final int PER_NETWORK = 250;
    /** Addresses are used again after so many, long after the last request to the first task that had it. */
    private static final int ADDRESSES = 250;

    private final int number;
    private final int httpPort;
    private final int tcpPort;
    private final OptionalInt publicPort;
    private final UUID id;
    private final Map<String, State> tasks = new LinkedHashMap<>();
    private long sequence;
    private int started;

    /** @param publicPort of its TCP route; none without one */
    AccessService(int number, int httpPort, int tcpPort, OptionalInt publicPort) {
        this.number = number;
        this.httpPort = httpPort;
        this.tcpPort = tcpPort;
        this.publicPort = publicPort;
        this.id = new UUID(0x0193_0000_0000_7000L + ((long) number << 16), 0x8000_0000_0000_0000L + number);
        add();
        add();
    }

    UUID id() {
        return id;
    }

    String host() {
        return "s" + number + ".acme.switchboard.localhost";
    }

    /** The service that a task at this address belongs to. */
    static int number(String address) {
        var parts = address.split("\\.");
        return (Integer.parseInt(parts[1]) - FIRST_NETWORK) * PER_NETWORK + Integer.parseInt(parts[2]);
    }

    List<String> tasks() {
        return List.copyOf(tasks.keySet());
    }

    /** Those that don't drain, the oldest first. */
    List<String> ready() {
        return tasks.entrySet().stream()
                .filter(task -> task.getValue() == State.READY)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** @return the new task's address */
    String add() {
        var address = nextAddress();
        while (tasks.containsKey(address)) {
            address = nextAddress();
        }
        add(address);
        return address;
    }

    private String nextAddress() {
        return "127.%d.%d.%d"
                .formatted(FIRST_NETWORK + number / PER_NETWORK, number % PER_NETWORK, 1 + started++ % ADDRESSES);
    }

    void add(String task) {
        tasks.put(task, State.READY);
        sequence++;
    }

    void drain(String task) {
        tasks.put(task, State.DRAINING);
        sequence++;
    }

    void remove(String task) {
        tasks.remove(task);
        sequence++;
    }

    Upstream upstream(Instant now) {
        List<Route> routes = new ArrayList<>(List.of(new Route.Host("http", host())));
        publicPort.ifPresent(port -> routes.add(new Route.Port("sip", port)));
        List<Endpoint> endpoints = new ArrayList<>();
        tasks.forEach((address, state) -> {
            endpoints.add(new Endpoint(address, "http", address, httpPort, state));
            if (publicPort.isPresent()) {
                endpoints.add(new Endpoint(address, "sip", address, tcpPort, state));
            }
        });
        return new Upstream(id, "acme", "s" + number, "acd", sequence, now, routes, endpoints, false);
    }
}
