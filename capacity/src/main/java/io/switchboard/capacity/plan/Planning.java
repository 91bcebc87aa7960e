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
     * @param reason a sentence with the figures
     * @param nearest the plan of the largest share of this load that they do carry, to the percent; empty if
     *     they carry nothing
     */
    record Refused(String reason, Optional<Planned> nearest) implements Planning {}
}
