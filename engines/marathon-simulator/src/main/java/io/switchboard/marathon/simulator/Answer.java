package io.switchboard.marathon.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer over HTTP.
 *
 * @param body as sent; empty for none
 */
public record Answer(int status, Map<String, String> headers, String body) {

    public Answer {
        headers = Map.copyOf(headers);
    }

    static Answer json(int status, JsonNode body) {
        return new Answer(status, Map.of("Content-Type", "application/json"), body.toString());
    }

    static Answer empty(int status) {
        return new Answer(status, Map.of(), "");
    }

    static Answer text(int status, String body) {
        return new Answer(status, Map.of("Content-Type", "text/plain"), body);
    }

    /** As Jetty does where no Marathon code answers. */
    static Answer html(int status, String path, String reason) {
        return new Answer(
                status, Map.of("Content-Type", "text/html;charset=iso-8859-1"), """
                <html>
                <head>
                <meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
                <title>Error %1$d %3$s</title>
                </head>
                <body><h2>HTTP ERROR %1$d</h2>
                <p>Problem accessing %2$s. Reason:
                <pre>    %3$s</pre></p>
                </body>
                </html>
                """.formatted(status, path, reason));
    }

    static Answer message(int status, String message) {
        return json(status, Json.object("message", message));
    }

    static Answer missing(String message) {
        ObjectNode body = Json.object("message", message);
        body.putArray("details");
        return json(404, body);
    }

    static Answer deployment(int status, Plan plan) {
        return json(status, Json.object("deploymentId", plan.id()).put("version", plan.version()))
                .with("Marathon-Deployment-Id", plan.id());
    }

    Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body);
    }
}
