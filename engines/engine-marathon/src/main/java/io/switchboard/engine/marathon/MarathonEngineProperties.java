package io.switchboard.engine.marathon;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the Marathon engine.
 *
 * @param urls where Marathon's processes answer, tried in turn; a redirect to the leader is followed
 * @param platform tells this platform's apps from those of others on the same Marathon
 * @param group the group all apps are below
 * @param username for basic authentication
 * @param password see username
 * @param token sent as {@code Authorization: token=…} instead of a name and password
 * @param sslBundle the SSL bundle ({@code spring.ssl.bundle.*}) to trust Marathon by; the JVM's own trust if not set
 * @param connectTimeout for a connection
 * @param timeout for an answer; a change of many apps at once takes Marathon many seconds
 * @param lockPatience how long a change waits for another deployment of the same app, or for room among the running
 *     deployments, before it is forced
 * @param sweepEvery how often all apps are read although no event asks for it
 * @param streamSilence after how long without a word, not even a heartbeat, the event stream is opened again
 * @param largestTask what the largest node could give one task; more is refused
 * @param app what every app is given
 * @param programs what stands for an image where nodes run no containers, by image name without tag and digest
 * @param enforces what the cluster's nodes enforce of a task's limits: {@code cpu}, {@code memory}
 */
@ConfigurationProperties("engine.marathon")
public record MarathonEngineProperties(
        @DefaultValue("http://127.0.0.1:8080") List<URI> urls,
        @DefaultValue("switchboard") String platform,
        @DefaultValue("/switchboard") String group,
        @Nullable String username,
        @Nullable String password,
        @Nullable String token,
        @Nullable String sslBundle,
        @DefaultValue("3s") Duration connectTimeout,
        @DefaultValue("60s") Duration timeout,
        @DefaultValue("10s") Duration lockPatience,
        @DefaultValue("10s") Duration sweepEvery,
        @DefaultValue("15s") Duration streamSilence,
        @DefaultValue LargestTask largestTask,
        @DefaultValue AppSettings app,
        @DefaultValue Map<String, Program> programs,
        @DefaultValue List<Limit> enforces) {

    /** A limit of a task that nodes may enforce or not. */
    public enum Limit {
        CPU,
        MEMORY
    }

    public MarathonEngineProperties {
        urls = List.copyOf(urls);
        programs = Map.copyOf(programs);
        enforces = List.copyOf(enforces);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("engine.marathon.urls must name at least one address");
        }
        if (!group.matches("(/[a-z0-9]([a-z0-9.-]*[a-z0-9])?)+")) {
            throw new IllegalArgumentException(
                    "engine.marathon.group must be a path of lower-case letters, digits and dashes but was " + group);
        }
        if (!platform.matches("[A-Za-z0-9_.-]+")) {
            throw new IllegalArgumentException(
                    "engine.marathon.platform must be letters, digits, dots and dashes but was " + platform);
        }
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException("engine.marathon.username and password go together");
        }
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "MarathonEngineProperties[urls=" + urls + ", platform=" + platform + ", group=" + group + ", username="
                + username + ", app=" + app + ", programs=" + programs.keySet() + "]";
    }

    /**
     * @param cpuMillis thousandths of a core, at least 1
     * @param memory of the whole node
     */
    public record LargestTask(
            @DefaultValue("64000") int cpuMillis,
            @DefaultValue("256GB") DataSize memory) {}

    /**
     * What a workload does not say and Marathon wants to know.
     *
     * @param diskMib for each task
     * @param role of the apps, where they are not in the default one
     * @param acceptedResourceRoles which roles' resources tasks may use
     * @param constraints as Marathon takes them, such as {@code hostname:MAX_PER:2}; fields may have no colon
     * @param containerizer {@code docker} or {@code mesos}, which runs images
     * @param network of images: {@code bridge}, or the name of a network all nodes know
     * @param forcePull whether nodes pull an image even if they have it
     * @param pullConfigSecret name of the secret that holds the registry's login, where Marathon keeps secrets
     * @param fetch what nodes fetch into a task's sandbox before it starts, such as an archive with the registry's login
     * @param user whom tasks run as; Marathon's choice if not set
     * @param readinessChecks whether Marathon's deployments wait for a task's health path, too; tasks are judged by
     *     their health check in any case
     * @param minimumHealthCapacity which part must stay up while Marathon replaces tasks
     * @param maximumOverCapacity which part may run on top while Marathon replaces tasks
     * @param unreachable when a task on a lost node is replaced
     */
    public record AppSettings(
            @DefaultValue("0") int diskMib,
            @Nullable String role,
            @DefaultValue List<String> acceptedResourceRoles,
            @DefaultValue List<String> constraints,
            @DefaultValue("docker") String containerizer,
            @DefaultValue("bridge") String network,
            @DefaultValue("false") boolean forcePull,
            @Nullable String pullConfigSecret,
            @DefaultValue List<URI> fetch,
            @Nullable String user,
            @DefaultValue("false") boolean readinessChecks,
            @DefaultValue("1.0") double minimumHealthCapacity,
            @DefaultValue("1.0") double maximumOverCapacity,
            @DefaultValue Unreachable unreachable) {

        public AppSettings {
            acceptedResourceRoles = List.copyOf(acceptedResourceRoles);
            constraints = List.copyOf(constraints);
            fetch = List.copyOf(fetch);
            for (String constraint : constraints) {
                int fields = constraint.split(":", 3).length;
                if (fields < 2) {
                    throw new IllegalArgumentException(
                            "engine.marathon.app.constraints: field:OPERATOR or field:OPERATOR:value, not "
                                    + constraint);
                }
            }
            if (!containerizer.equals("docker") && !containerizer.equals("mesos")) {
                throw new IllegalArgumentException(
                        "engine.marathon.app.containerizer must be docker or mesos but was " + containerizer);
            }
            if (pullConfigSecret != null && !containerizer.equals("mesos")) {
                throw new IllegalArgumentException(
                        "engine.marathon.app.pull-config-secret works with the containerizer mesos only");
            }
        }
    }

    /**
     * @param inactiveAfter how long a task on a lost node counts as there
     * @param expungeAfter after how long it is forgotten, at least inactiveAfter; if the node returns before, its tasks
     *     go on with the calls they hold
     */
    public record Unreachable(
            @DefaultValue("1m") Duration inactiveAfter,
            @DefaultValue("10m") Duration expungeAfter) {

        public Unreachable {
            if (inactiveAfter.compareTo(expungeAfter) > 0) {
                throw new IllegalArgumentException("engine.marathon.app.unreachable.inactive-after must be at most "
                        + "expunge-after but was " + inactiveAfter + " and " + expungeAfter);
            }
        }
    }

    /**
     * @param command the command line; {@code ${memoryMib}} and {@code ${cpuMillis}} stand for what the workload asks for
     * @param fetch what nodes fetch before it starts
     */
    public record Program(
            List<String> command, @DefaultValue List<URI> fetch) {

        public Program {
            command = List.copyOf(command);
            fetch = List.copyOf(fetch);
            if (command.isEmpty()) {
                throw new IllegalArgumentException("engine.marathon.programs: a command is empty");
            }
        }
    }

    String programNames() {
        return programs.keySet().stream().sorted().collect(Collectors.joining(", "));
    }
}
