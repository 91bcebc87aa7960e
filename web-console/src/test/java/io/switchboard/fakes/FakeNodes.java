package io.switchboard.fakes;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.ProblemCode;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.scheduling.NodesApi;
import io.switchboard.contracts.scheduling.Resources;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** Three nodes, of which one is drained and held by a paused instance, and one can't be drained. */
@RestController
class FakeNodes implements NodesApi {

    static final String HELD = "10.20.0.1";
    static final String NEEDED = "10.20.0.3";

    private static final ProblemCode NODE_NEEDED = new ProblemCode(
            "NODE_NEEDED", 409, "Stop the platform for the maintenance of its only node; it goes on afterwards.");

    private final Map<String, Instant> drained = new TreeMap<>(Map.of(HELD, Instant.parse("2026-03-02T08:00:00Z")));

    @Override
    public synchronized List<NodeView> nodes(@Nullable Caller caller) {
        if (!FakeOrders.signedIn(caller).is(Role.OPERATOR)) {
            throw new Problem(RequestProblem.FORBIDDEN, "Nodes are shown to operators only.");
        }
        return List.of(
                node(HELD, Optional.of(new Resources(8_000, 16_384)), 3),
                node("10.20.0.2", Optional.of(new Resources(8_000, 16_384)), 12),
                node(NEEDED, Optional.empty(), 1));
    }

    private NodeView node(String host, Optional<Resources> size, int tasks) {
        var since = Optional.ofNullable(drained.get(host));
        return new NodeView(
                host,
                size,
                new Used(tasks * 650, tasks * 416),
                tasks,
                since,
                since.isEmpty()
                        ? List.of()
                        : List.of(
                                new Leaving(
                                        UUID.randomUUID(),
                                        "acme",
                                        "support-line",
                                        tasks - 1,
                                        host.equals(HELD),
                                        host.equals(HELD)
                                                ? "It is paused by the tenant since 2026-03-02 07:58:12 UTC; it moves"
                                                        + " once it is resumed."
                                                : "1 of 2 new tasks ready; old ones take the calls meanwhile."),
                                new Leaving(
                                        UUID.randomUUID(),
                                        "globex",
                                        "sales",
                                        1,
                                        false,
                                        "4 tasks are ready; 1 task finishes its calls before it stops.")),
                size.map(known -> new MediaPorts(10_000, 19_999, tasks * 480, 10_000 - tasks * 480)));
    }

    @Override
    public synchronized NodeView drain(String host, @Nullable Caller caller) {
        if (host.equals(NEEDED)) {
            throw new Problem(NODE_NEEDED, "Engine 'process' has one node, which its tasks can't leave.");
        }
        drained.putIfAbsent(host, Instant.now());
        return of(host, caller);
    }

    @Override
    public synchronized NodeView undrain(String host, @Nullable Caller caller) {
        drained.remove(host);
        return of(host, caller);
    }

    private NodeView of(String host, @Nullable Caller caller) {
        return nodes(caller).stream()
                .filter(node -> node.host().equals(host))
                .findFirst()
                .orElseThrow();
    }
}
