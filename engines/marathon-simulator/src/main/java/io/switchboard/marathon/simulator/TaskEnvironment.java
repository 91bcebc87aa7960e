package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Cluster.Launch;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The variables Marathon gives a task; the app's own win. */
final class TaskEnvironment {

    private TaskEnvironment() {}

    static Programs.Task task(Launch launch) {
        JsonNode spec = launch.spec();
        return new Programs.Task(
                launch.taskId(),
                spec.path("id").asString(),
                spec.path("cmd").asString(""),
                spec.path("container").path("docker").path("image").asString(""),
                of(launch),
                spec.path("mem").asInt());
    }

    private static Map<String, String> of(Launch launch) {
        JsonNode spec = launch.spec();
        Map<String, String> environment = new TreeMap<>();
        environment.put("MARATHON_APP_ID", spec.path("id").asString());
        environment.put("MARATHON_APP_VERSION", spec.path("version").asString());
        environment.put("MARATHON_APP_RESOURCE_CPUS", spec.path("cpus").asString());
        environment.put("MARATHON_APP_RESOURCE_MEM", spec.path("mem").asString());
        environment.put("MESOS_TASK_ID", launch.taskId());
        environment.put("MESOS_SANDBOX", ".");
        environment.put("HOST", launch.agent().host());
        ports(launch, environment);
        spec.path("env")
                .properties()
                .forEach(variable ->
                        environment.put(variable.getKey(), variable.getValue().asString()));
        return environment;
    }

    private static void ports(Launch launch, Map<String, String> environment) {
        List<Integer> ports = launch.hostPorts();
        for (int n = 0; n < ports.size(); n++) {
            String port = Integer.toString(ports.get(n));
            environment.put("PORT" + n, port);
            JsonNode definition = launch.spec().path("portDefinitions").path(n);
            if (definition.has("name")) {
                environment.put(
                        "PORT_"
                                + definition
                                        .get("name")
                                        .asString()
                                        .toUpperCase(Locale.ROOT)
                                        .replace('-', '_'),
                        port);
            }
        }
        if (!ports.isEmpty()) {
            environment.put("PORT", Integer.toString(ports.getFirst()));
            environment.put(
                    "PORTS",
                    String.join(",", ports.stream().map(String::valueOf).toList()));
        }
    }
}
