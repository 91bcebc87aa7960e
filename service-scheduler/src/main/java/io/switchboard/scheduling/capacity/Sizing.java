package io.switchboard.scheduling.capacity;

import io.switchboard.contracts.scheduling.Resources;
import java.util.Optional;

/** What came of sizing an order. */
public sealed interface Sizing {

    /**
     * @param tasks how many tasks, spare ones included; at least 1
     * @param perTask the size of each
     * @param ordered what they carry; empty if that isn't known, because an earlier version planned them
     * @param explanation how the figures came about, in words and numbers
     */
    record Sized(int tasks, Resources perTask, Optional<OrderedCapacity> ordered, String explanation)
            implements Sizing {}

    /**
     * The plan's limits can't carry the load, whatever the nodes.
     *
     * @param reason sentences with the figures, and the most calls an hour that would do
     */
    record MoreThanThePlan(String reason) implements Sizing {}

    /**
     * The nodes have no room for it, even if nothing else ran there.
     *
     * @param reason as above
     */
    record MoreThanTheNodes(String reason) implements Sizing {}

    /** What the catalog says of the service type can't be planned with. */
    record Impossible(String reason) implements Sizing {}
}
