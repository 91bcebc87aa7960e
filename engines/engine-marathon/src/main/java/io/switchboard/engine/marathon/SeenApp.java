package io.switchboard.engine.marathon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An app as Marathon showed it.
 *
 * @param spec the hash of the workload it was made for
 * @param version when it was last changed
 * @param instances how many it should have
 * @param ports names, in the order of the tasks' port numbers
 * @param deployments ids of those that lock it
 * @param failure the last task that failed, by id, and why
 */
record SeenApp(
        String id,
        String workload,
        String spec,
        Instant version,
        int instances,
        List<String> ports,
        boolean checked,
        List<SeenTask> tasks,
        List<String> deployments,
        Optional<Failure> failure) {

    /** States of tasks that are over: their place waits for a new start. */
    private static final Set<String> ENDED = Set.of(
            "TASK_FAILED",
            "TASK_FINISHED",
            "TASK_KILLED",
            "TASK_ERROR",
            "TASK_DROPPED",
            "TASK_GONE",
            "TASK_GONE_BY_OPERATOR",
            "TASK_LOST");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    record Failure(String taskId, String state, String message, Instant at) {}

    /**
     * @param attempt which start of its place, from 1
     * @param alive what its health check says; null if it said nothing yet
     * @param everAlive whether its check passed once
     */
    record SeenTask(
            String id,
            String host,
            List<Integer> ports,
            String state,
            int attempt,
            @Nullable Instant startedAt,
            @Nullable Boolean alive,
            boolean everAlive,
            String healthFailure) {

        SeenTask {
            ports = List.copyOf(ports);
        }

        boolean ended() {
            return ENDED.contains(state);
        }

        /** The place's id: it stays over restarts. */
        String place() {
            int app = id.lastIndexOf("._app.");
            return app < 0 ? id : id.substring(0, app);
        }
    }

    SeenApp {
        ports = List.copyOf(ports);
        tasks = List.copyOf(tasks);
        deployments = List.copyOf(deployments);
    }

    /** Empty if it is none of the platform's. */
    static Optional<SeenApp> of(String platform, JsonNode app) {
        return Labels.workload(platform, app).map(workload -> {
            String ports = app.path("labels").path(Labels.PORTS).asString("");
            List<SeenTask> tasks = new ArrayList<>();
            app.path("tasks").forEach(task -> tasks.add(task(task)));
            List<String> deployments = new ArrayList<>();
            app.path("deployments")
                    .forEach(each -> deployments.add(each.path("id").asString()));
            return new SeenApp(
                    app.path("id").asString(),
                    workload,
                    app.path("labels").path(Labels.SPEC).asString(""),
                    version(app.path("version")),
                    app.path("instances").asInt(),
                    ports.isEmpty() ? List.of() : List.of(ports.split(",")),
                    !app.path("healthChecks").isEmpty(),
                    tasks,
                    deployments,
                    failure(app.path("lastTaskFailure")));
        });
    }

    private static Instant version(JsonNode text) {
        return text.isString() ? Instant.parse(text.asString()) : Instant.EPOCH;
    }

    private static SeenTask task(JsonNode task) {
        List<Integer> ports = new ArrayList<>();
        task.path("ports").forEach(port -> ports.add(port.asInt()));
        String id = task.path("id").asString();
        Boolean alive = null;
        boolean everAlive = false;
        String failure = "";
        for (JsonNode result : task.path("healthCheckResults")) {
            boolean now = result.path("alive").asBoolean(false);
            alive = alive == null ? now : alive && now;
            everAlive |= result.has("firstSuccess");
            failure = result.path("lastFailureCause").asString(failure);
        }
        return new SeenTask(
                id,
                task.path("host").asString(""),
                ports,
                task.path("state").asString(""),
                attempt(id),
                instant(task.path("startedAt"), instant(task.path("stagedAt"), null)),
                alive,
                everAlive,
                failure);
    }

    private static int attempt(String taskId) {
        int app = taskId.lastIndexOf("._app.");
        String number = app < 0 ? "" : taskId.substring(app + 6);
        return NUMBER.matcher(number).matches() ? Integer.parseInt(number) : 1;
    }

    private static @Nullable Instant instant(JsonNode text, @Nullable Instant otherwise) {
        return text.isString() ? Instant.parse(text.asString()) : otherwise;
    }

    private static Optional<Failure> failure(JsonNode failure) {
        if (!failure.isObject()) {
            return Optional.empty();
        }
        Instant at = instant(failure.path("timestamp"), Instant.EPOCH);
        return Optional.of(new Failure(
                failure.path("taskId").asString(""),
                failure.path("state").asString(""),
                failure.path("message").asString(""),
                at == null ? Instant.EPOCH : at));
    }

    /** Tasks that run, or are about to. */
    List<SeenTask> living() {
        return tasks.stream().filter(task -> !task.ended()).toList();
    }
}
