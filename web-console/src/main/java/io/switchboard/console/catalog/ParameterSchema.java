package io.switchboard.console.catalog;

import io.switchboard.contracts.ordering.CatalogApi.Plan;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plan's schema says of one parameter.
 *
 * @param keywords of the JSON schema, with their values
 */
public record ParameterSchema(String name, boolean required, Map<?, ?> keywords) {

    /** Of each parameter, in the schema's order. */
    public static List<ParameterSchema> of(Map<String, Object> plan) {
        Collection<?> required = plan.get("required") instanceof Collection<?> names ? names : List.of();
        Map<?, ?> properties = plan.get("properties") instanceof Map<?, ?> map ? map : Map.of();
        return properties.entrySet().stream()
                .map(property -> new ParameterSchema(
                        String.valueOf(property.getKey()),
                        required.contains(property.getKey()),
                        // true and false are schemas too, which say nothing to people.
                        property.getValue() instanceof Map<?, ?> keywords ? keywords : Map.of()))
                .toList();
    }

    public String title() {
        return text("title").orElse(name);
    }

    /** Under which a task reads the parameter. */
    String configurationKey() {
        return text(Plan.CONFIGURATION_KEY).orElse(name);
    }

    public Optional<String> text(String keyword) {
        return Optional.ofNullable(keywords.get(keyword)).map(String::valueOf);
    }

    /** What can be chosen; empty for anything. */
    public List<String> options() {
        return keywords.get("enum") instanceof Collection<?> values
                ? values.stream().map(String::valueOf).toList()
                : List.of();
    }
}
