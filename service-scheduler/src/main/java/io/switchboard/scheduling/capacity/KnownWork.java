package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.ConsumptionModel;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Knee;
import io.switchboard.capacity.model.Resource;
import io.switchboard.capacity.plan.Part;
import java.util.List;
import java.util.Map;

/**
 * What is known of a kind of work.
 *
 * @param widening what its CPU is multiplied by, because use has left the models; at least 1
 * @param origin where that comes from and for whom it was measured, in sentences
 */
record KnownWork(Kind kind, Map<Resource, ConsumptionModel> models, List<Knee> knees, double widening, String origin) {

    boolean isComplete() {
        return models.keySet().containsAll(List.of(Resource.CPU, Resource.MEMORY));
    }

    /** @throws IllegalArgumentException if CPU or memory has no model */
    Part part(double perCall) {
        return new Part(kind, models, knees, perCall, widening);
    }
}
