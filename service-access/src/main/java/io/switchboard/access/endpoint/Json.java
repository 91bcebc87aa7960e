package io.switchboard.access.endpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/** What we store; a field that a later version wrote is passed over. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    /** @throws JacksonException if it holds no such value; {@code null} is none */
    static <T> T read(String json, Class<T> type) {
        return present(MAPPER.readValue(json, type), type);
    }

    /** An array, or one value for an array of one. */
    static <T> List<T> readAll(String json, Class<T> type) {
        List<T> values = MAPPER.readerForListOf(type)
                .with(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                .readValue(json);
        return present(values, List.class).stream()
                .map(value -> present(value, type))
                .toList();
    }

    private static <T> T present(@Nullable T value, Class<?> type) {
        if (value == null) {
            throw MismatchedInputException.from((JsonParser) null, type, "must not be null");
        }
        return value;
    }

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
