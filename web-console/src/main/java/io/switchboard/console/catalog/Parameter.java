package io.switchboard.console.catalog;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.ordering.CatalogApi.ServiceType;
import io.switchboard.contracts.ordering.InstanceView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
                .flatMap(plan -> properties(plan.parametersSchema()).entrySet().stream())
                .map(property -> of(String.valueOf(property.getKey()), property.getValue()))
                .toList();
    }

    private static Map<?, ?> properties(Map<String, Object> schema) {
        return schema.get("properties") instanceof Map<?, ?> map ? map : Map.of();
    }

    private static Parameter of(String name, @Nullable Object schema) {
        return new Parameter(
                name,
                text(schema, "title").orElse(name),
                text(schema, "configurationKey").orElse(name));
    }

    private static Optional<String> text(@Nullable Object schema, String member) {
        return schema instanceof Map<?, ?> map
                ? Optional.ofNullable(map.get(member)).map(String::valueOf)
                : Optional.empty();
    }
}
