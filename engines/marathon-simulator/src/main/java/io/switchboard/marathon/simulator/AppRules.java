package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Refusal.Flaw;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/** What makes a complete, well-typed app impossible all the same. */
final class AppRules {

    private static final String SECRETS = "Feature secrets is not enabled. Enable with --enable_features secrets)";
    private static final Set<String> RESERVED = Set.of("restart", "tasks", "versions", ".", "..");

    private AppRules() {}

    static void check(JsonNode sent, JsonNode app, String role) {
        protocolOfChecks(sent);
        List<Flaw> flaws = flaws(app, role);
        if (!flaws.isEmpty()) {
            throw Refusal.senseless(flaws);
        }
    }

    /** A client's mistake that Marathon answers with 500. */
    private static void protocolOfChecks(JsonNode sent) {
        for (JsonNode check : sent.path("healthChecks")) {
            String protocol = check.path("protocol").asString("HTTP");
            boolean command = check.has("command");
            if (protocol.equals("COMMAND") && !command) {
                throw new Refusal(Answer.message(500, "illegal protocol COMMAND for non-command health check"));
            }
            if (!protocol.equals("COMMAND") && command) {
                throw new Refusal(Answer.message(500, "illegal protocol " + protocol + " specified with command"));
            }
        }
    }

    private static List<Flaw> flaws(JsonNode app, String role) {
        List<Flaw> flaws = new ArrayList<>();
        id(app, flaws);
        command(app, flaws);
        features(app, flaws);
        constraints(app, flaws);
        ports(app, flaws);
        checks(app, flaws);
        networks(app, flaws);
        roles(app, role, flaws);
        others(app, flaws);
        return flaws;
    }

    private static void id(JsonNode app, List<Flaw> flaws) {
        String id = app.path("id").asString();
        if (id.equals(Ids.ROOT)) {
            flaws.add(new Flaw("/id", "Path must contain at least one path element"));
            flaws.add(new Flaw("/", "must not be root"));
        } else if (RESERVED.contains(Ids.last(id))) {
            flaws.add(new Flaw(
                    "/id",
                    "must not end with any of the following reserved keywords: restart, tasks, versions, ., .."));
        }
    }

    private static void command(JsonNode app, List<Flaw> flaws) {
        JsonNode container = app.path("container");
        if (container.path("type").asString("").equals("DOCKER") && !container.has("docker")) {
            flaws.add(new Flaw("/container/docker", "not defined"));
        }
        boolean both = app.has("cmd") && app.has("args");
        boolean none = !app.has("cmd") && !app.has("args") && !container.has("docker");
        if (both || none) {
            flaws.add(new Flaw("/", "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'."));
        }
    }

    private static void features(JsonNode app, List<Flaw> flaws) {
        if (app.path("gpus").asInt() > 0) {
            flaws.add(new Flaw(
                    "/", "Feature gpu_resources is not enabled. Enable with --enable_features gpu_resources)"));
        }
        app.path("env").properties().forEach(variable -> {
            if (variable.getValue().isObject()) {
                flaws.add(new Flaw(
                        "/env",
                        "use of secret-references in the environment requires the secrets feature to be enabled"));
                flaws.add(new Flaw("/env/" + variable.getKey() + "/secret", "references an undefined secret"));
            }
        });
        if (app.path("container").path("docker").has("pullConfig")) {
            flaws.add(new Flaw("/container/docker/pullConfig", "must be empty"));
            flaws.add(new Flaw("/container/docker/pullConfig", SECRETS));
        }
        if (!app.path("secrets").isEmpty()) {
            flaws.add(new Flaw("/secrets", SECRETS));
        }
    }

    private static void constraints(JsonNode app, List<Flaw> flaws) {
        for (JsonNode constraint : app.path("constraints")) {
            String flaw = constraint(constraint);
            if (!flaw.isEmpty()) {
                flaws.add(new Flaw("/constraints", flaw));
            }
        }
    }

    private static String constraint(JsonNode constraint) {
        if (constraint.size() < 2 || constraint.size() > 3) {
            return "Each constraint must have either 2 or 3 fields";
        }
        String value = constraint.path(2).asString("");
        return switch (constraint.get(1).asString()) {
            case "UNIQUE" -> value.isEmpty() ? "" : "UNIQUE does not accept a value";
            case "LIKE", "UNLIKE" ->
                value.isEmpty()
                        ? "LIKE and UNLIKE require a non-empty, regular expression value"
                        : isPattern(value) ? "" : "is not a valid regular expression";
            case "MAX_PER" -> value.matches("\\d+") ? "" : "MAX_PER requires an integer value";
            case "GROUP_BY" -> value.matches("\\d*") ? "" : "GROUP BY must define an integer value";
            case "CLUSTER", "IS" -> "";
            default -> "operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS";
        };
    }

