package io.switchboard.starter.problem;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says in words what a field takes, to whoever sent something else. */
final class Expectation {

    private static final Set<Class<?>> INTEGERS = Set.of(int.class, Integer.class, long.class, Long.class);

    private Expectation() {}

    /** @param type what the field holds; null if that isn't known */
    static String of(@Nullable Class<?> type) {
        if (type == null) {
            return "has a value of the wrong type or range";
        }
        if (type.isEnum()) {
            return oneOf(Arrays.stream(type.getEnumConstants()).map(String::valueOf));
        }
        if (INTEGERS.contains(type)) {
            return "must be a whole number within range";
        }
        if (type == String.class) {
            return "must be text";
        }
        if (type == UUID.class) {
            return "must be an id of the form 01234567-89ab-cdef-0123-456789abcdef";
        }
        if (type == Instant.class) {
            return "must be a time of the form 2026-03-02T09:00:00Z";
        }
        if (type == Duration.class) {
            return "must be a duration of the form P7D or PT36H";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "must be an array";
        }
        return type.isRecord() || Map.class.isAssignableFrom(type)
                ? "must be an object"
                : "has a value of the wrong type or range";
    }

    /** The field that tells which of several forms a body has. */
    static String kindField(Class<?> base) {
        var info = base.getAnnotation(JsonTypeInfo.class);
        return info == null ? "" : info.property();
    }

    /** The forms that a body may have. */
    static String kindOf(Class<?> base) {
        var forms = base.getAnnotation(JsonSubTypes.class);
        return forms == null ? of(null) : oneOf(Arrays.stream(forms.value()).map(JsonSubTypes.Type::name));
    }

    private static String oneOf(Stream<String> values) {
        return values.collect(Collectors.joining(", ", "must be one of ", ""));
    }
}
