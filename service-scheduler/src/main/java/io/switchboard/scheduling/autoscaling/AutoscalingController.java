package io.switchboard.scheduling.autoscaling;

import io.switchboard.capacity.demand.DayShape;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.scheduling.AutoscalingApi;
import io.switchboard.scheduling.capacity.OrderedCapacity;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Interventions;
import io.switchboard.scheduling.deployment.Limits;
import io.switchboard.scheduling.deployment.RolloutProblem;
import io.switchboard.scheduling.deployment.VisibleDeployments;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AutoscalingController implements AutoscalingApi {

    private final VisibleDeployments visible;
    private final Interventions interventions;
    private final AutoscalingTables tables;
    private final TransactionTemplate transaction;
    private final Clock clock;

    AutoscalingController(
            VisibleDeployments visible,
            Interventions interventions,
            AutoscalingTables tables,
            TransactionTemplate transaction,
            Clock clock) {
        this.visible = visible;
        this.interventions = interventions;
        this.tables = tables;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public AutoscalingView autoscaling(UUID instanceId, @Nullable Caller caller) {
        return view(visible.one(instanceId, caller), tables.of(instanceId));
    }

    @Override
    public AutoscalingView autoscale(UUID instanceId, AutoscalingRequest request, @Nullable Caller caller) {
        var deployment = visible.one(instanceId, caller);
        RolloutProblem.refuseUnlessRunning(deployment);
        var said = new Autoscaling(
                request.mode(),
                Optional.ofNullable(request.minTasks()),
                Optional.ofNullable(request.maxTasks()),
                Optional.ofNullable(request.shape())
                        .filter(factors -> !factors.isEmpty())
                        .map(AutoscalingController::shape),
                zone(Objects.requireNonNullElse(request.timeZone(), "UTC")),
                Optional.empty());
        deployment.desired().ordered().ifPresent(ordered -> check(said, ordered));
        if (!said.saysTheSameAs(tables.of(instanceId))) {
            transaction.executeWithoutResult(status -> {
                tables.save(instanceId, said, clock.instant());
                interventions.note(instanceId, said.words(), Interventions.who(caller));
            });
        }
        return view(deployment, tables.of(instanceId));
    }

    private static void check(Autoscaling said, OrderedCapacity ordered) {
        int least = said.minTasks().orElse(ordered.fewestTasks());
        int most = said.maxTasks().orElse(ordered.tasks());
        if (least < ordered.fewestTasks()) {
            throw RequestProblem.invalid(
                    "minTasks",
                    "must be at least %d, the plan's fewest and %d spare"
                            .formatted(ordered.fewestTasks(), ordered.spareTasks()));
        }
        if (most > ordered.maxTasks()) {
            throw RequestProblem.invalid(
                    "maxTasks", "must be at most %d, the plan's most".formatted(ordered.maxTasks()));
        }
        if (least > most) {
            throw said.maxTasks().isPresent()
                    ? RequestProblem.invalid(
                            "maxTasks", "must be at least %d, the fewest there may be".formatted(least))
                    : RequestProblem.invalid(
                            "minTasks",
                            "must be at most %d, what was ordered, unless maxTasks allows more".formatted(most));
        }
    }

    private static DayShape shape(List<Double> factors) {
        try {
            if (factors.stream().anyMatch(Objects::isNull)) {
                throw new IllegalArgumentException("each factor must be a number");
            }
            return new DayShape(factors);
        } catch (IllegalArgumentException e) {
            throw RequestProblem.invalid("shape", String.valueOf(e.getMessage()));
        }
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw RequestProblem.invalid("timeZone", "must be a time zone as Europe/Berlin or UTC");
        }
    }

    @Override
    public List<DecisionView> decisions(UUID instanceId, @Nullable Integer limit, @Nullable Caller caller) {
        visible.one(instanceId, caller);
        return tables.decisions(instanceId, Limits.entries("limit", limit, 100));
    }

    private static AutoscalingView view(Deployment one, Autoscaling said) {
        int tasks = one.desired().tasks();
        var ordered = one.desired().ordered();
        return new AutoscalingView(
                one.id(),
                said.mode(),
                said.minTasks(),
                said.maxTasks(),
                said.shape().map(DayShape::factors).orElse(List.of()),
                said.timeZone().getId(),
                ordered.map(said::fewest).orElse(tasks),
                ordered.map(said::most).orElse(tasks),
                tasks,
                ordered.map(OrderedCapacity::tasks).orElse(tasks),
                said.last());
    }
}