    private static boolean isPattern(String text) {
        try {
            Pattern.compile(text);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static void ports(JsonNode app, List<Flaw> flaws) {
        Set<Integer> numbers = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (JsonNode port : app.path("portDefinitions")) {
            int number = port.path("port").asInt();
            if (number != 0 && !numbers.add(number)) {
                flaws.add(new Flaw("/portDefinitions", "Ports must be unique."));
            }
            if (port.has("name") && !names.add(port.get("name").asString())) {
                flaws.add(new Flaw("/portDefinitions", "Port names must be unique."));
            }
        }
        for (JsonNode mapping : app.path("container").path("portMappings")) {
            names.add(mapping.path("name").asString(""));
        }
        int n = 0;
        for (JsonNode check : app.path("readinessChecks")) {
            String name = check.path("portName").asString("http-api");
            if (!names.contains(name)) {
                flaws.add(new Flaw(
                        "/readinessChecks(" + n + ")/portName", "No port definition reference for portName " + name));
            }
            n++;
        }
    }

    static int portCount(JsonNode app) {
        return app.has("portDefinitions")
                ? app.get("portDefinitions").size()
                : app.path("container").path("portMappings").size();
    }

    private static void checks(JsonNode app, List<Flaw> flaws) {
        int mesos = 0;
        int n = 0;
        for (JsonNode check : app.path("healthChecks")) {
            String at = "/healthChecks(" + n++ + ")";
            boolean byMesos = check.path("protocol").asString().startsWith("MESOS_");
            mesos += byMesos ? 1 : 0;
            if (check.path("ipProtocol").asString().equals("IPv6") && !byMesos) {
                flaws.add(new Flaw(
                        at, "IPv6 can only be used for container type DOCKER and Mesos http/https/tcp health checks"));
            }
            if (check.has("portIndex") && check.get("portIndex").asInt() >= portCount(app)) {
                flaws.add(new Flaw(
                        at,
                        "Health check port indices must address an element of the ports array or container port"
                                + " mappings."));
            }
        }
        if (mesos > 1) {
            flaws.add(new Flaw("/", "AppDefinition can contain at most one Mesos health check"));
        }
    }

    private static void networks(JsonNode app, List<Flaw> flaws) {
        Set<String> modes = new HashSet<>();
        for (JsonNode network : app.path("networks")) {
            String mode = network.path("mode").asString();
            modes.add(mode);
            if (mode.equals("container") && !network.has("name")) {
                flaws.add(new Flaw("/networks", "Network name must be specified when container network is selected."));
            }
        }
        if (modes.size() > 1) {
            flaws.add(new Flaw(
                    "/networks",
                    "May specify a single host network, single bridge network, or else 1-to-n container networks"));
        }
    }

    private static void roles(JsonNode app, String role, List<Flaw> flaws) {
        String own = app.path("role").asString();
        if (AppDefaults.isResident(app) && own.equals("*")) {
            flaws.add(new Flaw("/role", "Resident apps cannot have the role *"));
        } else if (!own.equals("*") && !own.equals(role) && !own.equals(topGroup(app))) {
            flaws.add(new Flaw("/role", "got " + own + ", expected one of: [" + role + "]"));
        }
        if (app.has("acceptedResourceRoles")) {
            JsonNode accepted = app.get("acceptedResourceRoles");
            if (accepted.isEmpty()) {
                flaws.add(new Flaw("/acceptedResourceRoles", "must not be empty"));
            }
            for (JsonNode each : accepted) {
                if (!each.asString().equals("*") && !each.asString().equals(own)) {
                    flaws.add(new Flaw("/acceptedResourceRoles", "acceptedResourceRoles can only contain *"));
                }
            }
        }
    }

    private static String topGroup(JsonNode app) {
        String[] segments = app.path("id").asString().split("/");
        return segments.length > 2 ? segments[1] : "";
    }

    private static void others(JsonNode app, List<Flaw> flaws) {
        JsonNode unreachable = app.path("unreachableStrategy");
        int inactive = unreachable.path("inactiveAfterSeconds").asInt(0);
        int expunge = unreachable.path("expungeAfterSeconds").asInt(0);
        if (inactive > expunge) {
            flaws.add(new Flaw(
                    "/unreachableStrategy/inactiveAfterSeconds",
                    "inactiveAfterSeconds (" + inactive + ") must be less or equal to expungeAfterSeconds, which is "
                            + expunge));
        }
        int n = 0;
        for (JsonNode fetched : app.path("fetch")) {
            if (!isUri(fetched.path("uri").asString())) {
                flaws.add(new Flaw("/fetch(" + n + ")/uri", "URI has invalid syntax."));
            }
            n++;
        }
    }

    private static boolean isUri(String text) {
        try {
            new URI(text);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
