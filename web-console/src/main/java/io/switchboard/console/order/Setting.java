package io.switchboard.console.order;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a plan, read from the JSON schema of its parameters.
 *
 * @param field the form field's name
 * @param options what can be chosen, for a {@link Kind#CHOICE}
 * @param minimum as an HTML input takes it, null if the schema sets none; {@code maximum}, {@code pattern} and
 *     {@code maxLength} likewise
 * @param value what the field holds when it is shown
 */
record Setting(
        String name,
        String field,
        String title,
        String description,
        Kind kind,
        boolean required,
        List<String> options,
        @Nullable String minimum,
        @Nullable String maximum,
        @Nullable String pattern,
        @Nullable String maxLength,
        String value) {

    enum Kind {
        TEXT,
        CHOICE,
        WHOLE_NUMBER,
        NUMBER,
        SWITCH
    }

    static final String PREFIX = "parameters.";

    /** The settings a plan's schema asks for, in its order. */
    static List<Setting> of(Map<String, Object> schema) {
        Collection<?> required = schema.get("required") instanceof Collection<?> names ? names : List.of();
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> map ? map : Map.of();
        return properties.entrySet().stream()
                .filter(property -> property.getValue() instanceof Map<?, ?>)
                .map(property -> of(
                        String.valueOf(property.getKey()),
                        (Map<?, ?>) property.getValue(),
                        required.contains(property.getKey())))
                .toList();
    }

    private static Setting of(String name, Map<?, ?> schema, boolean required) {
        List<String> options = schema.get("enum") instanceof Collection<?> values
                ? values.stream().map(String::valueOf).toList()
                : List.of();
        return new Setting(
                name,
                PREFIX + name,
                text(schema, "title").orElse(name),
                text(schema, "description").orElse(""),
                kind(schema, options),
                required,
                options,
                text(schema, "minimum").orElse(null),
                text(schema, "maximum").orElse(null),
                text(schema, "pattern").orElse(null),
                text(schema, "maxLength").orElse(null),
                text(schema, "default").orElse(""));
    }

    private static Kind kind(Map<?, ?> schema, List<String> options) {
        if (!options.isEmpty()) {
            return Kind.CHOICE;
        }
        return switch (text(schema, "type").orElse("string")) {
            case "integer" -> Kind.WHOLE_NUMBER;
            case "number" -> Kind.NUMBER;
            case "boolean" -> Kind.SWITCH;
            default -> Kind.TEXT;
        };
    }

    private static Optional<String> text(Map<?, ?> schema, String member) {
        return Optional.ofNullable(schema.get(member)).map(String::valueOf);
    }

    Setting withValue(String typed) {
        return new Setting(
                name, field, title, description, kind, required, options, minimum, maximum, pattern, maxLength, typed);
    }

    public boolean isOn() {
        return value.equals("true");
    }

    /** What a form says about a switch: nothing at all when it is off. */
    Setting filledFrom(Map<String, String> form) {
        String absent = kind == Kind.SWITCH ? "false" : "";
        return withValue(form.getOrDefault(field, absent).strip());
    }

    public boolean isFilled() {
        return !value.isEmpty();
    }

    /** The value in JSON's type; empty if what was typed is none. */
    Optional<Object> typed() {
        return switch (kind) {
            case TEXT, CHOICE -> Optional.of(value);
            case SWITCH -> Optional.of(isOn());
            case WHOLE_NUMBER -> value.matches("-?\\d{1,18}") ? Optional.of(Long.parseLong(value)) : Optional.empty();
            case NUMBER ->
                value.matches("-?\\d{1,18}(\\.\\d{1,18})?") ? Optional.of(new BigDecimal(value)) : Optional.empty();
        };
    }
}
