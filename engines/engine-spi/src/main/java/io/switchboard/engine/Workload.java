package io.switchboard.engine;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A deployment's revision in the form an engine takes it.
 *
 * @param name lower-case letters, digits and dashes, at most 63; unique over instances and revisions
 * @param image what to run: a repository with digest or tag, or a bare name the process engine has a program for
 * @param tasks how many to keep running, 0 or more
 * @param ports where each task listens; the engine assigns the ports that others see, and tells the task in
 *     {@code PORT_<NAME>} where to listen
 * @param environment variables of each task; may hold secrets and is never logged. The engine adds {@code
 *     PORT_<NAME>} for each port, {@code SERVER_PORT} for the one called {@code http}, and {@code
 *     SWITCHBOARD_TASK_ID}; these win over variables of the same name
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

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    public Workload {
        if (!NAME.matcher(name).matches()) {
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

    /** Whether an engine may treat the other as this workload with another number of tasks. */
    public boolean differsAtMostInTasks(Workload other) {
        return withTasks(0).equals(other.withTasks(0));
    }

    /**
     * What makes this workload impossible on every engine, as a sentence; empty if nothing does. Engines answer it
     * with {@link Acceptance.Reason#INVALID}: names of variables must be such that every shell can pass them on.
     */
    public Optional<String> contradiction() {
        Set<String> names = new HashSet<>();
        Set<String> variables = new HashSet<>();
        for (Port port : ports) {
            if (!names.add(port.name()) || !variables.add(port.variable())) {
                return Optional.of("two ports are called " + port.name());
            }
        }
        if (health instanceof Health.Http http && !names.contains(http.port())) {
            return Optional.of("health is asked at port " + http.port() + ", but the ports are " + names);
        }
        for (var variable : environment.entrySet()) {
            if (!VARIABLE.matcher(variable.getKey()).matches()) {
                return Optional.of("a variable's name must be letters, digits and underscores but was '"
                        + variable.getKey() + "'");
            }
            if (variable.getValue().indexOf('\0') >= 0) {
                return Optional.of("the value of variable " + variable.getKey() + " has a NUL character");
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "Workload[" + name + " " + image + " tasks=" + tasks + " cpuMillis=" + cpuMillis + " memoryMib="
                + memoryMib + " env=" + environment.keySet() + "]";
    }

    /**
     * @param name lower-case letters, digits and dashes, starting with a letter
     * @param number where the task listens inside a container, 1 to 65535; ignored by engines without containers
     * @param udp whether it takes datagrams; connections of TCP otherwise
     */
    public record Port(String name, int number, boolean udp) {

        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

        /** One of TCP. */
        public Port(String name, int number) {
            this(name, number, false);
        }

        public Port {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("a port's name must be letters, digits and dashes but was " + name);
            }
            if (number < 1 || number > 65535) {
                throw new IllegalArgumentException("a port must be 1 to 65535 but was " + number);
            }
        }

        /** The variable that tells the task where to listen: {@code PORT_SIP_TLS} for {@code sip-tls}. */
        public String variable() {
            return "PORT_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
        }
    }

    /** How an engine finds out whether a task is ready. */
    public sealed interface Health {

        /** Ready as soon as it runs. */
        record Running() implements Health {}

        /**
         * Ready once {@code GET path} on the named port answers 200 to 299, looked at every interval; unhealthy after
         * three failures in a row, and replaced after three more. A task that was never ready may fail for as long as
         * the start grace.
         */
        record Http(String port, String path, Duration interval, Duration timeout, Duration startGrace)
                implements Health {

            public Http {
                if (!path.startsWith("/")) {
                    throw new IllegalArgumentException("path must start with a slash but was " + path);
                }
                if (!interval.isPositive() || !timeout.isPositive() || startGrace.isNegative()) {
                    throw new IllegalArgumentException("interval and timeout must be positive, start grace not "
                            + "negative, but were " + interval + ", " + timeout + ", " + startGrace);
                }
            }
        }
    }
}
