package io.switchboard.contracts.scheduling;

import io.switchboard.contracts.identity.Caller;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Tasks that follow the load of an instance, within what was ordered: for its tenant and for operators. {@link Caller}
 * parameters come from the access token; a client passes {@code null}.
 */
@HttpExchange("/api/v1/deployments/{instanceId}/autoscaling")
public interface AutoscalingApi {

    /** Off, with usual limits, where nothing was ever said. */
    @GetExchange
    AutoscalingView autoscaling(@PathVariable UUID instanceId, @Nullable Caller caller);

    /** Replaces all that was said before. Turned off, the tasks stay as they are until the next order. */
    @PutExchange
    AutoscalingView autoscale(
            @PathVariable UUID instanceId, @RequestBody @Valid AutoscalingRequest request, @Nullable Caller caller);

    /**
     * What was decided, newest first: every other number of tasks, and what was only recommended, each with its reason.
     *
     * @param limit at most so many, 1 to 1,000; 100 if it isn't said
     */
    @GetExchange("/decisions")
    List<DecisionView> decisions(
            @PathVariable UUID instanceId,
            @RequestParam(required = false) @Nullable Integer limit,
            @Nullable Caller caller);

    enum Mode {
        OFF,
        /** Decides and records, and leaves the tasks alone. */
        RECOMMEND,
        ACT
    }

    /**
     * @param minTasks the fewest tasks, spare ones included; absent: what the plan allows
     * @param maxTasks the most; absent: what was ordered. More serve more calls than were ordered, up to the plan's most
     * @param shape how the ordered load spreads: factors of 48 half-hours of a day or 336 of a week from Monday, 0 to 1,
     *     the busiest 1; absent or empty: what earlier weeks had counts, and where the calls are going
     * @param timeZone of the shape, as {@code Europe/Berlin}; absent: UTC
     */
    record AutoscalingRequest(
            @NotNull Mode mode,
            @Nullable @Min(1) @Max(10_000) Integer minTasks,
            @Nullable @Min(1) @Max(10_000) Integer maxTasks,
            @Nullable List<Double> shape,
            @Nullable @Size(min = 1, max = 64) String timeZone) {}

    /**
     * @param minTasks as it was said
     * @param maxTasks as it was said
     * @param fewest tasks that there will be at least, after the plan
     * @param most likewise, after the plan and what was ordered
     * @param tasks that are wanted now
     * @param orderedTasks what the order takes at its busiest
     * @param last what the last look at the load said; absent before the first
     */
    record AutoscalingView(
            UUID instanceId,
            Mode mode,
            Optional<Integer> minTasks,
            Optional<Integer> maxTasks,
            List<Double> shape,
            String timeZone,
            int fewest,
            int most,
            int tasks,
            int orderedTasks,
            Optional<Look> last) {

        public AutoscalingView {
            shape = List.copyOf(shape);
        }
    }

    /**
     * @param calls in progress; absent if not every task told them
     * @param needed calls at once that tasks must be ready for; absent likewise
     * @param tasks as many as there should be
     */
    record Look(Instant at, Optional<Double> calls, Optional<Double> needed, int tasks, String reason) {}

    /**
     * @param mode whether it was carried out, {@code ACT}, or only recommended
     * @param calls in progress then
     * @param needed calls at once that it is for
     */
    record DecisionView(
            Instant at, Mode mode, int tasksBefore, int tasks, double calls, double needed, String reason) {}
}
