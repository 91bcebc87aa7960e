package io.switchboard.engine.marathon;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.EngineUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Gives orders to an engine as the scheduler does: for each workload one change after another, for all workloads at the
 * same time. What was not accepted is asked for again when the engine hints at it, or after a while, from what is wanted
 * by then.
 */
final class ChaosLeader {

    /** How often everything is looked at without a hint. */
    static final Duration SWEEP = Duration.ofSeconds(5);

    private record Pending(Change change, Changes.Item item, Instant since) {}

    private final MarathonEngine engine;
    private final Clock clock;
    private final Map<String, Pending> pending = new HashMap<>();
    private final Set<String> due = new HashSet<>();
    private Instant sweepAt;

    ChaosLeader(MarathonEngine engine, Clock clock) {
        this.engine = engine;
        this.clock = clock;
        this.sweepAt = clock.instant();
        engine.onChange(due::add);
    }

    MarathonEngine engine() {
        return engine;
    }

    boolean isIdle(String workload) {
        return !pending.containsKey(workload) && !due.contains(workload);
    }

    boolean waits(String workload) {
        return pending.containsKey(workload);
    }

    /** Something else is wanted of it. */
    void wake(String workload) {
        due.add(workload);
    }

    /** Sets a change on its way, whatever is wanted. */
    void ask(Change change) {
        try {
            pending.put(change.workload(), new Pending(change, engine.begin(change), clock.instant()));
        } catch (EngineUnavailable e) {
            // It would ask again, if it knew of it.
        }
    }

    /** What the engine does by itself. */
    void stepEngine() {
        engine.step();
        pending.values().removeIf(each -> each.item().answer().isDone());
    }

    /**
     * Goes on with every workload.
     *
     * @return names of workloads that the engine knows and nobody wants, and what was refused
     */
    List<String> step(Collection<ChaosOrders> all, Set<String> unwanted) {
        List<String> refusals = new ArrayList<>();
        engine.step();
        if (!clock.instant().isBefore(sweepAt)) {
            sweep(all, unwanted);
        }
        for (ChaosOrders orders : all) {
            conclude(orders).ifPresent(refusals::add);
            if (!pending.containsKey(orders.name()) && due.remove(orders.name())) {
                begin(orders);
            }
        }
        // As many threads would ask at once.
        engine.step();
        return refusals;
    }

    private void sweep(Collection<ChaosOrders> all, Set<String> unwanted) {
        try {
            unwanted.addAll(engine.workloads());
            all.forEach(orders -> unwanted.remove(orders.name()));
            sweepAt = clock.instant().plus(SWEEP);
        } catch (EngineUnavailable e) {
            sweepAt = clock.instant().plusSeconds(1);
        }
        all.forEach(orders -> due.add(orders.name()));
    }

    private void begin(ChaosOrders orders) {
        Change change = orders.removed()
                ? new Change.Remove(orders.name())
                : orders.toStop().isEmpty()
                        ? new Change.Ensure(orders.workload())
                        : new Change.Stop(orders.name(), orders.toStop());
        ask(change);
        conclude(orders);
    }

    private Optional<String> conclude(ChaosOrders orders) {
        Pending open = pending.get(orders.name());
        if (open == null) {
            return Optional.empty();
        }
        if (!open.item().answer().isDone()) {
            if (clock.instant().isBefore(open.since().plus(engine.changes().most()))) {
                return Optional.empty();
            }
            open.item().answer().cancel(false);
        }
        pending.remove(orders.name());
        return answer(open).flatMap(answer -> {
            if (!answer.equals(new Accepted())) {
                return Optional.of(orders.name() + " was refused: " + answer);
            }
            if (open.change() instanceof Change.Stop stop) {
                orders.told(stop.taskIds());
                due.add(orders.name());
            }
            return Optional.empty();
        });
    }

    private static Optional<Acceptance> answer(Pending open) {
        try {
            return open.item().answer().isCancelled()
                    ? Optional.empty()
                    : Optional.of(open.item().answer().get());
        } catch (ExecutionException e) {
            // The engine's hint, or the next sweep, has it asked for again.
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
