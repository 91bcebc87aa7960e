package io.switchboard.marathon.simulator;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Fills in what a request leaves out, and rewrites old forms into the one that is answered. */
final class AppDefaults {

    /** Answered as sent, where it is not empty. */
    private static final List<String> AS_SENT =
            List.of("acceptedResourceRoles", "args", "cmd", "taskKillGracePeriodSeconds", "user", "tty", "secrets");

    /** Left out of answers when empty. */
    private static final Set<String> OPTIONAL =
            Set.of("env", "constraints", "healthChecks", "readinessChecks", "fetch");

    private AppDefaults() {}

    /**
     * @param id absolute
     * @param role what apps of its group have
     */
    static ObjectNode complete(JsonNode sent, String id, String role) {
        ObjectNode app = Json.object("id", id);
        AS_SENT.forEach(field -> copy(sent, app, field));
        app.put("backoffFactor", number(sent, "backoffFactor", 1.15));
        app.put("backoffSeconds", sent.path("backoffSeconds").asInt(1));
        app.put("maxLaunchDelaySeconds", sent.path("maxLaunchDelaySeconds").asInt(300));
        app.put("cpus", number(sent, "cpus", 1));
        app.put("mem", number(sent, "mem", 128));
        app.put("disk", number(sent, "disk", 0));
        app.put("gpus", sent.path("gpus").asInt(0));
        app.put("instances", sent.path("instances").asInt(1));
        app.put("executor", sent.path("executor").asString(""));
        app.set("labels", Json.given(sent, "labels") ? sent.get("labels").deepCopy() : Json.object());
        OPTIONAL.forEach(field -> {
            if (!sent.path(field).isEmpty()) {
                app.set(field, sent.get(field).deepCopy());
            }
        });
        if (!sent.path("dependencies").isEmpty()) {
            String base = Ids.parent(id).orElse(Ids.ROOT);
            ArrayNode dependencies = app.putArray("dependencies");
            sent.get("dependencies").forEach(each -> dependencies.add(Ids.absolute(each.asString(), base)));
        }
        fetch(sent, app);
        resourceLimits(sent, app);
        app.put("requirePorts", sent.path("requirePorts").asBoolean(false));
        app.put("killSelection", sent.path("killSelection").asString("YOUNGEST_FIRST"));
        app.put("role", sent.path("role").asString(role));
        container(sent, app);
        networks(sent, app);
        strategies(sent, app);
        healthChecks(app);
        return app;
    }

    private static double number(JsonNode sent, String field, double otherwise) {
        return Json.given(sent, field) ? sent.get(field).asDouble() : otherwise;
    }

    private static void copy(JsonNode from, ObjectNode to, String field) {
        if (Json.given(from, field)) {
            to.set(field, from.get(field).deepCopy());
        }
    }

    private static void fetch(JsonNode sent, ObjectNode app) {
        for (JsonNode uri : sent.path("uris")) {
            app.withArray("fetch").addObject().put("uri", uri.asString());
        }
        for (JsonNode each : app.path("fetch")) {
            ObjectNode fetched = (ObjectNode) each;
            fetched.put("extract", fetched.path("extract").asBoolean(true));
            fetched.put("executable", fetched.path("executable").asBoolean(false));
            fetched.put("cache", fetched.path("cache").asBoolean(false));
        }
    }

    private static void resourceLimits(JsonNode sent, ObjectNode app) {
        if (Json.given(sent, "resourceLimits")) {
            ObjectNode limits = app.putObject("resourceLimits");
            sent.get("resourceLimits").properties().forEach(limit -> {
                if (limit.getValue().isNumber()) {
                    limits.put(limit.getKey(), limit.getValue().asDouble());
                } else {
                    limits.set(limit.getKey(), limit.getValue());
                }
            });
        }
    }

    private static void container(JsonNode sent, ObjectNode app) {
        if (!sent.path("container").isObject()) {
            return;
        }
        JsonNode given = sent.get("container");
        ObjectNode container = app.putObject("container");
        container.put("type", given.path("type").asString("DOCKER"));
        if (given.path("docker").isObject()) {
            ObjectNode docker = container.putObject("docker");
            JsonNode asked = given.get("docker");
            docker.put("forcePullImage", asked.path("forcePullImage").asBoolean(false));
            docker.put("image", asked.path("image").asString());
            docker.set(
                    "parameters",
                    asked.has("parameters") ? asked.get("parameters").deepCopy() : Json.array());
            docker.put("privileged", asked.path("privileged").asBoolean(false));
            copy(asked, docker, "pullConfig");
        }
        ArrayNode volumes = container.putArray("volumes");
        given.path("volumes").forEach(volume -> volumes.add(volume(volume)));
        copy(given, container, "portMappings");
        copy(given.path("docker"), container, "portMappings");
    }

    private static JsonNode volume(JsonNode asked) {
        ObjectNode volume = Json.copy(asked);
        if (volume.path("persistent") instanceof ObjectNode persistent) {
            persistent.put("type", persistent.path("type").asString("root"));
            if (!persistent.has("constraints")) {
                persistent.putArray("constraints");
            }
        }
        return volume;
    }

    private static void networks(JsonNode sent, ObjectNode app) {
        ArrayNode networks = app.putArray("networks");
        if (!sent.path("networks").isEmpty()) {
            sent.get("networks").forEach(network -> networks.add(network.deepCopy()));
        } else {
            legacyNetwork(sent, app, networks);
        }
        if (networks.get(0).path("mode").asString().equals("host")) {
            hostPorts(sent, app);
        } else {
            mappedPorts(sent, app, networks.get(0).path("mode").asString());
        }
    }

