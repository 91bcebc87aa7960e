package io.switchboard.marathon.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Compares recorded answers with given ones: fields, types and values. Ids and versions may differ, but the same
 * recorded one always stands for the same given one. Only what depends on a clock is compared by type alone.
 */
final class Comparison {

    private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final Pattern ID = Pattern.compile(UUID);
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z");

    /** Timestamps that name something, and so must stay the same wherever they are shown. */
    private static final Set<String> VERSIONS = Set.of("version", "lastScalingAt", "lastConfigChangeAt");

    /** What depends on when Mesos made its offers, or on how fast the machine was. */
    private static final Set<String> BY_TYPE = Set.of(
            "timeLeftSeconds",
            "processedOffersCount",
            "unusedOffersCount",
            "averageSeconds",
            "medianSeconds",
            "lastFailureCause",
            "persistenceId",
            "specReference",
            "allocatedHostPort",
            "frameworkId",
            "buildref");

    /** What depends on flags, on the machine, or on which code ran before: compared by its kind only. */
    private static final Pattern KINDS =
            Pattern.compile("/(marathon_config|zookeeper_config|http_config)/[^/]+|/(counters|gauges|meters|timers)");

    private static final Set<String> PLACES = Set.of("host", "slaveId", "zone", "ipAddress", "ports");

    private final Map<String, String> given = new HashMap<>();
    private final Map<String, String> recorded = new HashMap<>();
    private final String firstVersion;
    private boolean anywhere;

    /** @param firstVersion of the simulator's root, before the scenario */
    Comparison(String firstVersion) {
        this.firstVersion = firstVersion;
    }

    /** Nothing is known of where Mesos put tasks: their places are compared by type, too. */
    void placedAnywhere() {
        anywhere = true;
    }

    private boolean byType(String field) {
        return BY_TYPE.contains(field) || anywhere && PLACES.contains(field);
    }

    /** A recorded id or version that stands for a given one from now on. */
    void learn(String recordedName, String givenName) {
        given.put(recordedName, givenName);
        recorded.put(givenName, recordedName);
    }

    boolean stands(String givenName) {
        return recorded.containsKey(givenName);
    }

    boolean knows(String recordedName) {
        return given.containsKey(recordedName);
    }

    /** The text with every recorded id and version replaced by the given one. */
    String translate(String text) {
        return replace(TIME, replace(ID, text));
    }

    private String replace(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.replaceAll(found -> Matcher.quoteReplacement(given.getOrDefault(found.group(), found.group())));
    }

    /** What differs, one line each. */
    List<String> differences(JsonNode expected, JsonNode actual) {
        List<String> found = new ArrayList<>();
        compare("", "", expected, actual, found);
        return found;
    }

    private void compare(String path, String field, JsonNode expected, JsonNode actual, List<String> found) {
        if (KINDS.matcher(path).matches()) {
            if (expected.getNodeType() != actual.getNodeType()) {
                found.add(path + ": a " + expected.getNodeType() + " but was " + shortened(actual));
            }
        } else if (expected.isObject() && actual.isObject()) {
            objects(path, expected, actual, found);
        } else if (expected.isArray() && actual.isArray()) {
            arrays(path, field, expected, actual, found);
        } else if (expected.isNumber() && actual.isNumber()) {
            boolean counted = byType(field) || path.contains("rejectSummaryLaunchAttempt");
            if (!counted && Math.abs(expected.asDouble() - actual.asDouble()) > 1e-9) {
                found.add(path + ": " + expected + " but was " + actual);
            }
        } else if (expected.isString() && actual.isString()) {
            strings(path, field, expected.asString(), actual.asString(), found);
        } else if (!expected.equals(actual)) {
            found.add(path + ": " + shortened(expected) + " but was " + shortened(actual));
        }
    }

    private static String shortened(JsonNode node) {
        String text = node.toString();
        return text.length() < 160 ? text : text.substring(0, 160) + "…";
    }

    private void objects(String path, JsonNode expected, JsonNode actual, List<String> found) {
        Set<String> fields = new TreeSet<>(expected.propertyNames());
        fields.addAll(actual.propertyNames());
        for (String field : fields) {
            String at = path + "/" + field;
            if (!actual.has(field)) {
                found.add(at + ": missing, should be " + shortened(expected.get(field)));
            } else if (!expected.has(field)) {
                found.add(at + ": should not be there, is " + shortened(actual.get(field)));
            } else {
                compare(at, field, expected.get(field), actual.get(field), found);
            }
        }
    }

