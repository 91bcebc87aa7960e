package io.switchboard.marathon.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * What a real Marathon 1.10.26 was asked, answered and told its event stream, over a simulated Mesos.
 *
 * @param start when the scenario's clock showed 0
 */
record Recording(String name, Instant start, List<Exchange> exchanges, List<Event> events) {

    /** @param at since the scenario began, as sent; {@code took} until the answer was there */
    record Exchange(
            int number,
            Duration at,
            Duration took,
            String method,
            String target,
            Map<String, String> headers,
            String body,
            int status,
            JsonNode answer) {}

    record Event(Instant at, String type, JsonNode data) {}

    static Recording read(String name) {
        JsonNode json;
        try (InputStream in = Recording.class.getResourceAsStream("/recordings/" + name)) {
            json = Json.MAPPER.readTree(Objects.requireNonNull(in, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Instant start = Instant.MIN;
        List<Event> events = new ArrayList<>();
        for (JsonNode event : json.path("events")) {
            Instant at = Instant.parse(event.path("data").path("timestamp").asString());
            events.add(new Event(at, event.path("event").asString(), event.path("data")));
            // What arrived with the least delay tells best when the scenario began.
            Instant began = at.minus(millis(event.path("at").asDouble() * 1000));
            start = began.isAfter(start) ? began : start;
        }
        events.sort((one, other) -> one.at().compareTo(other.at()));
        List<Exchange> exchanges = new ArrayList<>();
        for (JsonNode exchange : json.path("exchanges")) {
            exchanges.add(exchange(exchanges.size(), exchange));
        }
        exchanges.sort((one, other) -> one.at().compareTo(other.at()));
        Instant recorded = Instant.parse(json.path("recordedAt").asString());
        return new Recording(name, events.isEmpty() ? recorded : start, exchanges, events);
    }

    private static Exchange exchange(int number, JsonNode json) {
        Map<String, String> headers = new HashMap<>();
        json.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString()));
        JsonNode body = json.path("body");
        return new Exchange(
                number,
                millis(json.path("at").asDouble() * 1000),
                millis(json.path("ms").asDouble()),
                json.path("method").asString(),
                json.path("target").asString(),
                headers,
                body.isString() ? body.asString() : body.isMissingNode() ? "" : body.toString(),
                json.path("status").asInt(),
                json.path("answer"));
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos(Math.round(millis * 1e6));
    }
}
