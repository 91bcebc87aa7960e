package io.switchboard.engine;

import java.time.Duration;
import java.util.HashMap;
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
 *     PORT_<NAME>} for each port, {@code PORT_<NAME>_FIRST} and {@code PORT_<NAME>_LAST} for each block of ports for media,
 *     {@code SWITCHBOARD_MEDIA_ADDRESS} for where callers reach these, {@code SERVER_PORT} for the one called {@code
 *     http}, and {@code SWITCHBOARD_TASK_ID}; these win over variables of the same name
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
            if (!names.add(port.name()) || !port.variables().stream().allMatch(variables::add)) {
                return Optional.of("two ports are called " + port.name());
            }
        }
        if (health instanceof Health.Http http
                && singlePorts().stream().noneMatch(port -> port.name().equals(http.port()))) {
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

    /** Those that are one port each. */
    public List<Port> singlePorts() {
        return ports.stream().filter(port -> !port.media()).toList();
    }

    /** Those that are blocks of ports for media. */
    public List<Port> mediaPorts() {
        return ports.stream().filter(Port::media).toList();
    }

    /**
     * What tells a task its blocks of ports for media; none if it has none.
     *
     * @param blocks by the name of the port
     * @param address where callers reach them, for the task's SDP
     */
    public Map<String, String> mediaVariables(Map<String, PortRange> blocks, String address) {
        Map<String, String> variables = new HashMap<>();
        for (Port port : mediaPorts()) {
            PortRange block = blocks.get(port.name());
            if (block != null) {
                variables.put(port.variable() + "_FIRST", Integer.toString(block.first()));
                variables.put(port.variable() + "_LAST", Integer.toString(block.last()));
                variables.put("SWITCHBOARD_MEDIA_ADDRESS", address);
            }
        }
        return variables;
    }

    @Override
    public String toString() {
        return "Workload[" + name + " " + image + " tasks=" + tasks + " cpuMillis=" + cpuMillis + " memoryMib="
                + memoryMib + " env=" + environment.keySet() + "]";
    }

    /**
     * @param name lower-case letters, digits and dashes, starting with a letter
     * @param number where the task listens inside a container, 1 to 65535; ignored by engines without containers; 0 for media
     * @param udp whether it takes datagrams; connections of TCP otherwise
     * @param count how many ports for media each task gets in a row, an even number; 0 for a port that isn't for media
     */
    public record Port(String name, int number, boolean udp, int count) {

        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

        /** One of TCP. */
        public Port(String name, int number) {
            this(name, number, false);
        }

        /** One that isn't for media. */
        public Port(String name, int number, boolean udp) {
            this(name, number, udp, 0);
        }

        /** A block of ports for media (RTP and RTCP). */
        public static Port media(String name, int count) {
            return new Port(name, 0, true, count);
        }

        public Port {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("a port's name must be letters, digits and dashes but was " + name);
            }
            if (count < 0 || count > 65534 || count % 2 != 0) {
                throw new IllegalArgumentException(
                        "the ports for media of a task must be an even number up to 65534 but were " + count);
            }
            if (count == 0 && (number < 1 || number > 65535)) {
                throw new IllegalArgumentException("a port must be 1 to 65535 but was " + number);
            }
            if (count > 0 && (number != 0 || !udp)) {
                throw new IllegalArgumentException("ports for media have no number of their own, and take datagrams");
            }
        }

        public boolean media() {
            return count > 0;
        }

        List<String> variables() {
            return media() ? List.of(variable() + "_FIRST", variable() + "_LAST") : List.of(variable());
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
         * the start grace; an engine of ours gives a start that follows failed ones longer.
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
