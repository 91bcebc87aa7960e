package io.switchboard.capacity.plan;

import io.switchboard.capacity.model.ConsumptionModel;
import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Knee;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.model.Resource;
import java.util.List;
import java.util.Map;

/**
 * A kind of work that a task does, with what is known of its consumption.
 *
 * @param perCall how many of the models' calls one call of the load is, more than 0: two for a recorder that gets each
 *     side of a call as a stream of its own
 * @param widening what the CPU that the models ask for is multiplied by, because use has left them; at least 1
 */
public record Part(
        Kind kind, Map<Resource, ConsumptionModel> models, List<Knee> knees, double perCall, double widening) {

    /** Whose use is as its models expect. */
    public Part(Kind kind, Map<Resource, ConsumptionModel> models, List<Knee> knees, double perCall) {
        this(kind, models, knees, perCall, 1);
    }

    /** @throws IllegalArgumentException if CPU or memory has no model */
    public Part {
        models = Map.copyOf(models);
        knees = List.copyOf(knees);
        if (!(perCall > 0) || Double.isInfinite(perCall)) {
            throw new IllegalArgumentException("perCall must be greater than 0 but was " + perCall);
        }
        if (!(widening >= 1) || Double.isInfinite(widening)) {
            throw new IllegalArgumentException("widening must be at least 1 but was " + widening);
        }
        model(models, Resource.CPU, kind);
        model(models, Resource.MEMORY, kind);
    }

    private static ConsumptionModel model(Map<Resource, ConsumptionModel> models, Resource resource, Kind kind) {
        var model = models.get(resource);
        if (model == null) {
            throw new IllegalArgumentException(
                    "there is no model of " + resource.code() + " for " + kind.service() + ", " + kind.mode());
        }
        return model;
    }

    ConsumptionModel cpu() {
        return model(models, Resource.CPU, kind);
    }

    ConsumptionModel memory() {
        return model(models, Resource.MEMORY, kind);
    }

    /** The load in this work's own calls. */
    Load own(Load load) {
        return perCall == 1 ? load : load.times(perCall);
    }

    /** Calls of a load that one task was measured with at most. */
    double mostCalls() {
        return cpu().measured(Driver.CALLS) / perCall;
    }

    /** The CPU in cores that a second rarely exceeds. */
    double bound(Load load) {
        return widening * cpu().reservation(own(load));
    }

    /** The CPU in cores that keeps the mean far enough below the limit. */
    double clear(Load load) {
        return widening * cpu().mean(own(load)) / TaskSize.CLEAR;
    }

    /**
     * The CPU in cores with which the highest load that was good under a limit is still good, in proportion; 0 if no run
     * with a limit broke.
     */
    double knee(Load load) {
        double calls = own(load).values().getOrDefault(Driver.CALLS, 0.0);
        return knees.stream()
                .filter(knee -> knee.calls() > 0)
                .mapToDouble(knee -> widening * calls * knee.limit() / knee.calls())
                // Two runs of one service: the one that was good with less shows what is possible.
                .min()
                .orElse(0);
    }

    @Override
    public String toString() {
        return kind.service() + " (" + kind.mode() + ")";
    }
}
