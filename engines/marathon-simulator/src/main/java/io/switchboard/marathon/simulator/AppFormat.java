package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Refusal.Flaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Types, patterns and bounds of an app's fields. Fields nobody knows are passed over, as Marathon does. */
final class AppFormat {

    private static final Pattern ID = Pattern.compile(
            "^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])|(\\.|\\.\\.)$");
    private static final Pattern PORT_NAME = Pattern.compile("[a-z0-9-]+");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z");

    /** A field's check. */
    private interface Check {
        void run(JsonNode value, String path, List<Flaw> flaws);
    }

    private static final Map<String, Check> TOP = Map.ofEntries(
            Map.entry("id", AppFormat::id),
            Map.entry("cmd", (value, path, flaws) -> text(value, path, flaws, 1)),
            Map.entry("cpus", number(0, Double.MAX_VALUE)),
            Map.entry("mem", number(0, Double.MAX_VALUE)),
            Map.entry("disk", number(0, Double.MAX_VALUE)),
            Map.entry("instances", integer(0, Integer.MAX_VALUE)),
            Map.entry("backoffFactor", number(1, Double.MAX_VALUE)),
            Map.entry("backoffSeconds", integer(0, Integer.MAX_VALUE)),
            Map.entry("maxLaunchDelaySeconds", integer(0, Integer.MAX_VALUE)),
            Map.entry("taskKillGracePeriodSeconds", integer(0, Integer.MAX_VALUE)),
            Map.entry("killSelection", oneOf("YOUNGEST_FIRST", "OLDEST_FIRST")),
            Map.entry("env", AppFormat::environment),
            Map.entry("labels", AppFormat::labels),
            Map.entry("constraints", AppFormat::constraints),
            Map.entry("upgradeStrategy", AppFormat::upgradeStrategy),
            Map.entry("version", AppFormat::version),
            Map.entry("container", AppFormat::container),
            Map.entry("networks", each(Map.of("mode", oneOf("container", "container/bridge", "host")))),
            Map.entry(
                    "portDefinitions",
                    each(Map.of(
                            "port", integer(0, 65535),
                            "name", pattern(PORT_NAME),
                            "protocol", oneOf("tcp", "udp", "udp,tcp")))),
            Map.entry(
                    "healthChecks",
                    each(Map.of(
                            "protocol",
                                    oneOf("HTTP", "HTTPS", "TCP", "COMMAND", "MESOS_HTTP", "MESOS_HTTPS", "MESOS_TCP"),
                            "gracePeriodSeconds", integer(0, Integer.MAX_VALUE),
                            "intervalSeconds", integer(0, Integer.MAX_VALUE),
                            "timeoutSeconds", integer(0, Integer.MAX_VALUE),
                            "delaySeconds", integer(0, Integer.MAX_VALUE),
                            "maxConsecutiveFailures", integer(0, Integer.MAX_VALUE)))));

    private AppFormat() {}

    /** @param idNeeded for apps that the URL does not name */
    static void check(JsonNode app, boolean idNeeded) {
        List<Flaw> flaws = flaws(app, "", idNeeded);
        if (!flaws.isEmpty()) {
            throw Refusal.malformed(flaws);
        }
    }

    static List<Flaw> flaws(JsonNode app, String at, boolean idNeeded) {
        if (!app.isObject()) {
            return List.of(new Flaw(at + "/id", app + " is not an object"));
        }
        List<Flaw> flaws = new ArrayList<>();
        if (idNeeded && !app.has("id")) {
            flaws.add(new Flaw(at + "/id", "'id' is undefined on object: " + app));
        }
        TOP.forEach((field, check) -> {
            boolean nullMatters = idNeeded && field.equals("id");
            if (app.has(field) && (nullMatters || !app.get(field).isNull())) {
                check.run(app.get(field), at + "/" + field, flaws);
            }
        });
        return flaws;
    }