    private void strings(String path, String field, String expected, String actual, List<String> found) {
        // Details that are a text are a parser's.
        if (byType(field) || path.endsWith("/offer/id") || path.equals("/details")) {
            return;
        }
        if (TIME.matcher(expected).matches() && TIME.matcher(actual).matches()) {
            if (VERSIONS.contains(field)) {
                paired(path, expected, actual, found);
            }
            return;
        }
        if (ID.matcher(expected).matches() && ID.matcher(actual).matches()) {
            paired(path, expected, actual, found);
            return;
        }
        if (!translate(expected).equals(actual)) {
            found.add(path + ": '" + translate(expected) + "' but was '" + actual + "'");
        }
    }

    private void paired(String path, String expected, String actual, List<String> found) {
        if (!given.containsKey(expected) && !recorded.containsKey(actual)) {
            learn(expected, actual);
        } else if (!actual.equals(given.get(expected))) {
            found.add(path + ": '" + expected + "' stands for " + given.get(expected) + " but was '" + actual
                    + "', which stands for " + recorded.get(actual));
        }
    }

    /** Marathon keeps most lists in no order: what has a name is found by it, the rest by its place. */
    private void arrays(String path, String field, JsonNode expected, JsonNode actual, List<String> found) {
        if (field.equals("versions") || path.isEmpty() && expected.path(0).isString()) {
            versions(path, expected, actual, found);
            return;
        }
        if (expected.size() != actual.size()) {
            found.add(path + ": " + expected.size() + " elements but was " + actual.size() + ": " + shortened(expected)
                    + " | " + shortened(actual));
            return;
        }
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        for (int n = 0; n < actual.size(); n++) {
            byName.put(name(actual.get(n), n, field), actual.get(n));
        }
        for (int n = 0; n < expected.size(); n++) {
            String name = translate(name(expected.get(n), n, field));
            JsonNode other = byName.get(name);
            if (other == null && (byName.size() == 1 || anywhere)) {
                other = actual.get(n);
                learnIds(expected.get(n), other);
            }
            if (other == null) {
                found.add(path + ": nothing called " + name + " among " + byName.keySet());
            } else {
                compare(path + "(" + name + ")", field, expected.get(n), other, found);
            }
        }
    }

    private void learnIds(JsonNode expected, JsonNode actual) {
        Matcher one = ID.matcher(expected.path("id").asString(""));
        Matcher other = ID.matcher(actual.path("id").asString(""));
        if (one.find() && other.find() && !given.containsKey(one.group())) {
            learn(one.group(), other.group());
        }
    }

    private static String name(JsonNode element, int index, String field) {
        if (field.equals("actions") || field.equals("currentActions")) {
            return element.path("action").asString("") + " "
                    + element.path("app").asString(element.path("pod").asString(""));
        }
        if (field.equals("queue")) {
            return element.path("app").path("id").asString("");
        }
        if (field.equals("lastUnusedOffers")) {
            return element.path("offer").path("agentId").asString("");
        }
        if (field.equals("attributes") || field.equals("resources")) {
            return element.path("name").asString("");
        }
        if (field.equals("errors") || field.equals("affectedApps")) {
            return element.asString("");
        }
        for (String key : List.of("id", "path", "reason")) {
            if (element.path(key).isString()) {
                return element.get(key).asString();
            }
        }
        return Integer.toString(index);
    }

    private void versions(String path, JsonNode expected, JsonNode actual, List<String> found) {
        Set<String> there = new HashSet<>();
        actual.forEach(each -> there.add(each.asString()));
        there.remove(firstVersion);
        List<String> unknown = new ArrayList<>();
        for (JsonNode version : expected) {
            String name = given.get(version.asString());
            if (name == null) {
                // The recorded server had a life before the scenario.
                if (version.asString().compareTo(firstVersion) > 0) {
                    unknown.add(version.asString());
                }
            } else if (!name.equals(firstVersion) && !there.remove(name)) {
                found.add(path + ": no version that stands for " + version.asString());
            }
        }
        if (there.size() != unknown.size()) {
            found.add(path + ": " + unknown + " unknown, " + there + " left over");
        }
    }
}
