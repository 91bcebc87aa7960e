package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Goal;
import io.switchboard.scheduling.deployment.Note;
import io.switchboard.scheduling.task.Calls;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What happened to a deployment in words, until somebody stores it. */
final class Notebook {

    private final Clock clock;
    private final List<Note> notes = new ArrayList<>();
    /** Of these, what was done already, whatever becomes of the next store. */
    private final List<Note> done = new ArrayList<>();

    Notebook(Clock clock) {
        this.clock = clock;
    }

    /** Everything noted that is not stored yet. */
    List<Note> notes() {
        return List.copyOf(notes);
    }

    /** Of that, what is so although nothing else could be stored. */
    List<Note> done() {
        return List.copyOf(done);
    }

    void stored() {
        notes.clear();
        done.clear();
    }

    void note(String format, Object... arguments) {
        notes.add(new Note(clock.instant(), format.formatted(arguments)));
    }

    void asked(Set<String> tasks) {
        note("Asked %s to finish %s calls.", words(tasks), tasks.size() == 1 ? "its" : "their");
    }

    void stopped(Deployment deployment, Set<String> tasks) {
        int cut = tasks.stream()
                .mapToInt(id -> deployment.course().way().haste().cut().getOrDefault(id, 0))
                .sum();
        boolean served = tasks.stream().anyMatch(deployment.traffic().draining()::containsKey);
        note(
                "Stopped %s: %s.",
                words(tasks),
                cut > 0
                        ? "%d %s cut".formatted(cut, cut == 1 ? "call was" : "calls were")
                        : served ? "no calls are left" : "no call was ever sent there");
        done.add(notes.getLast());
    }

    /** Who goes and why, and who is gone without having been told to go. */
    void published(Deployment deployment, Step.PublishSnapshot step, Observed observed) {
        if (!step.newlyDraining().isEmpty()) {
            leaving(deployment, step.newlyDraining(), observed);
        }
        var present = observed.tasks().values().stream()
                .flatMap(List::stream)
                .collect(Collectors.toMap(Task::id, Function.identity(), (one, same) -> one));
        var lost = deployment.traffic().tasks().stream()
                .map(ServingTask::id)
                .filter(id -> !present.containsKey(id)
                        && !deployment.traffic().draining().containsKey(id))
                .toList();
        if (!lost.isEmpty()) {
            var why = present.values().stream()
                    .filter(task -> task.restarts() > 0 && task.state() == Task.State.STARTING)
                    .map(Task::message)
                    .findFirst();
            note(
                    "Ended without being told to: %s%s.",
                    words(lost),
                    why.map(message -> "; its successor: " + message).orElse(""));
        }
    }

    private void leaving(Deployment deployment, Set<String> tasks, Observed observed) {
        var desired = deployment.desired();
        var why = deployment.goal() == Goal.RUN
                ? "%d of revision %d are wanted".formatted(desired.tasks(), desired.revision())
                : "the instance ends";
        var calls = new ArrayList<String>();
        for (var id : new TreeSet<>(tasks)) {
            if (observed.calls().get(id) instanceof Calls.Counted counted) {
                calls.add(id + " has " + counted.active());
            }
        }
        note(
                "No new calls for %s: %s%s.",
                words(tasks), why, calls.isEmpty() ? "" : "; calls now: " + String.join(", ", calls));
    }

    private static String words(Collection<String> tasks) {
        return (tasks.size() == 1 ? "task " : "tasks ") + String.join(", ", new TreeSet<>(tasks));
    }
}
