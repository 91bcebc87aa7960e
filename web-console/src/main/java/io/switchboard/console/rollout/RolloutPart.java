package io.switchboard.console.rollout;

import io.switchboard.console.page.Tone;
import io.switchboard.contracts.scheduling.RolloutsApi.DrainingTask;
import io.switchboard.contracts.scheduling.RolloutsApi.Pause;
import io.switchboard.contracts.scheduling.RolloutsApi.Phase;
import io.switchboard.contracts.scheduling.RolloutsApi.RolloutView;
import io.switchboard.contracts.scheduling.RolloutsApi.Trial;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a rollout is, and what can be done with it.
 *
 * @param message the state in plain words
 * @param pause null if it goes on
 * @param trial null if no tasks are judged
 * @param backTo whether there is something that an abort goes back to
 * @param abortsTo its revision; null if there is none, or it is the wanted one
 * @param draining tasks that stop once their calls have ended
 * @param cutCalls calls that were cut with their tasks
 */
public record RolloutPart(
        UUID instanceId,
        long revision,
        boolean underWay,
        Tone tone,
        String message,
        List<PlannedPhase> plan,
        @Nullable Paused pause,
        @Nullable OnTrial trial,
        boolean backTo,
        @Nullable Long abortsTo,
        List<DrainingRow> draining,
        int cutCalls) {

    public static RolloutPart of(RolloutView view) {
        return new RolloutPart(
                view.instanceId(),
                view.revision(),
                view.underWay(),
                Tone.of(view.status()),
                view.status().message(),
                view.plan().stream().map(PlannedPhase::of).toList(),
                view.pause().map(Paused::of).orElse(null),
                view.trial().map(OnTrial::of).orElse(null),
                view.backTo().isPresent(),
                view.backTo().filter(number -> number != view.revision()).orElse(null),
                view.draining().stream().map(DrainingRow::of).toList(),
                view.cutCalls());
    }

    /** Whether there is anything to tell; all is well otherwise. */
    public boolean isWorthTelling() {
        return underWay || pause != null || isForceable();
    }

    /** Whether there is something to go back to. */
    public boolean isAbortable() {
        return underWay && backTo;
    }

    /** Whether there is something that force would not wait for. */
    public boolean isForceable() {
        return underWay || !draining.isEmpty();
    }

    /** @param calls null if the task doesn't say */
    public record DrainingRow(
            String taskId, Instant since, @Nullable Integer calls) {

        static DrainingRow of(DrainingTask one) {
            return new DrainingRow(one.taskId(), one.since(), one.calls().orElse(null));
        }
    }

    public record PlannedPhase(String what, Phase.State state, Tone tone) {

        static PlannedPhase of(Phase phase) {
            Tone tone = switch (phase.state()) {
                case DONE -> Tone.GOOD;
                case UNDER_WAY -> Tone.BUSY;
                case TO_COME -> Tone.QUIET;
            };
            return new PlannedPhase(phase.what(), phase.state(), tone);
        }
    }

    public record Paused(boolean byOperator, Instant since) {

        static Paused of(Pause pause) {
            return new Paused(pause.by().endsWith("operator"), pause.since());
        }
    }

    /**
     * @param since when all its tasks carried calls; null before
     * @param until when they are judged for good; null as long as {@code since} is
     */
    public record OnTrial(
            int tasks,
            int minutes,
            @Nullable Instant since,
            @Nullable Instant until) {

        static OnTrial of(Trial trial) {
            @Nullable Instant since = trial.since().orElse(null);
            Duration time = Duration.ofMinutes(trial.minutes());
            return new OnTrial(trial.tasks(), trial.minutes(), since, since == null ? null : since.plus(time));
        }
    }
}
