package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Cluster.Agent;
import io.switchboard.marathon.simulator.Cluster.Offer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Whether an offer is good for a task of a run spec. */
final class Matching {

    private Matching() {}

    /** Why not, as the queue tells; empty if it is. */
    static Optional<String> declines(Offer offer, JsonNode spec, Collection<Agent> placed, Set<Integer> taken) {
        for (JsonNode constraint : spec.path("constraints")) {
            if (!holds(constraint, offer.agent(), placed)) {
                return Optional.of("UnfulfilledConstraint");
            }
        }
        if (offer.cpus() < spec.path("cpus").asDouble()) {
            return Optional.of("InsufficientCpus");
        }
        if (offer.memoryMib() < spec.path("mem").asDouble()) {
            return Optional.of("InsufficientMemory");
        }
        if (offer.diskMib() < spec.path("disk").asDouble()) {
            return Optional.of("InsufficientDisk");
        }
        return hostPorts(spec) > 0 && ports(offer, spec, taken, 0).isEmpty()
                ? Optional.of("InsufficientPorts")
                : Optional.empty();
    }

    static int hostPorts(JsonNode spec) {
        int count = spec.path("portDefinitions").size();
        for (JsonNode mapping : spec.path("container").path("portMappings")) {
            count += mapping.has("hostPort") ? 1 : 0;
        }
        return count;
    }

    /**
     * As many of the offer's free ports as the run spec needs, or none.
     *
     * @param from where in the offer's range to begin to look, from 0
     */
    static List<Integer> ports(Offer offer, JsonNode spec, Set<Integer> taken, int from) {
        List<Integer> ports = new ArrayList<>();
        if (spec.path("requirePorts").asBoolean(false)) {
            for (JsonNode definition : spec.path("portDefinitions")) {
                int port = definition.path("port").asInt();
                if (port < offer.ports().first() || port > offer.ports().last() || taken.contains(port)) {
                    return List.of();
                }
                ports.add(port);
            }
            return ports;
        }
        int needed = hostPorts(spec);
        int size = offer.ports().size();
        for (int n = 0; n < size && ports.size() < needed; n++) {
            int port = offer.ports().first() + (from + n) % size;
            if (!taken.contains(port)) {
                ports.add(port);
            }
        }
        return ports.size() < needed ? List.of() : ports;
    }

    private static boolean holds(JsonNode constraint, Agent agent, Collection<Agent> placed) {
        String field = constraint.get(0).asString();
        String value = constraint.path(2).asString("");
        String here = value(agent, field);
        long same = placed.stream()
                .filter(other -> value(other, field).equals(here))
                .count();
        return switch (constraint.get(1).asString()) {
            case "UNIQUE" -> same == 0;
            case "MAX_PER" -> same < Integer.parseInt(value);
            case "LIKE" -> here.matches(value);
            case "UNLIKE" -> !here.matches(value);
            case "IS" -> here.equals(value);
            case "CLUSTER" -> value.isEmpty() ? placed.isEmpty() || same == placed.size() : here.equals(value);
            case "GROUP_BY" -> evenly(field, here, placed, value.isEmpty() ? 1 : Integer.parseInt(value));
            default -> false;
        };
    }

    private static boolean evenly(String field, String here, Collection<Agent> placed, int groups) {
        List<String> values = placed.stream().map(agent -> value(agent, field)).toList();
        long known = values.stream().distinct().count();
        long least = known < groups
                ? 0
                : values.stream()
                        .distinct()
                        .mapToLong(each -> values.stream().filter(each::equals).count())
                        .min()
                        .orElse(0);
        return values.stream().filter(here::equals).count() <= least;
    }

    private static String value(Agent agent, String field) {
        return switch (field) {
            case "hostname", "@hostname" -> agent.host();
            case "@region" -> agent.region();
            case "@zone" -> agent.zone();
            default -> agent.attributes().getOrDefault(field, "");
        };
    }
}
