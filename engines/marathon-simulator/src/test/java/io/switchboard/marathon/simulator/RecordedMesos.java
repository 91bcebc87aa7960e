package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Recording.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Does what Mesos did in a recording, when it did it: which node a task came to, how it went on, what checks showed.
 * What Marathon makes of it is the simulator's own doing.
 */
final class RecordedMesos implements Cluster {

    private final Marathon marathon;
    private final Recording recording;
    private final Comparison names;
    private final List<String> complaints = new ArrayList<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private final Set<String> offers = new HashSet<>();
    private final Map<String, Boolean> healthy = new LinkedHashMap<>();

    RecordedMesos(Marathon marathon, Recording recording, Comparison names) {
        this.marathon = marathon;
        this.recording = recording;
        this.names = names;
    }

    /** What the simulator should have been ready for. */
    List<String> complaints() {
        return complaints;
    }

    void plan(Timeline timeline) {
        for (Event event : recording.events()) {
            timeline.at(event.at(), () -> happen(event));
        }
        for (Recording.Exchange exchange : recording.exchanges()) {
            exchange.answer().path("queue").forEach(entry -> offers(timeline, entry));
        }
    }

    /** Offers that nothing came of leave their time in the queue. */
    private void offers(Timeline timeline, JsonNode entry) {
        JsonNode at = entry.path("processedOffersSummary").path("lastUnusedOfferAt");
        if (at.isString()) {
            String app = entry.path("app").path("id").asString();
            int nodes = 0;
            for (JsonNode reason : entry.path("processedOffersSummary").path("rejectSummaryLastOffers")) {
                nodes = Math.max(nodes, reason.path("processed").asInt());
            }
            int offered = nodes;
            if (!offered(app, at.asString())) {
                return;
            }
            timeline.at(Instant.parse(at.asString()), () -> {
                int declined = 0;
                for (int n = 0; n < 3 && declined < offered; n++) {
                    declined += decline(app, offer(agent(n))) ? 1 : 0;
                }
            });
        }
    }

    private boolean decline(String app, Offer offer) {
        JsonNode spec = marathon.tree().runSpec(app).orElseGet(Json::object);
        boolean declines = Matching.declines(offer, spec, marathon.instances().agents(app), Set.of())
                .isPresent();
        if (declines) {
            marathon.queue().match(offer, app::equals);
        }
        return declines;
    }

    private boolean offered(String app, String at) {
        return offers.add(app + at);
    }

    private static Agent agent(int number) {
        String host = "127.0.0.1" + (number + 1);
        return new Agent(
                "5a1e0000-0000-4000-8000-000000000000-S" + number,
                host,
                "local",
                "zone-" + number,
                Map.of("rack", "rack-" + number % 2, "gen", number + ".0"));
    }

    private static Offer offer(Agent agent) {
        int number = agent.host().charAt(agent.host().length() - 1) - '1';
        int first = 31000 + 2000 * number;
        return new Offer("an offer", agent, 16, 16384, 100_000, new PortRange(first, first + 1999));
    }

    private void happen(Event event) {
        switch (event.type()) {
            case "instance_changed_event" -> {
                if (event.data().path("condition").asString().equals("Provisioned")) {
                    place(event);
                }
            }
            case "status_update_event" -> report(event);
            case "health_status_changed_event" -> {
                if (checked(event.data().path("appId").asString(""), false) && !byNode(event)) {
                    check(event, event.data().path("alive").asBoolean());
                }
            }
            case "failed_health_check_event" -> {
                boolean node = event.data()
                        .path("healthCheck")
                        .path("protocol")
                        .asString()
                        .startsWith("MESOS_");
                if (!node) {
                    check(event, false);
                }
            }
            case "instance_health_changed_event" -> graceFailure(event);
            default -> {}
        }
    }

    // --- tasks

    private static String uuid(String instanceId) {
        return instanceId.substring(instanceId.indexOf(".instance-") + ".instance-".length());
    }

    private Optional<Instance> instance(String recordedId) {
        return marathon.instances().byId(names.translate(recordedId));
    }

    private void place(Event event) {
        String recorded = event.data().path("instanceId").asString();
        String runSpec = event.data().path("runSpecId").asString();
        if (marathon.tree().runSpec(runSpec).isEmpty()) {
            return;
        }
        String version = names.translate(event.data().path("runSpecVersion").asString());
        Optional<Instance> found = names.knows(uuid(recorded))
                ? instance(recorded).filter(Instance::scheduled)
                : marathon.instances().of(runSpec).stream()
                        .filter(Instance::scheduled)
                        .filter(each -> !names.stands(uuid(each.id())))
                        .min(Comparator.comparing(each -> !each.version().equals(version)));
        if (found.isEmpty()) {
            complaints.add("nothing of " + runSpec + " waits for an offer at " + event.at());
            return;
        }
        names.learn(uuid(recorded), uuid(found.get().id()));
        int number = event.data().path("host").asString().charAt(9) - '0';
        Agent agent = agent(number - 1);
        marathon.queue().launch(found.get(), offer(agent), ports(recorded, event.at()));
    }

    private List<Integer> ports(String instanceId, Instant from) {
        List<Integer> ports = new ArrayList<>();
        int attempt = attempts.merge(instanceId, 1, Integer::sum);
        for (Event event : recording.events()) {
            String task = event.data().path("taskId").asString("");
            boolean ofIt = task.equals(instanceId + "._app." + attempt)
                    || task.startsWith(instanceId + ".c") && !event.at().isBefore(from);
            if (event.type().equals("status_update_event") && ofIt && ports.isEmpty()) {
                event.data().path("ports").forEach(port -> ports.add(port.asInt()));
            }
        }
        return ports;
    }

