package io.switchboard.access.endpoint;

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

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
