package io.switchboard.marathon.simulator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Gives apps the service ports they left to Marathon: the smallest ones that are free. */
final class ServicePorts {

    private static final int FIRST = 10000;

    private ServicePorts() {}

    static Tree allot(Tree tree) {
        Set<Integer> taken = new HashSet<>();
        List<ObjectNode> without = new ArrayList<>();
        for (ObjectNode app : tree.apps()) {
            boolean missing = false;
            for (Slot slot : slots(app)) {
                int port = slot.node().path(slot.field()).asInt(0);
                missing |= port == 0;
                taken.add(port);
            }
            if (missing) {
                without.add(app);
            }
        }
        Tree allotted = tree;
        for (ObjectNode app : without) {
            ObjectNode copy = app.deepCopy();
            for (Slot slot : slots(copy)) {
                if (slot.node().path(slot.field()).asInt(0) == 0) {
                    int port = FIRST;
                    while (!taken.add(port)) {
                        port++;
                    }
                    slot.node().put(slot.field(), port);
                }
            }
            allotted = allotted.withApp(copy, tree.version());
        }
        return allotted;
    }

    private record Slot(ObjectNode node, String field) {}

    private static List<Slot> slots(JsonNode app) {
        List<Slot> slots = new ArrayList<>();
        app.path("portDefinitions").forEach(port -> slots.add(new Slot((ObjectNode) port, "port")));
        app.path("container")
                .path("portMappings")
                .forEach(mapping -> slots.add(new Slot((ObjectNode) mapping, "servicePort")));
        return slots;
    }

    /** The app's own, for {@code /v2/tasks}. */
    static List<Integer> of(JsonNode app) {
        return slots(app).stream()
                .map(slot -> slot.node().path(slot.field()).asInt(0))
                .toList();
    }
}
