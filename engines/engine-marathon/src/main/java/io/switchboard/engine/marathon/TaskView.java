package io.switchboard.engine.marathon;

import static java.util.Comparator.comparing;

import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.engine.marathon.Memory.Start;
import io.switchboard.engine.marathon.SeenApp.SeenTask;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What callers of the engine see of an app's tasks. */
final class TaskView {

    private TaskView() {}

    /**
     * Oldest first.
     *
     * @param stopping ids of those that were told to stop
     */
    static List<Task> of(SeenApp app, Set<String> stopping, Memory memory) {
        return app.tasks().stream()
                .filter(task -> !(task.ended() && stopping.contains(task.id())))
                .map(task -> task(app, task, stopping, memory))
                .sorted(comparing(Task::startedAt).thenComparing(Task::id))
                .toList();
    }

    private static Task task(SeenApp app, SeenTask task, Set<String> stopping, Memory memory) {
        Optional<Start> start = memory.start(task.id());
        List<Integer> numbers = task.ports().isEmpty() ? start.map(Start::ports).orElse(List.of()) : task.ports();
        Map<String, Integer> ports = new HashMap<>();
        for (int n = 0; n < Math.min(numbers.size(), app.ports().size()); n++) {
            ports.put(app.ports().get(n), numbers.get(n));
        }
        State state = stopping.contains(task.id()) ? State.STOPPING : state(app, task);
        return new Task(
                task.id(),
                task.host(),
                ports,
                state,
                message(task, state, memory),
                startedAt(app, task, start),
                task.attempt() - 1);
    }

    private static Instant startedAt(SeenApp app, SeenTask task, Optional<Start> start) {
        Instant seen = task.startedAt();
        return seen != null
                ? seen
                : start.map(Start::at)
                        .or(() -> app.failure()
                                .filter(failure -> failure.taskId().equals(task.id()))
                                .map(SeenApp.Failure::at))
                        .orElse(Instant.EPOCH);
    }

    private static State state(SeenApp app, SeenTask task) {
        if (task.ended()) {
            return State.STARTING;
        }
        return switch (task.state()) {
            case "TASK_RUNNING" -> {
                Boolean alive = task.alive();
                if (!app.checked() || Boolean.TRUE.equals(alive)) {
                    yield State.READY;
                }
                yield alive == null || !task.everAlive() ? State.STARTING : State.UNHEALTHY;
            }
            case "TASK_KILLING" -> State.STOPPING;
            case "TASK_UNREACHABLE" -> State.UNHEALTHY;
            default -> State.STARTING;
        };
    }

    private static String message(SeenTask task, State state, Memory memory) {
        if (task.ended()) {
            return memory.ending(task.id()).orElse("it ended") + "; starts again after a pause";
        }
        String now = switch (state) {
            case READY -> "ready";
            case STARTING -> task.healthFailure().isEmpty() ? "starting" : "starting: " + task.healthFailure();
            case STOPPING -> "told to stop";
            case UNHEALTHY -> unhealthy(task);
        };
        if (task.attempt() == 1) {
            return now;
        }
        String before = task.place() + "._app." + (task.attempt() - 1);
        return now + " (restart " + (task.attempt() - 1)
                + memory.ending(before).map(cause -> ": " + cause).orElse("") + ")";
    }

    private static String unhealthy(SeenTask task) {
        if (task.state().equals("TASK_UNREACHABLE")) {
            return "Mesos can't reach its node";
        }
        return task.healthFailure().isEmpty()
                ? "its health check fails"
                : "its health check fails: " + task.healthFailure();
    }
}
