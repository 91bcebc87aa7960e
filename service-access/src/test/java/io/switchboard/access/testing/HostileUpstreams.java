package io.switchboard.access.testing;

import io.switchboard.access.route.Domain;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Instances of which any name, host or number may be hostile; the same for the same seed. */
public final class HostileUpstreams {

    /** What means something to HAProxy. */
    public static final List<String> FRAGMENTS = List.of(
            "${HOME}",
            "%[env(HOME)]",
            "$(id)",
            "<<",
            "@1",
            "backend x",
            " disabled",
            " check",
            "add server x/y 1.2.3.4:1");

    private final Random random;
    private final HostileText hostile;

    public HostileUpstreams(long seed) {
        this.random = new Random(seed);
        this.hostile = new HostileText(random, 3, FRAGMENTS);
    }

    /** Those of so many that aren't refused. */
    public List<Upstream> accepted(int number) {
        List<Upstream> upstreams = new ArrayList<>();
        for (int each = 0; each < number; each++) {
            upstream(each).ifPresent(upstreams::add);
        }
        return upstreams;
    }

    private Optional<Upstream> upstream(int number) {
        return made(() -> {
            var port = hostile.text("http");
            List<Route> routes = new ArrayList<>(List.of(new Route.Host(port, hostile.text("s" + number + ".acme"))));
            if (random.nextBoolean()) {
                routes.add(new Route.Path(port, hostile.text("s" + number + ".acme"), hostile.text("/chat/v2")));
            }
            if (random.nextBoolean()) {
                routes.add(new Route.Port(port, hostile.number()));
            }
            var host = hostile.text("10.0.0." + random.nextInt(256));
            var endpoint = new Endpoint(
                    hostile.text("task-" + number),
                    port,
                    host,
                    hostile.number(),
                    random.nextInt(4) > 0 ? State.READY : State.DRAINING,
                    random.nextInt(3),
                    random.nextInt(20) > 0 ? random.nextInt(3) : hostile.number());
            return new Upstream(
                    new UUID((long) number << 16 | 0x7000, 1),
                    hostile.text("acme"),
                    hostile.text("desk"),
                    hostile.text("acd"),
                    1,
                    Instant.EPOCH,
                    routes,
                    List.of(endpoint),
                    false,
                    policy(port),
                    domains(number, port));
        });
    }

    private Domains domains(int number, String port) {
        if (random.nextBoolean()) {
            return Domains.NONE;
        }
        var domain = new Domain(
                hostile.text("calls" + number + ".example"),
                random.nextBoolean() ? "/" : hostile.text("/chat"),
                port,
                random.nextInt(9) > 0 ? "0".repeat(40) : hostile.text("0".repeat(40)),
                Instant.EPOCH,
                random.nextBoolean() ? Instant.EPOCH : null,
                null);
        return new Domains(List.of(domain), List.of());
    }

    private Policy policy(String port) {
        var allow = IntStream.range(0, random.nextInt(3))
                .mapToObj(each ->
                        new Network(hostile.text(each == 0 ? "10.1.0.0/" + (16 + random.nextInt(8)) : "fd00::/9")))
                .toList();
        return new Policy(
                List.of(new Policy.Share(1 + random.nextInt(9), random.nextInt(101))),
                Map.of(
                        port,
                        new Policy.Rules(
                                random.nextBoolean(),
                                random.nextInt(10) > 0 ? random.nextInt(600_000) : hostile.number(),
                                new Policy.Limits(
                                        random.nextInt(3), random.nextInt(10) > 0 ? 5 : hostile.number(), 1, 0),
                                allow,
                                random.nextBoolean() ? "" : hostile.text("sip.desk"),
                                random.nextBoolean())));
    }

    private static <T> Optional<T> made(Supplier<T> making) {
        try {
            return Optional.of(making.get());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
