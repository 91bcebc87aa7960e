package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.plan.Node;
import io.switchboard.engine.Engine;
import java.util.List;
import java.util.Optional;

/**
 * The nodes that the engine lists, with all the room they have in all: an order is refused only for what no waiting
 * could mend. What others use at the moment is the engine's to deal with.
 */
final class NodeRoom {

    private final Engine engine;
    private final CapacityProperties properties;
    private volatile List<Node> nodes = List.of();

    NodeRoom(Engine engine, CapacityProperties properties) {
        this.engine = engine;
        this.properties = properties;
    }

    /** Empty where the engine lists none, or has not answered yet: then there is room for whatever is asked. */
    Optional<List<Node>> nodes() {
        var seen = nodes;
        return seen.isEmpty() ? Optional.empty() : Optional.of(seen);
    }

    /** Asks the engine; engines that can't list their nodes list none. */
    void look() {
        nodes = engine.nodes().stream()
                .map(node -> new Node(node.host(), node.cpuMillis(), node.memoryMib(), properties.cpuOvercommit()))
                .toList();
    }
}
