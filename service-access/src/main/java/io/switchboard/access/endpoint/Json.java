package io.switchboard.access.endpoint;

import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What we store; a field that a later version wrote is passed over. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** An array, or one value for an array of one. */
    static <T> List<T> readAll(String json, Class<T> type) {
        return MAPPER.readerForListOf(type)
                .with(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                .readValue(json);
    }

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
