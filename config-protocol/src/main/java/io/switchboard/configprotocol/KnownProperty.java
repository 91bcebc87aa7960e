package io.switchboard.configprotocol;

import java.util.List;
import java.util.Optional;

/**
 * A property that an application is bound to, as Spring Boot's configuration metadata describes it.
 *
 * @param name lower case with dashes, as in {@code routing.max-wait}
 * @param type a Java type with its parameters, as in {@code java.util.List<java.lang.Integer>}; empty if it isn't known
 * @param description one or more sentences; empty if there is none, or it was left out
 * @param values an enum's constants; empty if the type is none
 */
public record KnownProperty(
        String name,
        String type,
        String description,
        Optional<String> defaultValue,
        Optional<Deprecation> deprecation,
        List<String> values,
        List<Constraint> constraints) {

    /**
     * @param reason empty if none is given
     * @param replacement the property to use instead; empty if there is none
     * @param ended whether it has no effect any more
     */
    public record Deprecation(String reason, String replacement, boolean ended) {}

    public KnownProperty {
        values = List.copyOf(values);
        constraints = List.copyOf(constraints);
    }

    public KnownProperty with(List<Constraint> others) {
        return new KnownProperty(name, type, description, defaultValue, deprecation, values, others);
    }
}
