package io.switchboard.marathon.simulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that is wanted, at one version. Never changed: a change is a copy. Apps are complete, as they are answered,
 * but without what is seen of them.
 */
final class Tree {

    /** @param dependencies ids of apps and groups */
    record Group(Set<String> dependencies, boolean enforceRole) {

        static final Group PLAIN = new Group(Set.of(), false);

        Group {
            dependencies = Set.copyOf(dependencies);
        }
    }

    /** Which version of a run spec last asked for other tasks; a field of each that no answer shows. */
    static final String CONFIG_VERSION = "configVersion";

    private final Map<String, ObjectNode> apps;
    private final Map<String, ObjectNode> pods;
    private final Map<String, Group> groups;
    private final String version;

    private Tree(
            Map<String, ObjectNode> apps, Map<String, ObjectNode> pods, Map<String, Group> groups, String version) {
        this.apps = apps;
        this.pods = pods;
        this.groups = groups;
        this.version = version;
    }

    static Tree empty(String version) {
        return new Tree(Map.of(), Map.of(), Map.of(Ids.ROOT, Group.PLAIN), version);
    }

    String version() {
        return version;
    }

    Optional<ObjectNode> app(String id) {
        return Optional.ofNullable(apps.get(id));
    }

    Collection<ObjectNode> apps() {
        return apps.values();
    }

    Optional<ObjectNode> pod(String id) {
        return Optional.ofNullable(pods.get(id));
    }

    Collection<ObjectNode> pods() {
        return pods.values();
    }

    boolean isPod(String id) {
        return pods.containsKey(id);
    }

    boolean hasGroup(String id) {
        return groups.containsKey(id);
    }

    Set<String> groupIds() {
        return groups.keySet();
    }

    Optional<Group> group(String id) {
        return Optional.ofNullable(groups.get(id));
    }

    Set<String> runSpecs() {
        Set<String> all = new HashSet<>(apps.keySet());
        all.addAll(pods.keySet());
        return all;
    }

    Optional<ObjectNode> runSpec(String id) {
        return app(id).or(() -> pod(id));
    }

    int instances(String id) {
        return app(id).map(app -> app.path("instances").asInt())
                .or(() ->
                        pod(id).map(pod -> pod.path("scaling").path("instances").asInt()))
                .orElse(0);
    }

    /** When the run spec was last changed in anything but its number. */
    String configVersion(String id) {
        return runSpec(id).map(Tree::configVersion).orElse("");
    }

    static String configVersion(JsonNode runSpec) {
        return runSpec.path(CONFIG_VERSION).asString("");
    }

    /** Without what is for us only. */
    static ObjectNode shown(ObjectNode runSpec) {
        ObjectNode shown = runSpec.deepCopy();
        shown.remove(CONFIG_VERSION);
        return shown;
    }

    boolean sameConfig(String id, Tree other) {
        return configVersion(id).equals(other.configVersion(id)) && config(id).equals(other.config(id));
    }

    private JsonNode config(String id) {
        ObjectNode config = runSpec(id).map(ObjectNode::deepCopy).orElseGet(Json::object);
        return config.remove(List.of("version", "versionInfo", "instances", "scaling", CONFIG_VERSION));
    }

    Tree withApp(ObjectNode app, String newVersion) {
        String id = app.path("id").asString();
        Map<String, ObjectNode> more = new HashMap<>(apps);
        more.put(id, app);
        return new Tree(more, pods, withParents(id), newVersion);
    }

    Tree withPod(ObjectNode pod, String newVersion) {
        String id = pod.path("id").asString();
        Map<String, ObjectNode> more = new HashMap<>(pods);
        more.put(id, pod);
        return new Tree(apps, more, withParents(id), newVersion);
    }

    Tree withGroup(String id, Group group, String newVersion) {
        Map<String, Group> more = withParents(id);
        more.put(id, group);
        return new Tree(apps, pods, more, newVersion);
    }

    Tree withVersion(String newVersion) {
        return new Tree(apps, pods, groups, newVersion);
    }

    Tree withoutRunSpec(String id, String newVersion) {
        Map<String, ObjectNode> fewer = new HashMap<>(apps);
        fewer.remove(id);
        Map<String, ObjectNode> fewerPods = new HashMap<>(pods);
        fewerPods.remove(id);
        return new Tree(fewer, fewerPods, groups, newVersion);
    }