    private void report(Event event) {
        String taskId = names.translate(event.data().path("taskId").asString());
        String state = event.data().path("taskStatus").asString();
        String message = event.data().path("message").asString("");
        int app = taskId.lastIndexOf("._app.");
        if (app < 0) {
            String[] parts = taskId.split("\\.");
            String instance = parts[0] + "." + parts[1];
            marathon.containerStatus(instance, parts[2], Status.of(taskId, state, message));
            return;
        }
        String address =
                event.data().path("ipAddresses").path(0).path("ipAddress").asString("");
        boolean again = marathon.instances()
                .ofTask(taskId)
                .filter(each -> each.running() && state.equals("TASK_RUNNING"))
                .isPresent();
        Boolean health = again ? healthAt(event) : null;
        if (health != null) {
            healthy.put(taskId, health);
        } else if (!state.equals("TASK_RUNNING")) {
            healthy.remove(taskId);
        }
        marathon.status(new Status(taskId, state, message, health, address.isEmpty() ? null : address));
    }

    /** A status says nothing of health in the stream; the change it made does, at nearly the same time. */
    private @Nullable Boolean healthAt(Event status) {
        String task = status.data().path("taskId").asString();
        return recording.events().stream()
                .filter(event -> event.type().equals("instance_health_changed_event"))
                .filter(event -> event.data().path("healthy").isBoolean())
                .filter(event -> task.startsWith(event.data().path("instanceId").asString() + "._app."))
                .filter(event -> distance(status, event) < 1000)
                // The latest of those at the same moment: it is what the others led to.
                .min(Comparator.comparing((Event event) -> distance(status, event))
                        .thenComparing(recording.events()::indexOf, Comparator.reverseOrder()))
                .map(event -> event.data().path("healthy").asBoolean())
                .orElse(null);
    }

    private static long distance(Event one, Event other) {
        return Duration.between(one.at(), other.at()).abs().toMillis();
    }

    // --- checks

    /** A status of the same moment brought it. */
    private boolean byNode(Event event) {
        String id = event.data().path("instanceId").asString();
        boolean first = recording.events().stream()
                .filter(other -> other.type().equals(event.type()))
                .filter(other -> other.data().path("instanceId").asString().equals(id))
                .findFirst()
                .filter(event::equals)
                .isPresent();
        return first
                && checked(event.data().path("appId").asString(""), true)
                && recording.events().stream()
                        .filter(other -> other.type().equals("status_update_event"))
                        .filter(other -> other.data().path("taskId").asString().startsWith(id + "._app."))
                        .anyMatch(other -> distance(other, event) < 200);
    }

    private boolean checked(String app, boolean byNode) {
        for (JsonNode check : checks(app)) {
            if (check.path("protocol").asString().startsWith("MESOS_") == byNode) {
                return true;
            }
        }
        return false;
    }

    private JsonNode checks(String app) {
        return marathon.tree().runSpec(app).orElseGet(Json::object).path("healthChecks");
    }

    private void check(Event event, boolean passed) {
        String id = event.data()
                .path("instanceId")
                .asString(event.data().path("taskId").asString());
        instance(id).ifPresent(instance -> {
            boolean flips = instance.health(0).alive() != passed || !passed;
            if (flips && (passed || event.type().equals("failed_health_check_event"))) {
                marathon.checked(instance, 0, new Checked(passed, passed ? "" : reason(instance.runSpec()), 0, ""));
            }
        });
    }

    /** Why its check failed, the stream tells when the task is killed for it. */
    private String reason(String app) {
        return recording.events().stream()
                .filter(event -> event.type().equals("unhealthy_instance_kill_event"))
                .filter(event -> event.data().path("appId").asString().equals(app))
                .map(event -> event.data().path("reason").asString())
                .findFirst()
                .orElse("it failed");
    }

    /** A failure that does not count yet shows as a change of the instance's health only. */
    private void graceFailure(Event event) {
        JsonNode checks = checks(event.data().path("runSpecId").asString(""));
        boolean node = checks.path(0).path("protocol").asString("").startsWith("MESOS_");
        if (!node && checks.size() == 1 && event.data().path("healthy").isBoolean()) {
            instance(event.data().path("instanceId").asString())
                    .filter(each -> each.health().isEmpty()
                            && !event.data().path("healthy").asBoolean())
                    .ifPresent(each -> marathon.checked(each, 0, new Checked(false, "it failed", 0, "")));
        }
    }

    /** Marathon's own checks come from the recording; only readiness is asked for. */
    @Override
    public void check(String taskId, JsonNode check, Consumer<Checked> result) {
        if (check.has("httpStatusCodesForReady")) {
            result.accept(new Checked(false, "", 503, "{}"));
            recording.events().stream()
                    .filter(event -> event.type().equals("deployment_success"))
                    .findFirst()
                    .ifPresent(event ->
                            marathon.timeline().at(event.at(), () -> result.accept(new Checked(true, "", 200, "{}"))));
        }
    }

    @Override
    public void reconcile() {
        healthy.forEach((task, health) -> marathon.status(new Status(task, "TASK_RUNNING", "", health, null)));
    }

    @Override
    public void revive() {}

    @Override
    public void launch(Launch launch) {}

    @Override
    public void kill(String taskId, Duration grace) {}
}