    private static void id(JsonNode value, String path, List<Flaw> flaws) {
        if (text(value, path, flaws, 1)) {
            for (String segment : value.asString().split("/")) {
                if (!segment.isEmpty() && !ID.matcher(segment).matches()) {
                    flaws.add(new Flaw(path, "error.pattern"));
                    return;
                }
            }
        }
    }

    private static boolean text(JsonNode value, String path, List<Flaw> flaws, int minLength) {
        if (!value.isString()) {
            flaws.add(new Flaw(path, "error.expected.jsstring"));
            return false;
        }
        if (value.asString().length() < minLength) {
            flaws.add(new Flaw(path, "error.minLength"));
            return false;
        }
        return true;
    }

    private static Check number(double min, double max) {
        return (value, path, flaws) -> {
            if (!value.isNumber()) {
                flaws.add(new Flaw(path, "error.expected.jsnumber"));
            } else if (value.asDouble() < min) {
                flaws.add(new Flaw(path, "error.min"));
            } else if (value.asDouble() > max) {
                flaws.add(new Flaw(path, "error.max"));
            }
        };
    }

    private static Check integer(int min, int max) {
        Check number = number(min, max);
        return (value, path, flaws) -> {
            if (value.isNumber() && value.asDouble() != Math.rint(value.asDouble())) {
                flaws.add(new Flaw(path, "error.expected.int"));
            } else {
                number.run(value, path, flaws);
            }
        };
    }

    private static Check oneOf(String... words) {
        Set<String> known = Set.of(words);
        return (value, path, flaws) -> {
            if (!known.contains(value.asString(""))) {
                flaws.add(new Flaw(path, "error.unknown.enum.literal"));
            }
        };
    }

    private static Check pattern(Pattern pattern) {
        return (value, path, flaws) -> {
            if (text(value, path, flaws, 0)
                    && !pattern.matcher(value.asString()).matches()) {
                flaws.add(new Flaw(path, "error.pattern"));
            }
        };
    }

    private static Check each(Map<String, Check> fields) {
        return (value, path, flaws) -> {
            for (int n = 0; n < value.size(); n++) {
                JsonNode element = value.get(n);
                String at = path + "(" + n + ")";
                fields.forEach((field, check) -> {
                    if (Json.given(element, field)) {
                        check.run(element.get(field), at + "/" + field, flaws);
                    }
                });
            }
        };
    }

    private static void environment(JsonNode value, String path, List<Flaw> flaws) {
        value.properties().forEach(variable -> {
            if (!variable.getValue().isString() && !variable.getValue().isObject()) {
                flaws.add(new Flaw(path + "/" + variable.getKey(), "error.expected.jsobject"));
            }
        });
    }

    private static void labels(JsonNode value, String path, List<Flaw> flaws) {
        value.properties().forEach(label -> text(label.getValue(), path + "/" + label.getKey(), flaws, 0));
    }

    private static void constraints(JsonNode value, String path, List<Flaw> flaws) {
        for (int n = 0; n < value.size(); n++) {
            if (!value.get(n).isArray()) {
                flaws.add(new Flaw(path + "(" + n + ")", "error.expected.jsarray"));
            }
        }
    }

    private static void upgradeStrategy(JsonNode value, String path, List<Flaw> flaws) {
        for (String field : List.of("maximumOverCapacity", "minimumHealthCapacity")) {
            if (value.has(field)) {
                number(0, 1).run(value.get(field), path + "/" + field, flaws);
            } else {
                flaws.add(new Flaw(path + "/" + field, "'" + field + "' is undefined on object: " + value));
            }
        }
    }

    private static void version(JsonNode value, String path, List<Flaw> flaws) {
        if (!isDate(value.asString(""))) {
            flaws.add(new Flaw(path, "error.expected.date.isoformat"));
        }
    }

    static boolean isDate(String text) {
        return DATE.matcher(text).matches();
    }

    private static void container(JsonNode value, String path, List<Flaw> flaws) {
        JsonNode docker = value.path("docker");
        if (docker.isObject() && !docker.has("image")) {
            flaws.add(new Flaw(path + "/docker/image", "'image' is undefined on object: " + docker));
        }
    }
}
