package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Cluster.Checked;
import io.switchboard.marathon.simulator.Cluster.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Marathon's own health and readiness checks, and what Mesos tells of its own. */
final class HealthChecks {

    private final Timeline timeline;
    private final EventBus events;
    private final Instances instances;
    private final Cluster cluster;
    private final Marathon marathon;
    private final Map<String, Timeline.Entry> planned = new HashMap<>();

    HealthChecks(Timeline timeline, EventBus events, Instances instances, Cluster cluster, Marathon marathon) {
        this.timeline = timeline;
        this.events = events;
        this.instances = instances;
        this.cluster = cluster;
        this.marathon = marathon;
    }

    Cluster cluster() {
        return cluster;
    }

    private JsonNode spec(Instance instance) {
        return marathon.tree().runSpec(instance.runSpec()).orElseGet(Json::object);
    }

    /** @param fresh whether it did not run before this status */
    void running(Instance instance, Status status, boolean fresh) {
        JsonNode checks = spec(instance).path("healthChecks");
        Boolean healthy = status.healthy();
        if (healthy != null) {
            byMesos(instance, checks, healthy);
        }
        if (fresh) {
            for (int n = 0; n < checks.size(); n++) {
                if (!checks.get(n).path("protocol").asString().startsWith("MESOS_")) {
                    plan(instance, n, Duration.ofMillis(200));
                }
            }
            readiness(instance, Duration.ofMillis(50));
        }
    }

    private void byMesos(Instance instance, JsonNode checks, boolean healthy) {
        for (int n = 0; n < checks.size(); n++) {
            if (checks.get(n).path("protocol").asString().startsWith("MESOS_")) {
                HealthRecord record = instance.health(n);
                boolean flipped = record.alive() != healthy || !record.everPassed();
                record(instance, n, record, healthy, "", true);
                if (flipped) {
                    instances.healthChanged(instance, healthy);
                }
            }
        }
    }

    private void record(
            Instance instance, int check, HealthRecord record, boolean passed, String cause, boolean counts) {
        boolean before = record.alive();
        if (passed) {
            record.passed(timeline.now());
        } else {
            record.failed(timeline.now(), cause, counts);
            if (counts) {
                failedEvent(instance, check);
            }
        }
        if (before != passed) {
            ObjectNode data = Json.object("appId", instance.runSpec()).put("instanceId", instance.id());
            data.put("version", instance.version()).put("alive", passed);
            events.publish("health_status_changed_event", data);
            instances.healthChanged(instance, passed);
        }
    }

    private void failedEvent(Instance instance, int check) {
        ObjectNode data = Json.object("appId", instance.runSpec()).put("taskId", instance.id());
        data.set("healthCheck", spec(instance).path("healthChecks").path(check).deepCopy());
        events.publish("failed_health_check_event", data);
    }

    // --- Marathon's own

    private void plan(Instance instance, int check, Duration delay) {
        String task = instance.taskId();
        planned.put(task + "#" + check, timeline.in(delay, () -> {
            JsonNode asked = spec(instance).path("healthChecks").path(check);
            if (instance.running() && instance.taskId().equals(task) && asked.isObject()) {
                cluster.check(task, asked, result -> marathon.checked(instance, check, result));
                plan(
                        instance,
                        check,
                        Duration.ofSeconds(asked.path("intervalSeconds").asLong(60)));
            }
        }));
    }

    void checked(Instance instance, int check, Checked result) {
        JsonNode asked = spec(instance).path("healthChecks").path(check);
        Instance.Task task = instance.task();
        if (!instance.running() || !asked.isObject() || task == null) {
            return;
        }
        HealthRecord record = instance.health(check);
        int most = asked.path("maxConsecutiveFailures").asInt(3);
        if (!result.passed() && most > 0 && record.failures() >= most) {
            failedEvent(instance, check);
            tooOften(instance, result.cause());
            return;
        }
        Instant started = task.startedAt();
        boolean grace = started != null
                && timeline.now()
                        .isBefore(started.plusSeconds(
                                asked.path("gracePeriodSeconds").asLong(300)))
                && !record.everPassed();
        record(instance, check, record, result.passed(), result.cause(), !grace);
    }

    private void tooOften(Instance instance, String cause) {
        ObjectNode data = Json.object("appId", instance.runSpec()).put("taskId", instance.taskId());
        data.put("instanceId", instance.id()).put("version", instance.version()).put("reason", cause);
        events.publish("unhealthy_instance_kill_event", data);
        marathon.lastFailure(instance, "TASK_KILLED", "Task was killed since health check failed. Reason: " + cause);
        cluster.kill(instance.taskId(), Deployments.grace(spec(instance)));
    }

    // --- readiness

    private void readiness(Instance instance, Duration delay) {
        JsonNode asked = spec(instance).path("readinessChecks").path(0);
        String task = instance.taskId();
        if (!asked.isObject() || marathon.deployments().of(instance.runSpec()).isEmpty()) {
            return;
        }
        timeline.in(delay, () -> {
            if (instance.running() && instance.taskId().equals(task)) {
                cluster.check(task, asked, result -> ready(instance, task, asked, result));
            }
        });
    }

    void ready(Instance instance, String taskId, JsonNode asked, Checked result) {
        Instance.Task task = instance.task();
        if (task == null || !instance.taskId().equals(taskId)) {
            return;
        }
        ObjectNode shown = Json.object("name", asked.path("name").asString("readinessCheck"));
        shown.put("taskId", taskId).put("ready", result.passed());
        if (asked.path("preserveLastResponse").asBoolean(false)) {
            shown.putObject("lastResponse")
                    .put("status", result.status())
                    .put("contentType", "")
                    .put("body", result.body());
        }
        task.readiness().clear();
        task.readiness().add(shown);
        if (!result.passed()) {
            readiness(instance, Duration.ofSeconds(asked.path("intervalSeconds").asLong(30)));
        }
        marathon.deployments().advance();
    }

    void ended(Instance instance) {
        planned.keySet().removeIf(key -> key.startsWith(instance.taskId() + "#"));
        if (!instance.health().isEmpty()) {
            instances.healthChanged(instance, null);
        }
    }

    /** Results are in the leader's memory only. */
    void restart() {
        planned.values().forEach(Timeline.Entry::cancel);
        planned.clear();
        for (Instance instance : instances.all()) {
            instance.forgetHealth();
            if (instance.running()) {
                JsonNode checks = spec(instance).path("healthChecks");
                for (int n = 0; n < checks.size(); n++) {
                    if (!checks.get(n).path("protocol").asString().startsWith("MESOS_")) {
                        plan(instance, n, Duration.ofSeconds(1));
                    }
                }
            }
        }
    }
}
