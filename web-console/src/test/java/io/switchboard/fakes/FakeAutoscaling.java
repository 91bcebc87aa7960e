package io.switchboard.fakes;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.scheduling.AutoscalingApi;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Instances of five tasks, of which three would do; once acted upon, three there are. */
@RestController
class FakeAutoscaling implements AutoscalingApi {

    private static final int ORDERED = 5;
    private static final String REASON = "12 calls in progress, 18 in 3 min as they go, 140 in earlier weeks."
            + " At most 150 in the last 15 min. That takes 3 tasks, 75 calls each and 1 spare, instead of 5.";

    private final World world;
    private final Map<UUID, AutoscalingRequest> said = new ConcurrentHashMap<>();

    FakeAutoscaling(World world) {
        this.world = world;
    }

    @Override
    public AutoscalingView autoscaling(UUID instanceId, @Nullable Caller caller) {
        world.rollout(instanceId, FakeOrders.signedIn(caller));
        var request = said.getOrDefault(instanceId, new AutoscalingRequest(Mode.OFF, null, null, null, null));
        return new AutoscalingView(
                instanceId,
                request.mode(),
                Optional.ofNullable(request.minTasks()),
                Optional.ofNullable(request.maxTasks()),
                Objects.requireNonNullElse(request.shape(), List.of()),
                Objects.requireNonNullElse(request.timeZone(), "UTC"),
                Objects.requireNonNullElse(request.minTasks(), 2),
                Objects.requireNonNullElse(request.maxTasks(), ORDERED),
                request.mode() == Mode.ACT ? 3 : ORDERED,
                ORDERED,
                request.mode() == Mode.OFF
                        ? Optional.empty()
                        : Optional.of(new Look(Instant.now(), Optional.of(12.0), Optional.of(150.0), 3, REASON)));
    }

    @Override
    public AutoscalingView autoscale(
            UUID instanceId, @RequestBody @Valid AutoscalingRequest request, @Nullable Caller caller) {
        world.rollout(instanceId, FakeOrders.signedIn(caller));
        if (Objects.requireNonNullElse(request.maxTasks(), ORDERED) > 10) {
            throw new Problem(
                    RequestProblem.INVALID_REQUEST,
                    "Autoscaling can't be set so: maxTasks must be at most 10, as the plan says.",
                    Map.of(
                            "errors",
                            List.of(Map.of("field", "maxTasks", "message", "must be at most 10, as the plan says"))));
        }
        said.put(instanceId, request);
        return autoscaling(instanceId, caller);
    }

    @Override
    public List<DecisionView> decisions(UUID instanceId, @Nullable Integer limit, @Nullable Caller caller) {
        var view = autoscaling(instanceId, caller);
        return view.last()
                .map(look -> List.of(new DecisionView(look.at(), view.mode(), ORDERED, 3, 12, 150, REASON)))
                .orElse(List.of());
    }
}
