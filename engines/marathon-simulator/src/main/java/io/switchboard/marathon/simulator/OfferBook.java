package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Cluster.Offer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What became of the offers a run spec looked at. */
final class OfferBook {

    /** In the order Marathon looks at them: where one declines, later ones aren't asked. */
    static final List<String> REASONS = List.of(
            "UnfulfilledRole",
            "UnfulfilledConstraint",
            "NoCorrespondingReservationFound",
            "AgentMaintenance",
            "InsufficientCpus",
            "InsufficientMemory",
            "InsufficientDisk",
            "InsufficientGpus",
            "InsufficientPorts",
            "DeclinedScarceResources");

    private record Look(Offer offer, String reason, Instant at) {}

    private final Map<String, Look> lastByAgent = new LinkedHashMap<>();
    private final int[] declined = new int[REASONS.size()];
    private final int[] processed = new int[REASONS.size()];
    private int offers;
    private int unused;
    private @Nullable Instant lastUnused;
    private @Nullable Instant lastUsed;

    void used(Offer offer, Instant at) {
        offers++;
        lastUsed = at;
        for (int n = 0; n < processed.length; n++) {
            processed[n]++;
        }
        lastByAgent.remove(offer.agent().id());
    }

    void unused(Offer offer, String reason, Instant at) {
        offers++;
        unused++;
        lastUnused = at;
        lastByAgent.put(offer.agent().id(), new Look(offer, reason, at));
        count(reason, declined, processed);
    }

    private static void count(String reason, int[] declined, int[] processed) {
        int decided = REASONS.indexOf(reason);
        declined[decided]++;
        for (int n = 0; n <= decided; n++) {
            processed[n]++;
        }
    }

    ObjectNode summary() {
        int[] lastDeclined = new int[REASONS.size()];
        int[] lastProcessed = new int[REASONS.size()];
        lastByAgent.values().forEach(look -> count(look.reason(), lastDeclined, lastProcessed));
        ObjectNode json = Json.object();
        json.put("processedOffersCount", offers).put("unusedOffersCount", unused);
        Instant unusedAt = lastUnused;
        if (unusedAt != null) {
            json.put("lastUnusedOfferAt", Json.timestamp(unusedAt));
        }
        Instant usedAt = lastUsed;
        if (usedAt != null) {
            json.put("lastUsedOfferAt", Json.timestamp(usedAt));
        }
        json.set("rejectSummaryLastOffers", reasons(lastDeclined, lastProcessed));
        json.set("rejectSummaryLaunchAttempt", reasons(declined, processed));
        return json;
    }

    private static ArrayNode reasons(int[] declined, int[] processed) {
        ArrayNode array = Json.array();
        for (int n = 0; n < REASONS.size(); n++) {
            array.addObject()
                    .put("reason", REASONS.get(n))
                    .put("declined", declined[n])
                    .put("processed", processed[n]);
        }
        return array;
    }

    ArrayNode lastUnusedOffers() {
        ArrayNode array = Json.array();
        for (Look look : lastByAgent.values()) {
            ObjectNode entry = array.addObject();
            entry.set("offer", json(look.offer()));
            entry.set("reason", Json.strings(List.of(look.reason())));
            entry.put("timestamp", Json.timestamp(look.at()));
        }
        return array;
    }

    private static ObjectNode json(Offer offer) {
        ObjectNode json = Json.object("id", offer.id())
                .put("hostname", offer.agent().host())
                .put("agentId", offer.agent().id());
        ArrayNode resources = json.putArray("resources");
        scalar(resources, "cpus", offer.cpus());
        scalar(resources, "mem", offer.memoryMib());
        scalar(resources, "disk", offer.diskMib());
        ObjectNode ports = resources.addObject().put("name", "ports").put("role", "*");
        ports.putArray("ranges")
                .addObject()
                .put("begin", offer.ports().first())
                .put("end", offer.ports().last());
        ArrayNode attributes = json.putArray("attributes");
        offer.agent().attributes().forEach((name, value) -> {
            ObjectNode attribute = attributes.addObject().put("name", name);
            if (value.matches("\\d+(\\.\\d+)?")) {
                attribute.put("scalar", Double.parseDouble(value));
            } else {
                attribute.put("text", value);
            }
        });
        return json;
    }

    private static void scalar(ArrayNode resources, String name, double value) {
        resources.addObject().put("name", name).put("role", "*").put("scalar", value);
    }
}
