package io.switchboard.marathon.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v2/pods}: several containers that start and end together. */
final class Pods {

    private final Marathon marathon;

    Pods(Marathon marathon) {
        this.marathon = marathon;
    }

    Answer create(Request request) {
        JsonNode sent = request.json();
        String id = Ids.absolute(sent.path("id").asString(""));
        if (marathon.tree().pod(id).isPresent()) {
            return Answer.message(409, "A pod with id [" + id + "] already exists.");
        }
        String version = marathon.newVersion();
        ObjectNode pod = complete(sent, id, version);
        Plan plan = marathon.change(marathon.tree().withPod(pod, version), version, request.flag("force"), Ids.ROOT);
        event("pod_created_event", request);
        return answer(201, pod, plan)
                .with("Location", "http://" + request.header("host").orElse("localhost") + id);
    }

    Answer update(String id, Request request) {
        JsonNode sent = request.json();
        String version = marathon.newVersion();
        ObjectNode pod = complete(sent, id, version);
        marathon.tree().pod(id).ifPresent(before -> {
            if (config(before).equals(config(pod))) {
                pod.put(Tree.CONFIG_VERSION, before.path(Tree.CONFIG_VERSION).asString());
            }
        });
        Plan plan = marathon.change(marathon.tree().withPod(pod, version), version, request.flag("force"), Ids.ROOT);
        event("pod_updated_event", request);
        return answer(200, pod, plan);
    }

    Answer delete(String id, Request request) {
        if (marathon.tree().pod(id).isEmpty()) {
            return missing(id);
        }
        String version = marathon.newVersion();
        Plan plan = marathon.change(marathon.tree().withoutRunSpec(id, version), version, true, Ids.ROOT);
        event("pod_deleted_event", request);
        return Answer.empty(202).with("Marathon-Deployment-Id", plan.id());
    }

    Answer list() {
        ArrayNode all = Json.array();
        marathon.tree().pods().forEach(pod -> all.add(Tree.shown(pod)));
        return Answer.json(200, all);
    }

    Answer get(String id) {
        return marathon.tree()
                .pod(id)
                .map(pod -> Answer.json(200, Tree.shown(pod)))
                .orElseGet(() -> missing(id));
    }

    Answer statuses() {
        ArrayNode all = Json.array();
        marathon.tree().pods().forEach(pod -> all.add(withoutPlacement(status(pod, marathon))));
        return Answer.json(200, all);
    }

    Answer status(String id) {
        return marathon.tree()
                .pod(id)
                .map(pod -> Answer.json(200, withoutPlacement(status(pod, marathon))))
                .orElseGet(() -> missing(id));
    }

    Answer versions(String id) {
        List<String> versions = new ArrayList<>();
        for (Tree tree : marathon.history()) {
            tree.pod(id)
                    .map(pod -> pod.path("version").asString())
                    .filter(version -> !versions.contains(version))
                    .ifPresent(versions::add);
        }
        return Answer.json(200, Json.strings(versions));
    }

    private static Answer missing(String id) {
        return Answer.missing("{\"message\": \"pod with " + id + " does not exist\"}");
    }

    private static Answer answer(int status, ObjectNode pod, Plan plan) {
        return Answer.json(status, Tree.shown(pod)).with("Marathon-Deployment-Id", plan.id());
    }

    private void event(String type, Request request) {
        marathon.events().publish(type, Json.object("clientIp", "127.0.0.1").put("uri", request.path()));
    }

    // --- as JSON

    private static ObjectNode complete(JsonNode sent, String id, String version) {
        ObjectNode pod = Json.copy(sent);
        pod.put("id", id).put("version", version).put(Tree.CONFIG_VERSION, version);
        for (JsonNode container : pod.path("containers")) {
            resources((ObjectNode) container, "resources", 0);
        }
        resources(pod, "executorResources", 10);
        ObjectNode executor = (ObjectNode) pod.get("executorResources");
        executor.remove("gpus");
        ObjectNode scheduling = pod.withObject("scheduling");
        if (!scheduling.has("backoff")) {
            scheduling
                    .putObject("backoff")
                    .put("backoff", 1.0)
                    .put("backoffFactor", 1.15)
                    .put("maxLaunchDelay", 300.0);
        }
        if (!scheduling.has("upgrade")) {
            scheduling.putObject("upgrade").put("minimumHealthCapacity", 1.0).put("maximumOverCapacity", 1.0);
        }
        scheduling.withObject("placement");
        scheduling.put("killSelection", scheduling.path("killSelection").asString("YOUNGEST_FIRST"));
        if (!scheduling.has("unreachableStrategy")) {
            scheduling
                    .putObject("unreachableStrategy")
                    .put("inactiveAfterSeconds", 0)
                    .put("expungeAfterSeconds", 0);
        }
        if (!pod.has("scaling")) {
            pod.putObject("scaling").put("kind", "fixed").put("instances", 1);
        }
        return pod.put("role", pod.path("role").asString("*"));
    }

