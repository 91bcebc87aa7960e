package io.switchboard.engine.marathon;

import io.switchboard.engine.Workload;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** What was ordered of one workload so far, and which of its tasks no order and no accident allows to end. */
final class ChaosOrders {

    private final String name;
    private int tasks;
    private int peak;
    private boolean removed;
    private final Set<String> toStop = new HashSet<>();
    private final Set<String> stopped = new HashSet<>();
    private final Set<String> kept = new HashSet<>();

    ChaosOrders(String name, int tasks) {
        this.name = name;
        this.tasks = tasks;
        this.peak = tasks;
    }

    /** One that an earlier life left behind. */
    static ChaosOrders unwanted(String name) {
        ChaosOrders orders = new ChaosOrders(name, 1);
        orders.remove();
        return orders;
    }

    String name() {
        return name;
    }

    /** How many tasks are wanted; 0 once it is to be removed. */
    int tasks() {
        return removed ? 0 : tasks;
    }

    /** The most tasks there may be. */
    int peak() {
        return peak;
    }

    boolean removed() {
        return removed;
    }

    Workload workload() {
        return Examples.shop(name, tasks);
    }

    // --- orders

    void more(int count) {
        tasks += count;
        peak = Math.max(peak, tasks);
    }

    /** Which ones go is left to the engine. */
    void fewer(int wanted) {
        tasks = wanted;
        kept.clear();
    }

    void remove() {
        removed = true;
        kept.clear();
    }

    void stop(Collection<String> ids) {
        toStop.addAll(ids);
        ids.forEach(kept::remove);
        tasks -= ids.size();
    }

    // --- tasks that were chosen to end

    boolean isChosen(String id) {
        return toStop.contains(id) || stopped.contains(id);
    }

    Set<String> toStop() {
        return Set.copyOf(toStop);
    }

    /** The engine has taken it on to stop them. */
    void told(Set<String> ids) {
        stopped.addAll(ids);
        toStop.removeAll(ids);
    }

    /** Chosen ones that run all the same. */
    Set<String> back(Set<String> living) {
        Set<String> back = new HashSet<>(stopped);
        back.retainAll(living);
        return back;
    }

    // --- tasks that must stay

    /** What runs exactly as wanted may only end by an order from now on. */
    void settle(Set<String> living) {
        if (living.size() == tasks && toStop.isEmpty()) {
            kept.clear();
            kept.addAll(living);
            peak = tasks;
        }
    }

    /** An accident ended them. */
    void excuse(Collection<String> ids) {
        kept.removeAll(ids);
    }

    /**
     * Tasks that ended although nobody chose them. Who orders sees tasks a little late, so that a stop may name one
     * that was leaving already; then fewer are wanted than were to be kept, and as many of these may end.
     */
    Set<String> endedUnchosen(Set<String> living) {
        Set<String> ended = new HashSet<>(kept);
        ended.removeAll(living);
        return ended.size() > kept.size() - tasks() ? ended : Set.of();
    }

    @Override
    public String toString() {
        return name
                + (removed ? " removed" : " with " + tasks + " tasks")
                + (toStop.isEmpty() ? "" : " without " + toStop);
    }
}
