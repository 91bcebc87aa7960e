package io.switchboard.config.validation;

import io.switchboard.configprotocol.Format;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.EnumerablePropertySource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.json.JsonMapper;

/** In which line of a document each value begins. */
public final class Lines {

    private static final JsonMapper JSON = new JsonMapper();

    private Lines() {}

    /**
     * By the keys that {@link Leaves} has, from 1. What an alias stands for is where its anchor is.
     *
     * @param text that {@link Leaves} can read
     */
    public static Map<String, Integer> of(Format format, String text) {
        return switch (format) {
            case YAML -> yaml(text);
            case JSON -> json(text);
            case TEXT, PROPERTIES -> Map.of();
        };
    }

    private static Map<String, Integer> yaml(String text) {
        Map<String, Integer> lines = new HashMap<>();
        try {
            for (EnumerablePropertySource<?> source : Leaves.sources(text)) {
                for (String key : source.getPropertyNames()) {
                    if (OriginLookup.getOrigin(source, key) instanceof TextResourceOrigin origin
                            && origin.getLocation() != null) {
                        lines.put(key, origin.getLocation().getLine() + 1);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory was not readable", e);
        }
        return lines;
    }

    /** Of several values with one key the last counts, as with {@link io.switchboard.configprotocol.JsonKeys}. */
    private static Map<String, Integer> json(String text) {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = JSON.createParser(text)) {
            JsonToken before = JsonToken.NOT_AVAILABLE;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean empty = token == JsonToken.END_ARRAY && before == JsonToken.START_ARRAY;
                if (empty || token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    lines.put(
                            key(parser.streamReadContext()),
                            parser.currentTokenLocation().getLineNr());
                }
                before = token;
            }
        }
        return lines;
    }

    private static String key(TokenStreamContext place) {
        TokenStreamContext above = place.getParent();
        if (above.inRoot()) {
            return place.currentName();
        }
        return place.inArray()
                ? key(above) + "[" + place.getCurrentIndex() + "]"
                : key(above) + "." + place.currentName();
    }
}