    /** @param keepGroup whether the group itself stays, empty */
    Tree withoutGroup(String id, boolean keepGroup, String newVersion) {
        Map<String, ObjectNode> fewer = new HashMap<>(apps);
        fewer.keySet().removeIf(app -> Ids.isBelow(app, id));
        Map<String, ObjectNode> fewerPods = new HashMap<>(pods);
        fewerPods.keySet().removeIf(pod -> Ids.isBelow(pod, id));
        Map<String, Group> fewerGroups = new HashMap<>(groups);
        fewerGroups.keySet().removeIf(group -> keepGroup ? Ids.isBelow(group, id) : Ids.isAtOrBelow(group, id));
        return new Tree(fewer, fewerPods, fewerGroups, newVersion);
    }

    private Map<String, Group> withParents(String id) {
        Map<String, Group> more = new HashMap<>(groups);
        for (Optional<String> parent = Ids.parent(id); parent.isPresent(); parent = Ids.parent(parent.get())) {
            more.putIfAbsent(parent.get(), Group.PLAIN);
        }
        return more;
    }

    // --- dependencies

    /** Run specs each run spec waits for: its own dependencies and those of the groups it is in. */
    private Set<String> dependencies(String id) {
        Set<String> named = new TreeSet<>();
        runSpec(id).ifPresent(spec -> spec.path("dependencies").forEach(each -> named.add(each.asString())));
        for (Optional<String> parent = Ids.parent(id); parent.isPresent(); parent = Ids.parent(parent.get())) {
            named.addAll(groups.getOrDefault(parent.get(), Group.PLAIN).dependencies());
        }
        Set<String> specs = new TreeSet<>();
        for (String spec : runSpecs()) {
            if (named.stream().anyMatch(name -> Ids.isAtOrBelow(spec, name))) {
                specs.add(spec);
            }
        }
        return specs;
    }

    boolean hasCycle() {
        return layers().stream().mapToInt(Set::size).sum() < runSpecs().size();
    }

    /** What can be scaled at the same time, dependencies first; run specs in a cycle are missing. */
    List<Set<String>> layers() {
        boolean plain = apps.values().stream().noneMatch(app -> app.has("dependencies"))
                && groups.values().stream()
                        .allMatch(group -> group.dependencies().isEmpty());
        if (plain) {
            return List.of(new TreeSet<>(runSpecs()));
        }
        Map<String, Set<String>> waiting = new TreeMap<>();
        runSpecs().forEach(spec -> waiting.put(spec, dependencies(spec)));
        List<Set<String>> layers = new ArrayList<>();
        Set<String> done = new HashSet<>();
        while (!waiting.isEmpty()) {
            Set<String> layer = new TreeSet<>();
            waiting.forEach((spec, needs) -> {
                if (done.containsAll(needs)) {
                    layer.add(spec);
                }
            });
            if (layer.isEmpty()) {
                return layers;
            }
            layers.add(layer);
            done.addAll(layer);
            waiting.keySet().removeAll(layer);
        }
        return layers;
    }

    // --- as JSON

    /** @param view what an app or pod is shown as */
    ObjectNode groupJson(String id, View view) {
        ObjectNode json = Json.object("id", id);
        var appArray = json.putArray("apps");
        apps.values().stream().filter(app -> isChild(app, id)).forEach(app -> appArray.add(view.app(app)));
        var podArray = json.putArray("pods");
        pods.values().stream().filter(pod -> isChild(pod, id)).forEach(pod -> podArray.add(view.pod(pod)));
        var groupArray = json.putArray("groups");
        new TreeSet<>(groups.keySet())
                .stream()
                        .filter(group -> Ids.parent(group).equals(Optional.of(id)))
                        .forEach(group -> groupArray.add(groupJson(group, view)));
        Group group = groups.getOrDefault(id, Group.PLAIN);
        json.set("dependencies", Json.strings(new TreeSet<>(group.dependencies())));
        return json.put("version", version).put("enforceRole", group.enforceRole());
    }

    private static boolean isChild(JsonNode spec, String group) {
        return Ids.parent(spec.path("id").asString()).equals(Optional.of(group));
    }

    interface View {
        JsonNode app(ObjectNode app);

        JsonNode pod(ObjectNode pod);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tree tree
                && apps.equals(tree.apps)
                && pods.equals(tree.pods)
                && groups.equals(tree.groups);
    }

    @Override
    public int hashCode() {
        return apps.hashCode();
    }
}
