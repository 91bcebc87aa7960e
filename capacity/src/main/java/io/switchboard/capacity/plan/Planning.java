package io.switchboard.capacity.plan;

import io.switchboard.capacity.model.Load;
import java.util.Optional;

/** What came of planning a load. */
public sealed interface Planning {

    /**
     * Tasks that carry the load, also with the spare ones lost.
     *
     * @param load what all tasks together carry
     * @param tasks how many run, spare ones included
     * @param perTask the load on each with the spare ones lost
     * @param size what each is given
     * @param cost of all, an hour, in the currency of the prices
     * @param explanation how the figures came about, a sentence a line
     */
    record Planned(Load load, int tasks, Load perTask, TaskSize size, double cost, String explanation)
            implements Planning {}

    /**
     * The terms can't carry the load.
     *
     * @param limit which of the terms is in the way
     * @param reason sentences with the figures
     * @param nearest the plan of the most of this load, in whole calls, that they do carry; empty if that is no call
     */
    record Refused(Limit limit, String reason, Optional<Planned> nearest) implements Planning {}

    /** What a load may be too large for. */
    enum Limit {
        /** The number of tasks allowed; the nodes would hold more. */
        TASKS,
        /** The room on the nodes. */
        NODES
    }
}
