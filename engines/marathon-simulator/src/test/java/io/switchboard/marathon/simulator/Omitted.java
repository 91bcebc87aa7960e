package io.switchboard.marathon.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls that were made but not recorded; what was recorded shows that they were, and when. */
final class Omitted {

    /** @param at when its version says it was made */
    record Call(Instant at, String method, String target, String body) {}

    private static final Set<String> SEEN = Set.of(
            "version",
            "versionInfo",
            "tasks",
            "tasksStaged",
            "tasksRunning",
            "tasksHealthy",
            "tasksUnhealthy",
            "deployments",
            "lastTaskFailure",
            "tasksStats",
            "readinessCheckResults");

    private Omitted() {}

    static List<Call> of(Recording recording) {
        List<Call> calls = new ArrayList<>(creations(recording));
        if (recording.name().startsWith("20-")) {
            // An earlier run of the same scenario, which was cut short.
            String vr = """
                    {"id":"/vr","cmd":"sleep 100000","cpus":0.05,"mem":32,"instances":1,"portDefinitions":[],
                     "backoffSeconds":1,"env":{"V":"1"}}""";
            calls.add(new Call(at("02:05:15.591"), "POST", "/v2/apps", vr));
            calls.add(new Call(at("02:05:19.117"), "PUT", "/v2/apps//vr?force=true", "{\"env\":{\"V\":\"2\"}}"));
            calls.add(new Call(at("02:05:24.280"), "PUT", "/v2/apps//vr?force=true", "{\"instances\":2}"));
            calls.add(new Call(at("02:05:29.554"), "PUT", "/v2/apps//vr?force=true", "{\"env\":{\"V\":\"1\"}}"));
            calls.add(new Call(at("02:05:31.000"), "DELETE", "/v2/apps//vr", ""));
        }
        if (recording.name().startsWith("24-")) {
            calls.add(new Call(at("02:14:40.447"), "PUT", "/v2/apps//ks-youngest", "{\"instances\":2}"));
            calls.add(new Call(at("02:14:42.596"), "PUT", "/v2/apps//ks-youngest", "{\"instances\":3}"));
            calls.add(new Call(at("02:14:51.681"), "PUT", "/v2/apps//ks-oldest", "{\"instances\":2}"));
            calls.add(new Call(at("02:14:56.967"), "PUT", "/v2/apps//ks-oldest", "{\"instances\":3}"));
        }
        return calls;
    }

    private static Instant at(String time) {
        return Instant.parse("2026-11-23T" + time + "Z");
    }

    /** Apps that are answered although nobody was recorded creating them. */
    private static List<Call> creations(Recording recording) {
        Set<String> created = new TreeSet<>();
        Set<String> omitted = new HashSet<>();
        List<Call> calls = new ArrayList<>();
        for (Recording.Exchange exchange : recording.exchanges()) {
            if (exchange.method().equals("GET")) {
                exchange.answer().path("apps").forEach(app -> {
                    String id = app.path("id").asString();
                    if (!created.contains(id) && omitted.add(id)) {
                        calls.add(creation(app));
                    }
                });
            } else {
                named(exchange, created);
            }
        }
        return calls;
    }

    private static void named(Recording.Exchange exchange, Set<String> created) {
        if (exchange.target().startsWith("/v2/apps//")) {
            created.add(exchange.target().substring("/v2/apps/".length()).replaceAll("[?].*", ""));
        }
        if (exchange.body().startsWith("{") || exchange.body().startsWith("[")) {
            try {
                collect(Json.MAPPER.readTree(exchange.body()), Ids.ROOT, created);
            } catch (tools.jackson.core.JacksonException e) {
                return;
            }
        }
    }

    private static void collect(JsonNode node, String base, Set<String> created) {
        if (node.isArray()) {
            node.forEach(each -> collect(each, base, created));
        } else if (node.path("id").isString()) {
            String id = Ids.absolute(node.get("id").asString(), base);
            created.add(id);
            collect(node.path("apps"), id, created);
            collect(node.path("groups"), id, created);
        }
    }

    private static Call creation(JsonNode app) {
        ObjectNode body = Json.copy(app);
        SEEN.forEach(body::remove);
        return new Call(Instant.parse(app.path("version").asString()), "POST", "/v2/apps", body.toString());
    }
}
