package io.switchboard.console.catalog;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.ordering.CatalogApi.ServiceType;
import io.switchboard.contracts.ordering.InstanceView;
import java.util.List;

/**
 * A parameter of a plan, as people know it.
 *
 * @param configurationKey under which a task reads it, and live configuration overrides it
 */
public record Parameter(String name, String title, String configurationKey) {

    /** The parameters of an instance's plan; none if the catalog gives no answer or no longer has the plan. */
    public static List<Parameter> of(InstanceView instance, CatalogApi catalog) {
        try {
            return of(catalog.serviceType(instance.serviceType()), instance.plan());
        } catch (RemoteProblem problem) {
            // They only make the page friendlier; it does without.
            return List.of();
        }
    }

    private static List<Parameter> of(ServiceType type, String planName) {
        return type.plans().stream()
                .filter(plan -> plan.name().equals(planName))
                .flatMap(plan -> ParameterSchema.of(plan.parametersSchema()).stream())
                .map(schema -> new Parameter(schema.name(), schema.title(), schema.configurationKey()))
                .toList();
    }
}
