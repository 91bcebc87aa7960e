package io.switchboard.engine.docker;

import io.switchboard.engine.PortRange;
import io.switchboard.engine.Workload;
import io.switchboard.engine.supervision.EngineJson;
import io.switchboard.engine.supervision.Launch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a container says about itself, so that nothing has to be kept elsewhere. Variables' values are not among it:
 * they stand in the container's environment anyway.
 */
final class Labels {

    static final String PLATFORM = "io.switchboard.platform";
    static final String WORKLOAD = "io.switchboard.workload";
    static final String TASK = "io.switchboard.task";
    /** A hash over all the workload says but its number of tasks, for people and scripts that compare. */
    static final String SPEC = "io.switchboard.spec";

    /** Where a task on the host's network listens; others have no such label. */
    static final String PORTS = "io.switchboard.ports";

    private static final String LAUNCH = "io.switchboard.launch";
    private static final String DEFINITION = "io.switchboard.definition";
    private static final String VARIABLES = "io.switchboard.variables";

    private static final JsonMapper JSON = EngineJson.mapper();

    private Labels() {}

    /** @param ports by the name of the workload's port; none unless it is on the host's network */
    static Map<String, String> of(String platform, Workload workload, Launch launch, Map<String, PortRange> ports) {
        Map<String, String> labels = new HashMap<>(Map.of(
                PLATFORM, platform,
                WORKLOAD, workload.name(),
                TASK, launch.taskId(),
                SPEC, hash(workload),
                LAUNCH, JSON.writeValueAsString(launch),
                DEFINITION, JSON.writeValueAsString(withEnvironment(workload.withTasks(0), Map.of())),
                VARIABLES,
                        JSON.writeValueAsString(
                                new TreeSet<>(workload.environment().keySet()))));
        if (!ports.isEmpty()) {
            labels.put(PORTS, JSON.writeValueAsString(ports));
        }
        return labels;
    }

    /** See {@link #PORTS}; none without that label. */
    static Map<String, PortRange> ports(Map<String, String> labels) {
        String text = labels.get(PORTS);
        return text == null ? Map.of() : JSON.readValue(text, new TypeReference<Map<String, PortRange>>() {});
    }

    static Launch launch(Map<String, String> labels) {
        return JSON.readValue(labels.get(LAUNCH), Launch.class);
    }

    /** The workload without its variables and its number of tasks. */
    static Workload definition(Map<String, String> labels) {
        return JSON.readValue(labels.get(DEFINITION), Workload.class);
    }

    /** @param environment the container's, as {@code NAME=value} */
    static Workload workload(Map<String, String> labels, List<String> environment) {
        List<String> names = JSON.readValue(labels.get(VARIABLES), new TypeReference<List<String>>() {});
        Map<String, String> variables = new HashMap<>();
        for (String entry : environment) {
            String name = entry.substring(0, entry.indexOf('='));
            if (names.contains(name)) {
                variables.put(name, entry.substring(name.length() + 1));
            }
        }
        return withEnvironment(definition(labels), variables);
    }

    static String hash(Workload workload) {
        Map<String, String> sorted = new TreeMap<>(workload.environment());
        String text = JSON.writeValueAsString(withEnvironment(workload.withTasks(0), Map.of()))
                + JSON.writeValueAsString(sorted);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Workload withEnvironment(Workload workload, Map<String, String> environment) {
        return new Workload(
                workload.name(),
                workload.image(),
                workload.tasks(),
                workload.cpuMillis(),
                workload.memoryMib(),
                workload.ports(),
                environment,
                workload.health(),
                workload.stopGrace());
    }
}
