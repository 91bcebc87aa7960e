package io.switchboard.contracts.scheduling;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.switchboard.contracts.identity.Caller;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * How a deployment gets from one revision to another, and a hand on it: for its tenant and for operators. What is
 * decided here is durable before the answer, and carried out afterwards; every call may be repeated. {@link Caller}
 * parameters come from the access token; a client passes {@code null}.
 */
@HttpExchange("/api/v1/deployments/{instanceId}")
public interface RolloutsApi {

    @GetExchange("/rollout")
    RolloutView rollout(@PathVariable UUID instanceId, @Nullable Caller caller);

    /** What begins is let go on; nothing new is started or drained, also of later orders but DELETE. */
    @PutExchange("/rollout/pause")
    RolloutView pause(@PathVariable UUID instanceId, @Nullable Caller caller);

    /** Goes on; what isn't paused goes on already. */
    @DeleteExchange("/rollout/pause")
    RolloutView resume(@PathVariable UUID instanceId, @Nullable Caller caller);

    /** Back to where the deployment was before; the order that wanted it has failed. */
    @PostExchange("/rollout/abort")
    RolloutView abort(@PathVariable UUID instanceId, @Nullable Caller caller);

    /** Lets all tasks follow those on trial, without waiting for the judgement. */
    @PostExchange("/rollout/promote")
    RolloutView promote(@PathVariable UUID instanceId, @Nullable Caller caller);

    /** Waits neither for the balancer nor for calls any longer: calls that are left are cut, and counted. */
    @PostExchange("/rollout/force")
    RolloutView force(@PathVariable UUID instanceId, @Nullable Caller caller);

    /** Runs what an earlier revision ran, in the size of today, as a revision of its own. */
    @PostExchange("/rollback")
    RolloutView rollBack(
            @PathVariable UUID instanceId, @RequestBody @Valid RollbackRequest request, @Nullable Caller caller);

    /** Replaces a task by a fresh one: that one starts first, then the old one finishes its calls and stops. */
    @PostExchange("/tasks/{taskId}/restart")
    RolloutView restart(@PathVariable UUID instanceId, @PathVariable String taskId, @Nullable Caller caller);

    /**
     * What happened beside the timelines of its orders, and why: which task went and with which calls, what ended by
     * itself, what was wanted by hand. Newest first.
     *
     * @param limit at most so many, 1 to 1,000; 100 if it isn't said
     */
    @GetExchange("/history")
    List<HistoryEntry> history(
            @PathVariable UUID instanceId,
            @RequestParam(required = false) @Nullable Integer limit,
            @Nullable Caller caller);

    /** Revisions that are kept, newest first. */
    @GetExchange("/revisions")
    List<RevisionView> revisions(@PathVariable UUID instanceId, @Nullable Caller caller);

    record HistoryEntry(Instant at, String what) {}

    /** @param canary the trial that its tasks have to pass first; none if absent */
    record RollbackRequest(
            @Min(1) long revision, @Valid @Nullable Canary canary) {}

    /**
     * @param underWay whether anything is left to do
     * @param plan all that the rollout does, in order; empty when nothing is under way, or the engine gave no answer
     * @param pause since when nothing new is begun, and by whom
     * @param trial the new tasks that are judged
     * @param backTo the revision that an abort goes back to
     * @param draining tasks that get no new calls and stop once theirs have ended, longest first; also where nothing is
     *     under way, as nothing waits for tasks that the load no longer needs; empty when the engine gave no answer
     * @param cutCalls calls that were cut with their tasks in this rollout
     */
    record RolloutView(
            UUID instanceId,
            long revision,
            boolean underWay,
            List<Phase> plan,
            Optional<Pause> pause,
            Optional<Trial> trial,
            Optional<Long> backTo,
            // Absent in what earlier versions answer.
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<DrainingTask> draining,
            int cutCalls,
            DeploymentStatus status) {

        public RolloutView {
            plan = List.copyOf(plan);
            draining = List.copyOf(draining);
        }
    }

    /** @param what in plain words, with figures */
    record Phase(String what, State state) {

        public enum State {
            TO_COME,
            UNDER_WAY,
            DONE
        }
    }

    /**
     * A task that finishes its calls.
     *
     * @param since when the balancer was told to send it nothing new
     * @param calls that it still has; absent if it doesn't say
     */
    record DrainingTask(String taskId, Instant since, Optional<Integer> calls) {}

    /** @param by {@code an operator} or {@code the tenant} */
    record Pause(String by, Instant since) {}

    /** @param since when all its tasks carried calls; absent before */
    record Trial(int tasks, int minutes, Optional<Instant> since) {}

    /** @param retiredAt when its last task was gone; absent while the engine knows it */
    record RevisionView(
            long number,
            String image,
            Resources perTask,
            boolean wanted,
            Instant createdAt,
            Optional<Instant> retiredAt) {}
}