    private static void legacyNetwork(JsonNode sent, ObjectNode app, ArrayNode networks) {
        String docker = sent.path("container").path("docker").path("network").asString("");
        if (docker.equals("BRIDGE")) {
            networks.addObject().put("mode", "container/bridge");
        } else if (Json.given(sent, "ipAddress")) {
            JsonNode address = sent.get("ipAddress");
            networks.addObject()
                    .put("name", address.path("networkName").asString())
                    .put("mode", "container");
            if (!app.has("container")) {
                app.putObject("container").put("type", "MESOS").putArray("volumes");
            }
            ArrayNode mappings = ((ObjectNode) app.get("container")).putArray("portMappings");
            address.path("discovery")
                    .path("ports")
                    .forEach(port -> mappings.addObject()
                            .put("containerPort", port.path("number").asInt())
                            .put("name", port.path("name").asString())
                            .put("protocol", port.path("protocol").asString("tcp")));
        } else {
            networks.addObject().put("mode", "host");
        }
    }

    private static void hostPorts(JsonNode sent, ObjectNode app) {
        ArrayNode ports = app.putArray("portDefinitions");
        if (sent.path("portDefinitions").isArray()) {
            sent.get("portDefinitions").forEach(port -> ports.add(port.deepCopy()));
        } else if (sent.path("ports").isArray()) {
            sent.get("ports").forEach(port -> ports.addObject().put("port", port.asInt()));
        } else {
            ports.addObject().put("port", 0).put("name", "default");
        }
        for (JsonNode each : ports) {
            ObjectNode port = (ObjectNode) each;
            port.put("port", port.path("port").asInt(0));
            port.put("protocol", port.path("protocol").asString("tcp"));
            if (port.path("labels").isEmpty()) {
                port.remove("labels");
            }
        }
    }

    private static void mappedPorts(JsonNode sent, ObjectNode app, String mode) {
        if (!(app.path("container") instanceof ObjectNode container)) {
            return;
        }
        if (!container.has("portMappings")) {
            ArrayNode mappings = container.putArray("portMappings");
            for (JsonNode port : sent.path("portDefinitions")) {
                mappings.addObject()
                        .put("containerPort", port.path("port").asInt(0))
                        .put("hostPort", 0)
                        .put("name", port.path("name").asString("default"));
            }
        }
        for (JsonNode each : container.path("portMappings")) {
            ObjectNode mapping = (ObjectNode) each;
            mapping.put("containerPort", mapping.path("containerPort").asInt(0));
            if (mode.equals("container/bridge") && !mapping.has("hostPort")) {
                mapping.put("hostPort", 0);
            }
            if (!mapping.has("labels")) {
                mapping.putObject("labels");
            }
            mapping.put("protocol", mapping.path("protocol").asString("tcp"));
            mapping.put("servicePort", mapping.path("servicePort").asInt(0));
        }
    }

    static boolean isResident(JsonNode app) {
        for (JsonNode volume : app.path("container").path("volumes")) {
            if (volume.has("persistent")) {
                return true;
            }
        }
        return false;
    }

    private static void strategies(JsonNode sent, ObjectNode app) {
        boolean resident = isResident(app);
        if (resident) {
            app.putObject("residency")
                    .put("relaunchEscalationTimeoutSeconds", 3600)
                    .put("taskLostBehavior", "WAIT_FOREVER");
        }
        ObjectNode upgrade = app.putObject("upgradeStrategy");
        JsonNode asked = sent.path("upgradeStrategy");
        upgrade.put("maximumOverCapacity", number(asked, "maximumOverCapacity", resident ? 0 : 1));
        upgrade.put("minimumHealthCapacity", number(asked, "minimumHealthCapacity", resident ? 0.5 : 1));
        if (Json.given(sent, "unreachableStrategy")) {
            app.set("unreachableStrategy", sent.get("unreachableStrategy").deepCopy());
        } else if (resident) {
            app.put("unreachableStrategy", "disabled");
        } else {
            app.putObject("unreachableStrategy").put("inactiveAfterSeconds", 0).put("expungeAfterSeconds", 0);
        }
    }

    private static void healthChecks(ObjectNode app) {
        if (!app.has("healthChecks")) {
            return;
        }
        ArrayNode checks = Json.array();
        app.get("healthChecks").forEach(check -> checks.add(healthCheck(check)));
        app.set("healthChecks", checks);
    }

    private static ObjectNode healthCheck(JsonNode asked) {
        String protocol = asked.path("protocol").asString("HTTP");
        ObjectNode check = Json.object("protocol", protocol);
        check.put("gracePeriodSeconds", asked.path("gracePeriodSeconds").asInt(300));
        check.put("intervalSeconds", asked.path("intervalSeconds").asInt(60));
        check.put("timeoutSeconds", asked.path("timeoutSeconds").asInt(20));
        check.put("maxConsecutiveFailures", asked.path("maxConsecutiveFailures").asInt(3));
        // Marathon's own checks forget what was asked for.
        boolean mesos = protocol.startsWith("MESOS_");
        check.put("delaySeconds", mesos ? asked.path("delaySeconds").asInt(15) : 15);
        check.put("ipProtocol", asked.path("ipProtocol").asString("IPv4"));
        if (protocol.equals("COMMAND")) {
            copy(asked, check, "command");
            return check;
        }
        if (protocol.equals("HTTP") || protocol.equals("HTTPS")) {
            check.put("ignoreHttp1xx", asked.path("ignoreHttp1xx").asBoolean(false));
        }
        if (!protocol.endsWith("TCP")) {
            copy(asked, check, "path");
        }
        copy(asked, check, "port");
        if (asked.has("portIndex") || !asked.has("port")) {
            check.put("portIndex", asked.path("portIndex").asInt(0));
        }
        return check;
    }
}
