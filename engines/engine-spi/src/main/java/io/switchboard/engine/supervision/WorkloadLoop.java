package io.switchboard.engine.supervision;

import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import io.switchboard.engine.Workload;
import io.switchboard.engine.supervision.HealthRecord.Verdict;
import io.switchboard.engine.supervision.ObservedTask.Alive;
import io.switchboard.engine.supervision.ObservedTask.Ended;
import io.switchboard.engine.supervision.ObservedTask.Offending;
import io.switchboard.engine.supervision.Step.Discard;
import io.switchboard.engine.supervision.Step.Forget;
import io.switchboard.engine.supervision.Step.Kill;
import io.switchboard.engine.supervision.Step.Start;
import io.switchboard.engine.supervision.Step.Surplus;
import io.switchboard.engine.supervision.Step.Terminate;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one workload as desired: look, decide, act, again and again, in a thread of its own. Callers only change what
 * is desired and read what was last seen, so that none of them waits for a machine.
 */
final class WorkloadLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(WorkloadLoop.class);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

    /** What the loops of an engine share. */
    record Surroundings(
            Runner runner,
            HealthProber prober,
            Backoff backoff,
            Clock clock,
            AllAtOnce allAtOnce,
            Function<Instant, String> newTaskId,
            Consumer<String> changed) {}

    private final String workload;
    private final Surroundings with;
    private final Map<String, Watched> notes = new ConcurrentHashMap<>();
    private final Map<String, HealthRecord> health = new ConcurrentHashMap<>();
    /** Starts that failed before there was a task to look at, by place. */
    private final Map<Integer, ObservedTask> stillborn = new ConcurrentHashMap<>();

    private final CompletableFuture<Void> looked = new CompletableFuture<>();
    private volatile List<Task> view = List.of();
    private volatile Set<String> current = Set.of();
    private volatile @Nullable EngineUnavailable silence;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private volatile Desired desired;
    private volatile boolean over;
    private boolean woken;

    WorkloadLoop(Desired desired, Surroundings with) {
        this.workload = desired.workload().name();
        this.desired = desired;
        this.with = with;
    }

    Desired desired() {
        return desired;
    }

    /** Whether the workload was forgotten, or the engine closed. */
    boolean isOver() {
        return over;
    }

    /** Keeps the change and acts on it soon; false if it came too late. */
    boolean change(UnaryOperator<Desired> change) {
        return locked(() -> {
            if (over) {
                return false;
            }
            Desired changed = change.apply(desired);
            if (!changed.equals(desired)) {
                with.runner().keep(changed);
                desired = changed;
                signal();
            }
            return true;
        });
    }

    /** The ids among these that stand for a task that is wanted. */
    Set<String> wanted(Desired desired, Set<String> taskIds) {
        return current.stream()
                .filter(id -> taskIds.contains(id) && !desired.stops(id))
                .collect(Collectors.toSet());
    }

    Set<String> current() {
        return current;
    }

    /** @throws EngineUnavailable if the last look had no answer */
    List<Task> view() {
        try {
            looked.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new EngineUnavailable(workload, e);
        }
        EngineUnavailable unavailable = silence;
        if (unavailable != null) {
            throw unavailable;
        }
        return view;
    }

    void wakeUp() {
        locked(() -> {
            signal();
            return true;
        });
    }

    void end() {
        locked(() -> {
            over = true;
            signal();
            return true;
        });
    }

    @Override
    public void run() {
        while (!isOver()) {
            Duration pause = roundUnlessTrouble();
            looked.complete(null);
            pause(pause);
        }
    }

    private Duration roundUnlessTrouble() {
        try {
            Duration pause = round();
            silence = null;
            return pause;
        } catch (EngineUnavailable e) {
            if (silence == null) {
                log.warn("workload {}: {}", workload, e.getMessage());
            }
            silence = e;
            return AFTER_TROUBLE;
        } catch (RuntimeException e) {
            // Nobody else could answer it, and the workload must not be left alone.
            log.error("workload {}: a round failed, the next one starts afresh", workload, e);
            return AFTER_TROUBLE;
        }
    }

    private Duration round() {
        Desired now = desired();
        List<Watched> tasks = look(now);
        if (!looked.isDone()) {
            awaitFirstHealth(now, tasks);
            tasks = look(now);
        }
        publish(now, tasks);
        List<Step> steps =
                NextSteps.next(now, tasks, with.backoff(), with.clock().instant());
        with.allAtOnce()
                .run(steps.stream().<Runnable>map(step -> () -> act(now, step)).toList());
        return steps.isEmpty() ? untilSomethingIsDue(now, tasks) : Duration.ZERO;
    }

    private List<Watched> look(Desired now) {
        List<ObservedTask> seen = new ArrayList<>(with.runner().look(workload));
        seen.forEach(task -> stillborn.computeIfPresent(
                task.launch().place(),
                (place, failed) -> task.launch().restarts() >= failed.launch().restarts() ? null : failed));
        seen.addAll(stillborn.values());
        Set<String> ids = seen.stream().map(ObservedTask::id).collect(Collectors.toSet());
        notes.keySet().stream().filter(id -> !ids.contains(id)).forEach(with.prober()::unwatch);
        notes.keySet().retainAll(ids);
        health.keySet().retainAll(ids);
        seen.forEach(task -> notes.put(task.id(), noted(task, notes.get(task.id()))));
        List<Watched> tasks = List.copyOf(notes.values());
        tasks.forEach(task -> watchHealth(now, task));
        return tasks;
    }

    private Watched noted(ObservedTask task, @Nullable Watched before) {
        HealthRecord record = health.getOrDefault(task.id(), HealthRecord.NONE);
        String doom = before == null ? null : before.doom();
        Instant endedAt = before == null ? null : before.endedAt();
        switch (task.condition()) {
            case Ended ended -> endedAt = endedAt == null ? with.clock().instant() : endedAt;
            case Offending offending -> doom = offending.why();
            case Alive alive -> doom = doom == null && record.verdict() == Verdict.LOST ? record.why() : doom;
        }
        return new Watched(task, record, doom, before == null ? null : before.killAt(), endedAt);
    }

    private void watchHealth(Desired now, Watched task) {
        boolean matters = task.task().condition() instanceof Alive && !task.doomed() && !now.stops(task.id());
        if (!matters) {
            with.prober().unwatch(task.id());
        } else if (now.workload().health() instanceof Workload.Health.Http http) {
            watch(task.task(), http);
        }
    }

    private void watch(ObservedTask task, Workload.Health.Http http) {
        URI uri = URI.create("http://" + task.host() + ":" + task.ports().get(http.port()) + http.path());
        Instant graceEnd = task.launch().graceEnd(http.startGrace());
        with.prober().watch(task.id(), uri, http, failure -> learn(task.id(), failure, graceEnd));
    }

    private void learn(String taskId, String failure, Instant graceEnd) {
        HealthRecord before = health.getOrDefault(taskId, HealthRecord.NONE);
        Instant now = with.clock().instant();
        HealthRecord after = failure.isEmpty() ? before.passed(now) : before.failed(failure, now.isBefore(graceEnd));
        health.put(taskId, after);
        if (after.verdict() != before.verdict() || !after.lastFailure().equals(before.lastFailure())) {
            wakeUp();
        }
    }

    /** Or every task would look unready for a moment after a restart of the platform. */
    private void awaitFirstHealth(Desired now, List<Watched> tasks) {
        if (now.workload().health() instanceof Workload.Health.Http http) {
            tasks.forEach(task -> with.prober().awaitFirst(task.id(), http.timeout()));
        }
    }

    private void publish(Desired now, List<Watched> tasks) {
        List<Task> before = view;
        current = NextSteps.byPlace(tasks).values().stream()
                .map(starts -> starts.getLast().id())
                .collect(Collectors.toSet());
        view = TaskView.of(now, tasks, with.backoff());
        if (!view.equals(before)) {
            with.changed().accept(workload);
        }
    }

    private void act(Desired now, Step step) {
        switch (step) {
            case Start start -> start(now.workload(), start);
            case Terminate terminate -> {
                with.runner().terminate(terminate.task());
                note(terminate.task(), now.workload().stopGrace());
            }
            case Kill kill -> {
                with.runner().kill(kill.task());
                note(kill.task(), AFTER_TROUBLE);
            }
            case Discard discard -> discard(discard.task());
            case Surplus surplus -> change(latest -> latest == now ? latest.withSurplus(surplus.taskIds()) : latest);
            case Forget forget -> forget(now);
        }
    }

    private void start(Workload what, Start start) {
        Instant at = with.clock().instant();
        Launch launch = new Launch(
                with.newTaskId().apply(at), start.place(), start.restarts(), start.failures(), start.cause(), at);
        try {
            with.runner().start(what, launch);
        } catch (StartFailed e) {
            log.warn("workload {}: a task could not be started: {}", workload, e.getMessage());
            String why = Optional.ofNullable(e.getMessage()).orElse("could not be started");
            stillborn.put(start.place(), new ObservedTask(launch, "", Map.of(), new Ended(why)));
        }
    }

    /** By then it must have ended. */
    private void note(ObservedTask task, Duration patience) {
        Instant killAt = with.clock().instant().plus(patience);
        notes.computeIfPresent(
                task.id(), (id, note) -> new Watched(note.task(), note.health(), note.doom(), killAt, note.endedAt()));
    }

    private void discard(ObservedTask task) {
        if (!stillborn.remove(task.launch().place(), task)) {
            with.runner().discard(task);
        }
        change(latest -> latest.stopping().contains(task.id()) ? latest.gone(task.id()) : latest);
    }

    private void forget(Desired now) {
        locked(() -> {
            if (desired == now) {
                with.runner().forget(workload);
                over = true;
            }
            return over;
        });
        with.changed().accept(workload);
    }

    private Duration untilSomethingIsDue(Desired now, List<Watched> tasks) {
        Instant at = with.clock().instant();
        Duration shortest = with.runner().patrol();
        for (Watched task : tasks) {
            Instant due = task.task().ended() ? NextSteps.due(now, task, with.backoff()) : task.killAt();
            if (due != null && due.isAfter(at) && Duration.between(at, due).compareTo(shortest) < 0) {
                shortest = Duration.between(at, due);
            }
        }
        return shortest;
    }

    private void pause(Duration pause) {
        locked(() -> {
            if (!woken && !over && pause.isPositive()) {
                wake.awaitNanos(pause.toNanos());
            }
            woken = false;
            return true;
        });
    }

    private void signal() {
        woken = true;
        wake.signalAll();
    }

    private interface Guarded<T> {
        T get() throws InterruptedException;
    }

    private <T> T locked(Guarded<T> action) {
        lock.lock();
        try {
            return action.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }
}
