package io.switchboard.marathon.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A call over HTTP.
 *
 * @param path decoded
 * @param headers names in lower case
 */
record Request(String method, String path, Map<String, List<String>> query, Map<String, String> headers, String body) {

    /** @param target path and query, as in the request line */
    static Request of(String method, String target, Map<String, String> headers, String body) {
        int mark = target.indexOf('?');
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String pair : target.substring(mark + 1).split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                query.computeIfAbsent(decode(name), key -> new ArrayList<>())
                        .add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        Map<String, String> lower = new LinkedHashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        return new Request(method, decode(mark < 0 ? target : target.substring(0, mark)), query, lower, body);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst);
    }

    boolean flag(String name) {
        return parameter(name).map(Boolean::parseBoolean).orElse(false);
    }

    List<String> all(String name) {
        return query.getOrDefault(name, List.of());
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    boolean writes() {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    JsonNode json() {
        if (body.isEmpty()) {
            throw new Refusal(Answer.json(
                    400,
                    Json.object("message", "Please specify data in JSON format")
                            .put(
                                    "details",
                                    "No content to map due to end-of-input\n at [Source: (byte[])\"\"; line: 1,"
                                            + " column: 0]")));
        }
        try {
            return Json.MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw new Refusal(Answer.json(
                    400,
                    Json.object("message", "Invalid JSON").put("details", String.valueOf(e.getOriginalMessage()))));
        }
    }
}
