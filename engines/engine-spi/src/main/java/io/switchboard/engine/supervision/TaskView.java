package io.switchboard.engine.supervision;

import static java.util.Comparator.comparing;

import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import java.util.ArrayList;
import java.util.List;

/** What callers of the engine see of the tasks. */
final class TaskView {

    private TaskView() {}

    /** Oldest first. Ended tasks are shown while they wait for their next start. */
    static List<Task> of(Desired desired, List<Watched> tasks, Backoff backoff) {
        List<Task> view = new ArrayList<>();
        for (List<Watched> starts : NextSteps.byPlace(tasks).values()) {
            for (Watched task : starts) {
                boolean current = task.equals(starts.getLast());
                if (!task.task().ended() || (current && !desired.stops(task.id()))) {
                    view.add(task(desired, task, current, backoff));
                }
            }
        }
        view.sort(comparing(Task::startedAt).thenComparing(Task::id));
        return view;
    }

    private static Task task(Desired desired, Watched watched, boolean current, Backoff backoff) {
        ObservedTask task = watched.task();
        State state = state(desired, watched, current);
        return new Task(
                task.id(),
                task.host(),
                task.ports(),
                state,
                message(desired, watched, state, backoff),
                task.launch().at(),
                task.launch().restarts(),
                task.media());
    }

    private static State state(Desired desired, Watched watched, boolean current) {
        ObservedTask task = watched.task();
        if (task.ended()) {
            return State.STARTING;
        }
        boolean offends = task.condition() instanceof ObservedTask.Offending;
        if (!current || offends || watched.doomed() || desired.stops(task.id())) {
            return State.STOPPING;
        }
        if (!NextSteps.isChecked(desired)) {
            return State.READY;
        }
        return switch (watched.health().verdict()) {
            case STARTING -> State.STARTING;
            case READY -> State.READY;
            case UNHEALTHY, LOST -> State.UNHEALTHY;
        };
    }

    private static String message(Desired desired, Watched watched, State state, Backoff backoff) {
        Launch launch = watched.task().launch();
        if (watched.task().ended()) {
            int failures = watched.failures(backoff, NextSteps.isChecked(desired));
            return watched.cause() + "; starts again after a pause of "
                    + backoff.delay(failures).toSeconds() + " s";
        }
        String now = switch (state) {
            case STARTING -> starting(watched.health().lastFailure());
            case READY -> "ready";
            case UNHEALTHY -> watched.health().why();
            case STOPPING -> watched.cause().isEmpty() ? "told to stop" : watched.cause();
        };
        return launch.restarts() == 0 ? now : now + " (restart " + launch.restarts() + ": " + launch.cause() + ")";
    }

    private static String starting(String failure) {
        return failure.isEmpty() ? "starting" : "starting: " + failure;
    }
}
