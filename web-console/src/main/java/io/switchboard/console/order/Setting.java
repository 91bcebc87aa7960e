package io.switchboard.console.order;

import io.switchboard.console.catalog.ParameterSchema;
import java.math.BigDecimal;
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
    static List<Setting> of(Map<String, Object> plan) {
        return ParameterSchema.of(plan).stream().map(Setting::of).toList();
    }

    private static Setting of(ParameterSchema schema) {
        return new Setting(
                schema.name(),
                PREFIX + schema.name(),
                schema.title(),
                schema.text("description").orElse(""),
                kind(schema),
                schema.required(),
                schema.options(),
                schema.text("minimum").orElse(null),
                schema.text("maximum").orElse(null),
                schema.text("pattern").orElse(null),
                schema.text("maxLength").orElse(null),
                schema.text("default").orElse(""));
    }

    private static Kind kind(ParameterSchema schema) {
        if (!schema.options().isEmpty()) {
            return Kind.CHOICE;
        }
        return switch (schema.text("type").orElse("string")) {
            case "integer" -> Kind.WHOLE_NUMBER;
            case "number" -> Kind.NUMBER;
            case "boolean" -> Kind.SWITCH;
            default -> Kind.TEXT;
        };
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