    private static void resources(ObjectNode parent, String field, double disk) {
        ObjectNode resources = parent.withObject(field);
        resources.put("cpus", resources.path("cpus").asDouble(0.1));
        resources.put("mem", resources.path("mem").asDouble(32));
        resources.put("disk", resources.path("disk").asDouble(disk));
        resources.put("gpus", resources.path("gpus").asInt(0));
    }

    private static ObjectNode config(ObjectNode pod) {
        ObjectNode config = Tree.shown(pod);
        config.remove("version");
        config.remove("scaling");
        return config;
    }

    /** Statuses on their own leave it out. */
    private static ObjectNode withoutPlacement(ObjectNode status) {
        ((ObjectNode) status.path("spec").path("scheduling")).remove("placement");
        return status;
    }

    static ObjectNode status(ObjectNode pod, Marathon marathon) {
        String id = pod.path("id").asString();
        List<Instance> running = marathon.instances().of(id).stream()
                .filter(instance -> instance.task() != null)
                .toList();
        boolean stable = running.stream().filter(Instance::running).count()
                >= pod.path("scaling").path("instances").asInt(1);
        ObjectNode status = Json.object("id", id);
        status.set("spec", Tree.shown(pod));
        status.put("status", stable ? "STABLE" : "DEGRADED");
        String now = Json.timestamp(marathon.timeline().now());
        status.put("statusSince", now);
        ArrayNode instances = status.putArray("instances");
        running.forEach(instance -> instances.add(instance(pod, instance, now)));
        status.putArray("terminationHistory");
        return status.put("lastUpdated", now).put("lastChanged", now);
    }

    private static ObjectNode instance(ObjectNode pod, Instance instance, String now) {
        Instance.Task task = java.util.Objects.requireNonNull(instance.task());
        ObjectNode json = Json.object("id", instance.id());
        json.put("status", instance.running() ? "STABLE" : "STAGING").put("statusSince", now);
        json.putArray("conditions");
        json.put("agentHostname", task.agent().host())
                .put("agentId", task.agent().id());
        json.put("agentRegion", task.agent().region())
                .put("agentZone", task.agent().zone());
        ObjectNode total = json.putObject("resources");
        for (String name : List.of("cpus", "mem", "disk")) {
            total.put(name, sum(pod, name));
        }
        total.put("gpus", 0);
        json.putArray("networks").addObject().putArray("addresses").add(task.address());
        ArrayNode containers = json.putArray("containers");
        int port = 0;
        for (JsonNode container : pod.path("containers")) {
            ObjectNode shown = containers.addObject();
            String name = container.path("name").asString();
            shown.put("name", name).put("status", task.containers().getOrDefault(name, task.state()));
            shown.put("statusSince", now).putArray("conditions");
            shown.put("containerId", instance.id() + "." + name + ".1");
            ArrayNode endpoints = shown.putArray("endpoints");
            for (JsonNode endpoint : container.path("endpoints")) {
                endpoints
                        .addObject()
                        .put("name", endpoint.path("name").asString())
                        .put(
                                "allocatedHostPort",
                                port < task.ports().size() ? task.ports().get(port++) : 0);
            }
            shown.set("resources", container.path("resources").deepCopy());
            shown.put("lastUpdated", now).put("lastChanged", now);
        }
        json.put("specReference", "/v2/pods" + instance.runSpec() + "::versions/" + instance.version());
        json.putArray("localVolumes");
        json.put("lastUpdated", now).put("lastChanged", now);
        return json.put("role", pod.path("role").asString("*"));
    }

    private static double sum(ObjectNode pod, String resource) {
        double sum = pod.path("executorResources").path(resource).asDouble();
        for (JsonNode container : pod.path("containers")) {
            sum += container.path("resources").path(resource).asDouble();
        }
        return Math.round(sum * 1000) / 1000.0;
    }

    /** What its containers' states make the whole. */
    static Optional<String> combined(ObjectNode pod, Map<String, String> containers) {
        int all = pod.path("containers").size();
        if (containers.size() < all) {
            return Optional.of("TASK_STARTING");
        }
        List<String> states = containers.values().stream().distinct().toList();
        if (states.size() == 1) {
            return Optional.of(states.getFirst());
        }
        return states.contains("TASK_STARTING") ? Optional.of("TASK_STARTING") : Optional.empty();
    }
}
