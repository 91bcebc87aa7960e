package io.switchboard.marathon.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Apps and tasks as they are answered. */
final class Views {

    private final Marathon marathon;

    Views(Marathon marathon) {
        this.marathon = marathon;
    }

    /** What is wanted, without anything that is seen of it. */
    Tree.View plain() {
        return new Tree.View() {
            @Override
            public ObjectNode app(ObjectNode app) {
                return Tree.shown(app);
            }

            @Override
            public ObjectNode pod(ObjectNode pod) {
                return Tree.shown(pod);
            }
        };
    }

    /** @param embeds {@code counts}, {@code tasks}, … without their prefix */
    Tree.View with(Set<String> embeds) {
        return new Tree.View() {
            @Override
            public ObjectNode app(ObjectNode app) {
                return Views.this.app(app, embeds);
            }

            @Override
            public ObjectNode pod(ObjectNode pod) {
                return Pods.status(pod, marathon);
            }
        };
    }

    /** Unknown ones and lists with commas are passed over. */
    static Set<String> embeds(Request request, String... always) {
        Set<String> embeds = new TreeSet<>(Arrays.asList(always));
        for (String embed : request.all("embed")) {
            for (String prefix : List.of("group.apps.", "apps.", "app.")) {
                if (embed.startsWith(prefix)) {
                    embeds.add(embed.substring(prefix.length()));
                    break;
                }
            }
        }
        if (embeds.contains("failures")) {
            embeds.addAll(Set.of("lastTaskFailure", "tasks", "counts", "deployments"));
        }
        return embeds;
    }

    ObjectNode app(ObjectNode app, Set<String> embeds) {
        ObjectNode json = Tree.shown(app);
        String id = app.path("id").asString();
        Collection<Instance> instances = marathon.instances().of(id);
        if (embeds.contains("counts")) {
            counts(app, instances, json, "tasks");
        }
        if (embeds.contains("deployments")) {
            ArrayNode ids = json.putArray("deployments");
            marathon.deployments().of(id).forEach(each -> ids.addObject().put("id", each));
        }
        if (embeds.contains("readiness")) {
            json.set("readinessCheckResults", marathon.deployments().readiness(id));
        }
        if (embeds.contains("tasks")) {
            json.set("tasks", tasks(app, false, task -> true));
        }
        if (embeds.contains("lastTaskFailure")) {
            marathon.lastFailure(id).ifPresent(failure -> json.set("lastTaskFailure", failure));
        }
        if (embeds.contains("taskStats")) {
            json.set("tasksStats", statistics(app, instances));
        }
        return json;
    }

    private static void counts(ObjectNode app, Collection<Instance> instances, ObjectNode json, String prefix) {
        json.put(
                name(prefix, "Staged"),
                instances.stream().filter(Instance::staged).count());
        json.put(
                name(prefix, "Running"),
                instances.stream().filter(Instance::running).count());
        boolean checked = !app.path("healthChecks").isEmpty();
        json.put(
                name(prefix, "Healthy"),
                instances.stream()
                        .filter(each ->
                                checked && each.running() && !each.health().isEmpty())
                        .filter(each -> each.health().stream().allMatch(HealthRecord::alive))
                        .count());
        json.put(
                name(prefix, "Unhealthy"),
                instances.stream()
                        .filter(each -> checked && each.running())
                        .filter(each -> each.health().stream().anyMatch(record -> !record.alive()))
                        .count());
    }

    private static String name(String prefix, String word) {
        return prefix.isEmpty() ? word.toLowerCase(java.util.Locale.ROOT) : prefix + word;
    }

    /** @param servicePorts whether each task shows its app's */
    ArrayNode tasks(ObjectNode app, boolean servicePorts, Predicate<Instance> which) {
        ArrayNode array = Json.array();
        for (Instance instance : marathon.instances().of(app.path("id").asString())) {
            if (instance.task() != null && !instance.inactive() && which.test(instance)) {
                ArrayNode ports = Json.array();
                if (servicePorts && (instance.active() || instance.unreachable())) {
                    ServicePorts.of(app).forEach(ports::add);
                }
                array.add(instance.json(app, ports));
            }
        }
        return array;
    }

    private ObjectNode statistics(ObjectNode app, Collection<Instance> instances) {
        ObjectNode json = Json.object();
        List<Instance> all = instances.stream().filter(Instance::active).toList();
        String config = app.path("versionInfo").path("lastConfigChangeAt").asString();
        String scaling = app.path("versionInfo").path("lastScalingAt").asString();
        add(
                json,
                "startedAfterLastScaling",
                app,
                all.stream()
                        .filter(each -> started(each).compareTo(scaling) > 0)
                        .toList());
        add(
                json,
                "withLatestConfig",
                app,
                all.stream().filter(each -> each.configVersion().equals(config)).toList());
        add(
                json,
                "withOutdatedConfig",
                app,
                all.stream()
                        .filter(each -> !each.configVersion().equals(config))
                        .toList());
        add(json, "totalSummary", app, all);
        return json;
    }

    private static String started(Instance instance) {
        Instance.Task task = instance.task();
        return task == null ? "" : Json.timestamp(task.stagedAt());
    }

    private void add(ObjectNode json, String name, ObjectNode app, List<Instance> instances) {
        if (instances.isEmpty()) {
            return;
        }
        ObjectNode stats = json.putObject(name).putObject("stats");
        counts(app, instances, stats.putObject("counts"), "");
        List<Double> lives = instances.stream()
                .map(Instance::task)
                .map(task -> task == null ? null : task.startedAt())
                .filter(java.util.Objects::nonNull)
                .map(this::seconds)
                .sorted()
                .toList();
        if (!lives.isEmpty()) {
            stats.putObject("lifeTime")
                    .put(
                            "averageSeconds",
                            lives.stream().mapToDouble(each -> each).average().orElse(0))
                    .put("medianSeconds", lives.get(lives.size() / 2));
        }
    }

    private double seconds(Instant started) {
        return Duration.between(started, marathon.timeline().now()).toMillis() / 1000.0;
    }
}
