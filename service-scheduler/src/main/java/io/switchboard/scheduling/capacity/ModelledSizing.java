package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.demand.LoadProfile;
import io.switchboard.capacity.demand.OrderedLoad;
import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.plan.CapacityPlanner;
import io.switchboard.capacity.plan.Node;
import io.switchboard.capacity.plan.Planning;
import io.switchboard.capacity.plan.Terms;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.Resources;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sizes orders with the models in force, on the nodes the engine has. */
final class ModelledSizing implements OrderSizing {

    private final Models models;
    private final Supplier<Optional<List<Node>>> nodes;

    /** @param nodes what there is; empty if there is room for whatever is asked */
    ModelledSizing(Models models, Supplier<Optional<List<Node>>> nodes) {
        this.models = models;
        this.nodes = nodes;
    }

    @Override
    public Sizing size(OrderMessage.Service service, String tenant) {
        try {
            var task = TaskKnowledge.of(models, service.serviceType(), service.consumption(), service.image(), tenant);
            return size(service, task);
        } catch (TaskKnowledge.NoModel e) {
            return new Sizing.Impossible(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return new Sizing.Impossible("The order can't be planned: " + e.getMessage() + ".");
        }
    }

    private Sizing size(OrderMessage.Service service, TaskKnowledge task) {
        var load = service.loadProfile();
        var profile = LoadProfile.busiest(load.agents(), load.callsPerHour(), load.averageHandlingSeconds());
        var ordered = OrderedLoad.of(task.traffic(), profile);
        return switch (new CapacityPlanner(task.work()).plan(ordered.load(), terms(service))) {
            case Planning.Planned plan ->
                new Sizing.Sized(
                        plan.tasks(),
                        new Resources(plan.size().cpuMillis(), plan.size().memoryMib()),
                        Optional.of(new OrderedCapacity(
                                plan.tasks(),
                                ordered.calls(),
                                service.spareTasks(),
                                service.minTasks(),
                                service.maxTasks())),
                        explanation(ordered, plan, task));
            case Planning.Refused refused -> {
                var reason = refused.reason() + " " + nearest(refused, task.traffic(), profile);
                yield switch (refused.limit()) {
                    case TASKS -> new Sizing.MoreThanThePlan(reason);
                    case NODES -> new Sizing.MoreThanTheNodes(reason);
                };
            }
        };
    }

    private Terms terms(OrderMessage.Service service) {
        return new Terms(
                service.spareTasks(), service.minTasks(), service.maxTasks(), nodes.get(), Terms.USUAL.prices());
    }

    private static String explanation(OrderedLoad ordered, Planning.Planned plan, TaskKnowledge task) {
        return Stream.of(Stream.of(ordered.explanation()), plan.explanation().lines(), task.origins().stream())
                .flatMap(lines -> lines)
                .collect(Collectors.joining(" "));
    }

    private static String nearest(Planning.Refused refused, String service, LoadProfile profile) {
        return refused.nearest()
                .map(plan -> plan.load().values().getOrDefault(Driver.CALLS, 0.0))
                .map(calls -> OrderedLoad.mostCallsPerHour(service, profile, Math.round(calls)))
                .filter(most -> most > 0)
                .map(most -> "%d calls an hour of %.0f s each would do.".formatted(most, profile.handlingSeconds()))
                .orElse("No part of this load would do.");
    }
}
