package io.switchboard.engine.marathon;

import static java.util.stream.Collectors.joining;

import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.Workload.Port;
import io.switchboard.engine.marathon.MarathonApp.NodeHealthCheck;
import io.switchboard.engine.marathon.MarathonApp.UnreachableStrategy;
import io.switchboard.engine.marathon.MarathonEngineProperties.AppSettings;
import io.switchboard.engine.marathon.MarathonEngineProperties.Program;
import io.switchboard.engine.supervision.ImageReference;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import mesosphere.marathon.client.model.v2.Container;
import mesosphere.marathon.client.model.v2.Docker;
import mesosphere.marathon.client.model.v2.Fetchable;
import mesosphere.marathon.client.model.v2.HealthCheck;
import mesosphere.marathon.client.model.v2.Network;
import mesosphere.marathon.client.model.v2.PortDefinition;
import mesosphere.marathon.client.model.v2.PullConfig;
import mesosphere.marathon.client.model.v2.ReadinessCheck;
import mesosphere.marathon.client.model.v2.UpgradeStrategy;
import org.jspecify.annotations.Nullable;

/** The app that a workload becomes. */
final class AppDraft {

    /** Ids Marathon keeps for its own paths. */
    private static final Set<String> RESERVED = Set.of("restart", "tasks", "versions");

    private static final int FAILURES_UNTIL_REPLACED = 6;

    private final MarathonEngineProperties properties;
    private volatile Set<String> cordoned = Set.of();

    AppDraft(MarathonEngineProperties properties) {
        this.properties = properties;
    }

    /** For apps made from now on: a constraint of an app that is there can't be changed without replacing its tasks. */
    void cordon(Set<String> hosts) {
        cordoned = Set.copyOf(hosts);
    }

    private List<List<String>> constraints(AppSettings settings) {
        Stream<List<String>> configured =
                settings.constraints().stream().map(constraint -> Arrays.asList(constraint.split(":", 3)));
        Set<String> off = cordoned;
        Stream<List<String>> keptOff = off.isEmpty()
                ? Stream.of()
                : Stream.of(List.of(
                        "hostname",
                        "UNLIKE",
                        // Marathon matches the whole of a host's name with it.
                        off.stream().sorted().map(AppDraft::literally).collect(joining("|"))));
        return Stream.concat(configured, keptOff).toList();
    }

    /** Host names and addresses hold nothing else that a pattern reads. */
    private static String literally(String host) {
        return host.replace(".", "\\.");
    }

    /** What Marathon would not take or run, as a sentence. */
    Optional<String> flaw(Workload workload) {
        if (RESERVED.contains(workload.name())) {
            return Optional.of("Marathon keeps the name " + workload.name() + " for itself");
        }
        if (!properties.programs().isEmpty() && program(workload).isEmpty()) {
            return Optional.of("there is no program for image " + workload.image()
                    + " in engine.marathon.programs; there are " + properties.programNames());
        }
        return Optional.empty();
    }

    private Optional<Program> program(Workload workload) {
        ImageReference image = ImageReference.of(workload.image());
        Map<String, Program> programs = properties.programs();
        return Optional.ofNullable(programs.getOrDefault(image.name(), programs.get(image.repository())));
    }

    /** Below the tenant's and the instance's group, where the workload says whose it is. */
    String id(Workload workload) {
        String tenant = workload.environment().get("SWITCHBOARD_TENANT");
        String instance = workload.environment().get("SWITCHBOARD_INSTANCE_ID");
        String group = tenant == null || instance == null ? "unowned" : segment(tenant) + "/" + segment(instance);
        return properties.group() + "/" + group + "/" + workload.name();
    }

    /** Lower-case letters, digits and inner dashes are all a path may have. */
    static String segment(String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return plain.isEmpty() ? "x" : plain;
    }

    MarathonApp app(Workload workload) {
        AppSettings settings = properties.app();
        MarathonApp app = new MarathonApp();
        app.setId(id(workload));
        app.setInstances(workload.tasks());
        app.setCpus(workload.cpuMillis() / 1000.0);
        app.setMem((double) workload.memoryMib());
        app.setDisk((double) settings.diskMib());
        app.setLabels(Labels.of(properties.platform(), workload));
        app.setTaskKillGracePeriodSeconds(seconds(workload.stopGrace()));
        // The contract of all engines: after a second, then twice as long each time, up to a minute.
        app.setBackoffSeconds(1);
        app.setBackoffFactor(2.0);
        app.setMaxLaunchDelaySeconds(60);
        app.setKillSelection("YOUNGEST_FIRST");
        app.setUpgradeStrategy(upgradeStrategy(settings));
        app.setUnreachableStrategy(new UnreachableStrategy(
                settings.unreachable().inactiveAfter().toSeconds(),
                settings.unreachable().expungeAfter().toSeconds()));
        app.setRole(settings.role());
        if (!settings.acceptedResourceRoles().isEmpty()) {
            app.setAcceptedResourceRoles(settings.acceptedResourceRoles());
        }
        app.setConstraints(constraints(settings));
        if (settings.user() != null) {
            app.setUser(settings.user());
        }
        Optional<Program> program = program(workload);
        if (program.isPresent()) {
            run(app, workload, program.get());
        } else {
            contain(app, workload);
        }
        checks(app, workload);
        return app;
    }

    private static UpgradeStrategy upgradeStrategy(AppSettings settings) {
        UpgradeStrategy strategy = new UpgradeStrategy();
        strategy.setMinimumHealthCapacity(settings.minimumHealthCapacity());
        strategy.setMaximumOverCapacity(settings.maximumOverCapacity());
        return strategy;
    }

