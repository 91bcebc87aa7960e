package io.switchboard.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A deployment's revision in the form an engine takes it.
 *
 * @param name lower-case letters, digits and dashes, at most 63; unique over instances and revisions
 * @param image what to run: a repository with digest or tag, or a bare name the process engine has a program for
 * @param tasks how many to keep running, 0 or more
 * @param ports where each task listens; the engine assigns the ports that others see, and tells the task in
 *     {@code PORT_<NAME>} where to listen
 * @param environment variables of each task; may hold secrets and is never logged
 * @param health how readiness is found out
 * @param stopGrace time from SIGTERM to SIGKILL
 */
public record Workload(
        String name,
        String image,
        int tasks,
        int cpuMillis,
        int memoryMib,
        List<Port> ports,
        Map<String, String> environment,
        Health health,
        Duration stopGrace) {

    public Workload {
        if (!name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("name must be letters, digits and dashes, at most 63, but was " + name);
        }
        if (tasks < 0) {
            throw new IllegalArgumentException("tasks must not be negative but was " + tasks);
        }
        if (cpuMillis < 1) {
            throw new IllegalArgumentException("cpuMillis must be at least 1 but was " + cpuMillis);
        }
        if (memoryMib < 16) {
            throw new IllegalArgumentException("memoryMib must be at least 16 but was " + memoryMib);
        }
        ports = List.copyOf(ports);
        environment = Map.copyOf(environment);
    }

    public Workload withTasks(int wanted) {
        return new Workload(name, image, wanted, cpuMillis, memoryMib, ports, environment, health, stopGrace);
    }

    @Override
    public String toString() {
        return "Workload[" + name + " " + image + " tasks=" + tasks + " cpuMillis=" + cpuMillis + " memoryMib="
                + memoryMib + " env=" + environment.keySet() + "]";
    }

    /** @param number where the task listens inside a container, 1 to 65535; ignored by engines without containers */
    public record Port(String name, int number) {}

    /** How an engine finds out whether a task is ready. */
    public sealed interface Health {

        /** Ready as soon as it runs. */
        record Running() implements Health {}

        /**
         * Ready once {@code GET path} on the named port answers 200 to 299, looked at every interval; unhealthy after
         * three failures in a row, and replaced after that.
         */
        record Http(String port, String path, Duration interval, Duration timeout, Duration startGrace)
                implements Health {}
    }
}
