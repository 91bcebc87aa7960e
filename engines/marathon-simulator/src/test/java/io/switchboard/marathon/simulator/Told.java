package io.switchboard.marathon.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What an event stream told, without ids and times, counted: Marathon's own events, since those that only pass on what
 * Mesos said come from the recording anyway.
 */
final class Told {

    private final Map<String, Integer> counts = new TreeMap<>();

    void add(String type, JsonNode data) {
        String line = line(type, data);
        if (!line.isEmpty()) {
            counts.merge(line, 1, Integer::sum);
        }
    }

    private static String line(String type, JsonNode data) {
        return switch (type) {
            case "deployment_info", "deployment_step_success" ->
                type + " " + steps(data) + " at " + actions(data.path("currentStep"));
            case "deployment_success" -> type + " " + steps(data);
            case "deployment_failed" ->
                type + " " + steps(data) + " " + data.path("reason").asString();
            case "group_change_success" -> type;
            // Other reasons are Marathon's inner words for what the answer says plainly.
            case "group_change_failed" -> data.path("reason").asString().startsWith("App is locked") ? type : "";
            case "instance_changed_event" ->
                type + " " + data.path("runSpecId").asString() + " "
                        + data.path("condition").asString();
            case "app_terminated_event" -> type + " " + data.path("appId").asString();
            case "unhealthy_instance_kill_event" ->
                type + " " + data.path("appId").asString();
            default -> "";
        };
    }

    private static String steps(JsonNode data) {
        StringBuilder steps = new StringBuilder();
        data.path("plan").path("steps").forEach(step -> steps.append(actions(step)));
        return steps.toString();
    }

    /** In no order: they are carried out together. */
    private static Set<String> actions(JsonNode step) {
        Set<String> actions = new TreeSet<>();
        step.path("actions").forEach(action -> actions.add(action.toString()));
        return actions;
    }

    List<String> differences(Told other) {
        List<String> found = new ArrayList<>();
        Set<String> lines = new TreeSet<>(counts.keySet());
        lines.addAll(other.counts.keySet());
        for (String line : lines) {
            int here = counts.getOrDefault(line, 0);
            int there = other.counts.getOrDefault(line, 0);
            if (here != there) {
                found.add(here + " times but was " + there + ": " + line);
            }
        }
        return found;
    }
}
