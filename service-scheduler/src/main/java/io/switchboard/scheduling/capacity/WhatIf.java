package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.demand.DayShape;
import io.switchboard.capacity.demand.Demand;
import io.switchboard.capacity.demand.LoadProfile;
import io.switchboard.capacity.demand.OrderedLoad;
import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.plan.CapacityPlanner;
import io.switchboard.capacity.plan.Node;
import io.switchboard.capacity.plan.Planning.Limit;
import io.switchboard.capacity.plan.Planning.Planned;
import io.switchboard.capacity.plan.Planning.Refused;
import io.switchboard.capacity.plan.TaskWork;
import io.switchboard.capacity.plan.Terms;
import io.switchboard.contracts.capacity.CapacityApi.PlanAnswer;
import io.switchboard.contracts.capacity.CapacityApi.PlanLimits;
import io.switchboard.contracts.capacity.CapacityApi.PlanRequest;
import io.switchboard.contracts.capacity.CapacityApi.ServicePlan;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.scheduling.Consumption;
import io.switchboard.contracts.scheduling.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plans a load that nobody has ordered, as an order of it would be planned. */
final class WhatIf {

    /** Callers in a queue at once; beyond, the queue takes long to compute and nobody means it. */
    private static final double MOST_WAITING = 500_000;

    private final Models models;
    private final Supplier<Optional<List<Node>>> nodes;

    /** @param nodes what there is; empty if there is room for whatever is asked */
    WhatIf(Models models, Supplier<Optional<List<Node>>> nodes) {
        this.models = models;
        this.nodes = nodes;
    }

    /**
     * @param tenant whose models count; empty for none's
     * @throws Problem if the request contradicts itself, work has no model, or the load is too large for the limits
     */
    PlanAnswer plan(PlanRequest request, String tenant) {
        var profile = profile(request);
        var terms = terms(request.limits());
        var plans = request.consumption() == null
                ? wholeCallCenter(profile, request, terms, tenant)
                : List.of(oneService(profile, request, request.consumption(), terms, tenant));
        return new PlanAnswer(plans, Assumed.all(profile.assumptions()));
    }

    private static LoadProfile profile(PlanRequest request) {
        var load = request.loadProfile();
        var assumed = valid("assumptions", () -> Assumed.of(numbers("assumptions", request.assumptions())));
        var shape = valid("shape", () -> request.shape() == null ? DayShape.FLAT : shape(request.shape()));
        double chats = Objects.requireNonNullElse(request.chatsPerHour(), 0);
        if (chats > 0 && request.consumption() != null) {
            throw RequestProblem.invalid(
                    "chatsPerHour", "is for a whole call center; for one service say its load in loadProfile");
        }
        double waiting = load.callsPerHour() / 3600.0 * assumed.patienceSeconds();
        if (waiting > MOST_WAITING) {
            throw RequestProblem.invalid(
                    "assumptions",
                    "let %.0f callers wait at once; at most %.0f can be planned".formatted(waiting, MOST_WAITING));
        }
        return new LoadProfile(
                load.agents(), load.callsPerHour(), load.averageHandlingSeconds(), chats, shape, assumed);
    }

    private static DayShape shape(List<Double> factors) {
        if (factors.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("each factor must be a number");
        }
        return new DayShape(factors);
    }

    private static Map<String, Double> numbers(String field, @Nullable Map<String, Double> said) {
        if (said == null) {
            return Map.of();
        }
        if (said.values().stream().anyMatch(Objects::isNull)) {
            throw RequestProblem.invalid(field, "must be numbers");
        }
        return said;
    }

    private Terms terms(@Nullable PlanLimits limits) {
        var usual = Terms.USUAL;
        return limits == null
                ? new Terms(usual.spareTasks(), usual.minTasks(), usual.maxTasks(), nodes.get(), usual.prices())
                : new Terms(limits.spareTasks(), limits.minTasks(), limits.maxTasks(), nodes.get(), usual.prices());
    }

