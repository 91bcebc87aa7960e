package io.switchboard.engine.marathon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Why an app has fewer tasks than it should, in plain words, from its entry in Marathon's launch queue. */
final class Waiting {

    private static final JsonNode NO_APP = MissingNode.getInstance();

    private Waiting() {}

    /** Empty if the app waits for nothing. */
    static Optional<String> why(JsonNode queue, String appId) {
        for (JsonNode entry : queue.path("queue")) {
            if (entry.path("app").path("id").asString("").equals(appId)) {
                return Optional.of(why(entry));
            }
        }
        return Optional.empty();
    }

    private static String why(JsonNode entry) {
        long delay = entry.path("delay").path("timeLeftSeconds").asLong(0);
        if (delay > 0) {
            return "the next start waits " + delay + " s more, because the last ones failed";
        }
        JsonNode app = entry.path("app");
        Map<String, List<JsonNode>> byReason = new LinkedHashMap<>();
        for (JsonNode unused : entry.path("lastUnusedOffers")) {
            String reason = unused.path("reason").path(0).asString("");
            byReason.computeIfAbsent(reason, key -> new ArrayList<>()).add(unused.path("offer"));
        }
        if (byReason.isEmpty()) {
            return withoutOffers(entry.path("processedOffersSummary"));
        }
        List<String> words = new ArrayList<>();
        byReason.forEach((reason, offers) -> words.add(words(reason, offers, app)));
        return "waiting for a node: " + String.join("; ", words);
    }

    private static String withoutOffers(JsonNode summary) {
        for (JsonNode reason : summary.path("rejectSummaryLastOffers")) {
            if (reason.path("declined").asInt() > 0) {
                return "waiting for a node: " + words(reason.path("reason").asString(), List.of(), NO_APP);
            }
        }
        return "waiting for Mesos to offer a node";
    }

    private static String words(String reason, List<JsonNode> offers, JsonNode app) {
        String nodes = switch (offers.size()) {
            case 0 -> "nodes";
            case 1 -> "1 node";
            default -> offers.size() + " nodes";
        };
        return switch (reason) {
            case "InsufficientCpus" ->
                nodes + " without enough cores: the largest gap is " + amount(most(offers, "cpus")) + ", a task needs "
                        + amount(app.path("cpus").asDouble());
            case "InsufficientMemory" ->
                nodes + " without enough memory: the largest gap is " + amount(most(offers, "mem"))
                        + " MiB, a task needs " + amount(app.path("mem").asDouble()) + " MiB";
            case "InsufficientDisk" ->
                nodes + " without enough disk: the largest gap is " + amount(most(offers, "disk"))
                        + " MiB, a task needs " + amount(app.path("disk").asDouble()) + " MiB";
            case "InsufficientPorts" -> nodes + " without enough free ports";
            case "InsufficientGpus" -> nodes + " without enough GPUs";
            case "UnfulfilledConstraint" -> nodes + " against a placement constraint: " + app.path("constraints");
            case "UnfulfilledRole" ->
                nodes + " with nothing for role " + app.path("role").asString("*");
            case "AgentMaintenance" -> nodes + " in maintenance";
            case "NoCorrespondingReservationFound" -> nodes + " without a reservation for it";
            case "DeclinedScarceResources" -> nodes + " kept for tasks that need GPUs";
            default -> nodes + " of no use: " + reason;
        };
    }

    private static double most(List<JsonNode> offers, String resource) {
        double most = 0;
        for (JsonNode offer : offers) {
            double sum = 0;
            for (JsonNode each : offer.path("resources")) {
                if (each.path("name").asString("").equals(resource)) {
                    sum += each.path("scalar").asDouble(0);
                }
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    private static String amount(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f", Math.floor(value * 10 + 1e-6) / 10);
    }
}