    private static int seconds(Duration time) {
        return (int) Math.max(1, (time.toMillis() + 999) / 1000);
    }

    // --- a program on the node itself

    private void run(MarathonApp app, Workload workload, Program program) {
        Map<String, Object> environment = new TreeMap<>(workload.environment());
        app.setEnv(environment);
        app.setCmd(script(workload, program));
        app.setFetch(fetch(program.fetch(), properties.app().fetch()));
        app.setNetworks(networks("host", null));
        List<PortDefinition> ports = new ArrayList<>();
        for (Port port : workload.ports()) {
            PortDefinition definition = new PortDefinition();
            definition.setPort(0);
            definition.setName(port.name());
            definition.setProtocol(protocol(port));
            ports.add(definition);
        }
        // Also when there are none: Marathon would think of one.
        app.setPortDefinitions(ports);
        app.setRequirePorts(false);
    }

    /** Which port it got and who it is, a task learns at its start only. */
    private static String script(Workload workload, Program program) {
        StringBuilder script = new StringBuilder("export SWITCHBOARD_TASK_ID=\"$MESOS_TASK_ID\"\n");
        for (int n = 0; n < workload.ports().size(); n++) {
            Port port = workload.ports().get(n);
            script.append("export ")
                    .append(port.variable())
                    .append("=\"$PORT")
                    .append(n)
                    .append("\"\n");
            if (port.name().equals("http")) {
                script.append("export SERVER_PORT=\"$PORT").append(n).append("\"\n");
            }
        }
        script.append("exec");
        program.command().stream()
                .map(word -> word.replace("${memoryMib}", Integer.toString(workload.memoryMib()))
                        .replace("${cpuMillis}", Integer.toString(workload.cpuMillis())))
                .forEach(word ->
                        script.append(" '").append(word.replace("'", "'\\''")).append('\''));
        return script.toString();
    }

    // --- an image

    private void contain(MarathonApp app, Workload workload) {
        AppSettings settings = properties.app();
        Docker docker = new Docker();
        docker.setImage(workload.image());
        docker.setForcePullImage(settings.forcePull());
        if (settings.pullConfigSecret() != null) {
            PullConfig pull = new PullConfig();
            pull.setSecret(settings.pullConfigSecret());
            docker.setPullConfig(pull);
        }
        Container container = new Container();
        container.setType(settings.containerizer().toUpperCase(Locale.ROOT));
        container.setDocker(docker);
        List<mesosphere.marathon.client.model.v2.Port> mappings = new ArrayList<>();
        Map<String, Object> environment = new TreeMap<>(workload.environment());
        for (Port port : workload.ports()) {
            mappings.add(mapping(port));
            environment.put(port.variable(), Integer.toString(port.number()));
            if (port.name().equals("http")) {
                environment.put("SERVER_PORT", Integer.toString(port.number()));
            }
        }
        container.setPortMappings(mappings);
        app.setContainer(container);
        app.setEnv(environment);
        app.setFetch(fetch(List.of(), settings.fetch()));
        app.setNetworks(
                settings.network().equals("bridge")
                        ? networks("container/bridge", null)
                        : networks("container", settings.network()));
    }

    private static String protocol(Port port) {
        return port.udp() ? "udp" : "tcp";
    }

    private static mesosphere.marathon.client.model.v2.Port mapping(Port port) {
        mesosphere.marathon.client.model.v2.Port mapping = new mesosphere.marathon.client.model.v2.Port();
        mapping.setName(port.name());
        mapping.setContainerPort(port.number());
        mapping.setHostPort(0);
        mapping.setServicePort(0);
        mapping.setProtocol(protocol(port));
        return mapping;
    }

    private static List<Network> networks(String mode, @Nullable String name) {
        Network network = new Network();
        network.setMode(mode);
        if (name != null) {
            network.setName(name);
        }
        return List.of(network);
    }

    private static List<Fetchable> fetch(List<URI> first, List<URI> second) {
        List<Fetchable> all = new ArrayList<>();
        for (URI uri : Stream.concat(first.stream(), second.stream()).toList()) {
            Fetchable fetchable = new Fetchable();
            fetchable.setUri(uri.toString());
            all.add(fetchable);
        }
        return all;
    }

    // --- health

    private void checks(MarathonApp app, Workload workload) {
        if (!(workload.health() instanceof Health.Http http)) {
            return;
        }
        int index = workload.ports().stream().map(Port::name).toList().indexOf(http.port());
        HealthCheck check = new NodeHealthCheck(1);
        check.setProtocol("MESOS_HTTP");
        check.setPath(http.path());
        check.setPortIndex(index);
        check.setIntervalSeconds(seconds(http.interval()));
        check.setTimeoutSeconds(seconds(http.timeout()));
        check.setGracePeriodSeconds(seconds(http.startGrace()));
        check.setMaxConsecutiveFailures(FAILURES_UNTIL_REPLACED);
        app.setHealthChecks(List.of(check));
        if (properties.app().readinessChecks()) {
            app.setReadinessChecks(List.of(readiness(http)));
        }
    }

    private static ReadinessCheck readiness(Health.Http http) {
        ReadinessCheck check = new ReadinessCheck();
        check.setName("ready");
        check.setPortName(http.port());
        check.setPath(http.path());
        check.setProtocol("HTTP");
        check.setIntervalSeconds(seconds(http.interval()));
        check.setTimeoutSeconds(seconds(http.timeout()));
        check.setHttpStatusCodesForReady(Set.of(200, 201, 202, 203, 204));
        check.setPreserveLastResponse(false);
        return check;
    }
}