    private ServicePlan oneService(
            LoadProfile profile, PlanRequest request, Consumption consumption, Terms terms, String tenant) {
        var task = known(
                "consumption",
                () -> TaskKnowledge.of(
                        models,
                        Objects.requireNonNullElse(request.serviceType(), ""),
                        consumption,
                        Objects.requireNonNullElse(request.image(), ""),
                        tenant));
        var service = task.traffic();
        var ordered = OrderedLoad.of(service, profile);
        var loads = request.shape() == null
                ? List.<Optional<Load>>of()
                : profile.shape().factors().stream()
                        .map(factor -> Optional.of(
                                OrderedLoad.of(service, profile.times(factor)).load()))
                        .toList();
        return plan(
                task,
                ordered.load(),
                Optional.of(ordered.explanation()),
                loads,
                terms,
                atOnce -> OrderedLoad.mostCallsPerHour(service, profile, atOnce));
    }

    private List<ServicePlan> wholeCallCenter(LoadProfile profile, PlanRequest request, Terms terms, String tenant) {
        var demands = request.shape() == null ? List.of(Demand.busiest(profile)) : Demand.of(profile);
        var plans = new ArrayList<ServicePlan>();
        Demand.peak(demands).forEach((kind, peak) -> {
            var alone = new Consumption(
                    List.of(new Consumption.Work(kind.service(), kind.mode(), 1)),
                    Optional.empty(),
                    Integer.MAX_VALUE,
                    "the models");
            var task = known("loadProfile", () -> TaskKnowledge.of(models, "", alone, "", tenant));
            var loads = request.shape() == null
                    ? List.<Optional<Load>>of()
                    : demands.stream()
                            .map(demand -> Optional.ofNullable(demand.loads().get(kind)))
                            .toList();
            plans.add(plan(task, peak, Optional.empty(), loads, terms, atOnce ->
                    (int) (profile.callsPerHour() * atOnce / calls(peak))));
        });
        return plans;
    }

    private interface CallsPerHour {
        int of(long atOnce);
    }

    private static ServicePlan plan(
            TaskKnowledge task,
            Load load,
            Optional<String> traffic,
            List<Optional<Load>> loads,
            Terms terms,
            CallsPerHour perHour) {
        var planner = new CapacityPlanner(task.work());
        return switch (planner.plan(load, terms)) {
            case Refused refused -> throw refusal(task.work(), refused, perHour);
            case Planned plan ->
                new ServicePlan(
                        task.work().toString(),
                        (int) Math.ceil(calls(load) - 1e-9),
                        plan.tasks(),
                        (int) Math.ceil(calls(plan.perTask()) - 1e-9),
                        new Resources(plan.size().cpuMillis(), plan.size().memoryMib()),
                        Stream.of(traffic.stream(), plan.explanation().lines(), task.origins().stream())
                                .flatMap(lines -> lines)
                                .toList(),
                        planner.elastic(plan, loads, terms));
        };
    }

    private static Problem refusal(TaskWork task, Refused refused, CallsPerHour perHour) {
        var nearest = new LinkedHashMap<String, Object>();
        nearest.put("work", task.toString());
        refused.nearest().ifPresent(plan -> {
            nearest.put("callsAtOnce", Math.round(calls(plan.load())));
            nearest.put("callsPerHour", perHour.of(Math.round(calls(plan.load()))));
            nearest.put("tasks", plan.tasks());
        });
        return new Problem(
                refused.limit() == Limit.NODES ? CapacityProblem.NO_ROOM : CapacityProblem.LOAD_TOO_LARGE,
                refused.reason(),
                Map.of("nearest", nearest));
    }

    private static double calls(Load load) {
        return load.values().getOrDefault(Driver.CALLS, 0.0);
    }

    private static TaskKnowledge known(String field, Supplier<TaskKnowledge> task) {
        try {
            return valid(field, task);
        } catch (TaskKnowledge.NoModel e) {
            throw new Problem(CapacityProblem.NO_MODEL, String.valueOf(e.getMessage()));
        }
    }

    private static <T> T valid(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw RequestProblem.invalid(field, String.valueOf(e.getMessage()));
        }
    }
}
