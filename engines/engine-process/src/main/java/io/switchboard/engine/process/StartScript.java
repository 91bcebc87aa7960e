package io.switchboard.engine.process;

import io.switchboard.engine.Workload;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The shell script that becomes a task: it sets the environment and turns into the program.
 *
 * <p>A script, because Java passes variables on in the encoding of the JVM's locale, which may have no letters but
 * English ones; and because it keeps secrets off the command line, where everybody can read them.
 */
final class StartScript {

    private StartScript() {}

    static String of(List<String> command, Map<String, String> environment) {
        StringBuilder script = new StringBuilder("#!/bin/sh\n");
        new TreeMap<>(environment)
                .forEach((name, value) -> script.append("export ")
                        .append(name)
                        .append('=')
                        .append(quoted(value))
                        .append('\n'));
        script.append("exec");
        command.forEach(word -> script.append(' ').append(quoted(word)));
        return script.append('\n').toString();
    }

    /**
     * The workload's variables, and those of the engine, which win. A Spring Boot program listens where they say and, by
     * {@code SERVER_ADDRESS}, nowhere else: past the balancer nobody should get in from outside.
     */
    static Map<String, String> environment(Workload workload, TaskRecord task, String host, String mediaAddress) {
        Map<String, String> environment = new TreeMap<>(workload.environment());
        for (Workload.Port port : workload.singlePorts()) {
            String number = String.valueOf(task.ports().get(port.name()));
            environment.put(port.variable(), number);
            if (port.name().equals("http")) {
                environment.put("SERVER_PORT", number);
                environment.put("SERVER_ADDRESS", host);
            }
        }
        environment.putAll(workload.mediaVariables(task.media(), mediaAddress));
        environment.put(Launcher.TASK_ID, task.id());
        return environment;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
