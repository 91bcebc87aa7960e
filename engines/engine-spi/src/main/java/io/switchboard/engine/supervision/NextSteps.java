package io.switchboard.engine.supervision;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import io.switchboard.engine.Workload;
import io.switchboard.engine.supervision.ObservedTask.Alive;
import io.switchboard.engine.supervision.ObservedTask.Ended;
import io.switchboard.engine.supervision.ObservedTask.Offending;
import io.switchboard.engine.supervision.Step.Discard;
import io.switchboard.engine.supervision.Step.Forget;
import io.switchboard.engine.supervision.Step.Kill;
import io.switchboard.engine.supervision.Step.Start;
import io.switchboard.engine.supervision.Step.Surplus;
import io.switchboard.engine.supervision.Step.Terminate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Decides what to do for one workload, from what is desired and what is there. */
final class NextSteps {

    private final Desired desired;
    private final Backoff backoff;
    private final Instant now;
    private final List<Step> steps = new ArrayList<>();
    private final List<Watched> staying = new ArrayList<>();
    private final Set<Integer> places = new HashSet<>();

    private NextSteps(Desired desired, Backoff backoff, Instant now) {
        this.desired = desired;
        this.backoff = backoff;
        this.now = now;
    }

    static List<Step> next(Desired desired, List<Watched> tasks, Backoff backoff, Instant now) {
        return new NextSteps(desired, backoff, now).decide(tasks);
    }

    /** When the paused task starts again. */
    static Instant due(Desired desired, Watched ended, Backoff backoff) {
        Instant endedAt = ended.endedAt() == null ? ended.task().launch().at() : ended.endedAt();
        return endedAt.plus(backoff.delay(ended.failures(backoff, isChecked(desired))));
    }

    static boolean isChecked(Desired desired) {
        return desired.workload().health() instanceof Workload.Health.Http;
    }

    /** The tasks of each place, the current one last. */
    static Map<Integer, List<Watched>> byPlace(List<Watched> tasks) {
        return tasks.stream()
                .sorted(comparingInt(task -> task.task().launch().restarts()))
                .collect(
                        Collectors.groupingBy(task -> task.task().launch().place(), TreeMap::new, Collectors.toList()));
    }

    private List<Step> decide(List<Watched> tasks) {
        byPlace(tasks).forEach((place, starts) -> {
            places.add(place);
            clear(starts.subList(0, starts.size() - 1), starts.getLast());
            tend(starts.getLast(), starts.size() == 1);
        });
        int missing = desired.tasks() - staying.size();
        if (missing < 0) {
            // Alone: what else is due is decided afresh, without those.
            return List.of(surplus(-missing));
        }
        for (int place = 0; missing > 0; place++) {
            if (!places.contains(place)) {
                steps.add(new Start(place, 0, 0, ""));
                missing--;
            }
        }
        if (desired.removed() && tasks.isEmpty()) {
            steps.add(new Forget());
        }
        return steps;
    }

    /** Earlier starts of a place: the last one is kept for its log while its successor runs. */
    private void clear(List<Watched> earlier, Watched current) {
        for (int n = 0; n < earlier.size(); n++) {
            ObservedTask task = earlier.get(n).task();
            boolean last = n == earlier.size() - 1;
            if (!task.ended()) {
                steps.add(new Kill(task));
            } else if (!last || current.task().ended()) {
                steps.add(new Discard(task));
            }
        }
    }

    /** @param alone whether nothing is left of earlier starts, which would be taken for the place's current task */
    private void tend(Watched current, boolean alone) {
        boolean stops = desired.stops(current.id());
        if (!stops) {
            staying.add(current);
        }
        switch (current.task().condition()) {
            case Ended ended -> {
                if (stops && alone) {
                    steps.add(new Discard(current.task()));
                } else if (!stops && !now.isBefore(due(desired, current, backoff))) {
                    restart(current);
                }
            }
            case Offending offending -> killUnlessJustDone(current);
            case Alive alive -> {
                if (stops || current.doomed()) {
                    stop(current);
                }
            }
        }
    }

    private void restart(Watched ended) {
        Launch before = ended.task().launch();
        int failures = ended.failures(backoff, isChecked(desired));
        steps.add(new Start(before.place(), before.restarts() + 1, failures, ended.cause()));
    }

    private void stop(Watched running) {
        if (running.killAt() == null) {
            steps.add(new Terminate(running.task()));
        } else {
            killUnlessJustDone(running);
        }
    }

    private void killUnlessJustDone(Watched running) {
        if (running.killAt() == null || !now.isBefore(running.killAt())) {
            steps.add(new Kill(running.task()));
        }
    }

    private Step surplus(int tooMany) {
        return new Surplus(staying.stream()
                .sorted(comparing((Watched task) -> task.task().launch().at())
                        .thenComparing(Watched::id)
                        .reversed())
                .limit(tooMany)
                .map(Watched::id)
                .collect(Collectors.toSet()));
    }
}
