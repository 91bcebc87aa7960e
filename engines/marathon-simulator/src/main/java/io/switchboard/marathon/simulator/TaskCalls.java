package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Refusal.Flaw;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tasks: listing them, and killing them with the run spec shrinking or not. */
final class TaskCalls {

    private static final String TEXT_IS_GONE =
            "The text/plain output is deprecated. It can be enabled via text_plain_tasks.";

    private final Marathon marathon;
    private final Views views;

    TaskCalls(Marathon marathon, Views views) {
        this.marathon = marathon;
        this.views = views;
    }

    Answer all(Request request) {
        if (wantsText(request)) {
            return Answer.text(406, TEXT_IS_GONE);
        }
        Set<String> states = new HashSet<>(request.all("status"));
        states.addAll(request.all("status[]"));
        Predicate<Instance> which = instance -> states.stream().noneMatch(Set.of("running", "staging")::contains)
                || states.contains("running") && instance.running()
                || states.contains("staging") && instance.staged();
        ObjectNode body = Json.object();
        ArrayNode tasks = body.putArray("tasks");
        marathon.tree().apps().forEach(app -> tasks.addAll(views.tasks(app, true, which)));
        return Answer.json(200, body);
    }

    private static boolean wantsText(Request request) {
        return request.header("accept").orElse("").equals("text/plain");
    }

    Answer of(String app, Request request) {
        if (wantsText(request)) {
            return Answer.text(406, TEXT_IS_GONE);
        }
        return marathon.tree()
                .app(app)
                .map(spec -> {
                    ObjectNode body = Json.object();
                    body.set("tasks", views.tasks(spec, false, task -> true));
                    return Answer.json(200, body);
                })
                .orElseGet(() -> AppCalls.missing(app));
    }

    // --- killing

    Answer killAll(String app, Request request) {
        Optional<ObjectNode> spec = marathon.tree().app(app);
        if (spec.isEmpty()) {
            return AppCalls.missing(app);
        }
        Predicate<Instance> here = instance -> request.parameter("host")
                .map(host -> Optional.ofNullable(instance.task())
                        .map(task -> task.agent().host().equals(host))
                        .orElse(false))
                .orElse(true);
        List<Instance> victims = marathon.instances().of(app).stream()
                .filter(instance -> instance.task() != null || request.flag("wipe"))
                .filter(here)
                .toList();
        if (request.flag("scale")) {
            if (victims.isEmpty()) {
                return Answer.message(404, "Path '" + app + "' does not exist");
            }
            return scaleDown(Map.of(app, victims), request);
        }
        ObjectNode body = Json.object();
        body.set("tasks", kill(victims, request.flag("wipe")));
        return Answer.json(200, body);
    }

    Answer killOne(String app, String taskId, Request request) {
        if (marathon.tree().app(app).isEmpty()) {
            return AppCalls.missing(app);
        }
        Optional<Instance> victim = marathon.instances()
                .ofTask(taskId)
                .filter(instance -> instance.runSpec().equals(app))
                .filter(instance -> instance.task() != null);
        if (victim.isEmpty()) {
            return Answer.missing("Task '" + taskId + "' does not exist");
        }
        if (request.flag("scale")) {
            return scaleDown(Map.of(app, List.of(victim.get())), request);
        }
        ObjectNode body = Json.object();
        body.set("task", kill(List.of(victim.get()), request.flag("wipe")).get(0));
        return Answer.json(200, body);
    }

    Answer killThese(Request request) {
        JsonNode sent = request.json();
        if (!sent.path("ids").isArray()) {
            throw Refusal.malformed(List.of(new Flaw("", "'ids' is undefined on object: " + sent)));
        }
        if (request.flag("scale") && request.flag("wipe")) {
            return Answer.message(400, "You cannot use scale and wipe at the same time.");
        }
        Map<String, List<Instance>> victims = new LinkedHashMap<>();
        for (JsonNode id : sent.get("ids")) {
            if (!id.asString("").matches(".+\\.instance-.+\\._app\\.\\d+")) {
                return Answer.message(
                        400,
                        "Invalid task id '%1$s'. [taskId %1$s no valid identifier (of class java.lang.String)]"
                                .formatted(id.asString("")));
            }
            marathon.instances()
                    .ofTask(id.asString())
                    .filter(instance -> instance.task() != null)
                    .ifPresent(instance -> victims.computeIfAbsent(instance.runSpec(), key -> new ArrayList<>())
                            .add(instance));
        }
        if (request.flag("scale") && !victims.isEmpty()) {
            return scaleDown(victims, request);
        }
        ObjectNode body = Json.object();
        ArrayNode killed = body.putArray("tasks");
        victims.values().forEach(each -> killed.addAll(kill(each, request.flag("wipe"))));
        return Answer.json(200, body);
    }

    private ArrayNode kill(List<Instance> victims, boolean wipe) {
        ArrayNode killed = Json.array();
        for (Instance victim : victims) {
            ObjectNode spec = marathon.tree().runSpec(victim.runSpec()).orElseGet(Json::object);
            if (victim.task() != null) {
                killed.add(victim.json(spec, Json.array()));
            }
            if (wipe) {
                marathon.instances().wipe(victim, Deployments.grace(spec));
            } else {
                marathon.instances().kill(victim, Deployments.grace(spec));
            }
        }
        victims.stream().map(Instance::runSpec).distinct().forEach(marathon::replaceLost);
        marathon.deployments().advance();
        return killed;
    }

    /** One deployment: the run specs want as many fewer, and exactly these go. */
    private Answer scaleDown(Map<String, List<Instance>> victims, Request request) {
        String version = marathon.newVersion();
        Tree target = marathon.tree();
        for (Map.Entry<String, List<Instance>> each : victims.entrySet()) {
            int fewer = target.instances(each.getKey()) - each.getValue().size();
            ObjectNode sent = Json.object().put("instances", Math.max(0, fewer));
            target = AppCalls.updated(target, each.getKey(), sent, true, version);
        }
        Set<Instance> chosen = new HashSet<>();
        victims.values().forEach(chosen::addAll);
        Plan plan = marathon.kill(target, version, request.flag("force"), chosen);
        return Answer.deployment(200, plan);
    }
}
