package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Refusal.Flaw;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v2/groups}. */
final class GroupCalls {

    private final Marathon marathon;
    private final Views views;

    GroupCalls(Marathon marathon, Views views) {
        this.marathon = marathon;
        this.views = views;
    }

    Answer get(String id, Request request, Tree shown) {
        if (!shown.hasGroup(id)) {
            return missing(id);
        }
        boolean seen = request.all("embed").stream().anyMatch(each -> each.startsWith("group.apps."))
                || request.all("embed").contains("group.pods");
        Set<String> embeds = new HashSet<>(Views.embeds(request));
        if (embeds.contains("tasks")) {
            embeds.add("deployments");
        }
        Tree.View view = seen ? views.with(embeds) : views.plain();
        return Answer.json(200, shown.groupJson(id, view));
    }

    private static Answer missing(String id) {
        return Answer.missing("Group '" + id + "' does not exist");
    }

    Answer versions(String id) {
        if (!marathon.tree().hasGroup(id)) {
            return missing(id);
        }
        List<String> versions = new ArrayList<>();
        Optional<ObjectNode> before = Optional.empty();
        for (Tree tree : marathon.history()) {
            if (tree.hasGroup(id)) {
                ObjectNode now = tree.withVersion("").groupJson(id, views.plain());
                if (id.equals(Ids.ROOT) || !before.equals(Optional.of(now))) {
                    versions.add(tree.version());
                }
                before = Optional.of(now);
            }
        }
        return Answer.json(200, Json.strings(versions));
    }

    Answer create(String base, Request request) {
        JsonNode sent = request.json();
        String id = Ids.absolute(sent.path("id").asString(""), base);
        if (marathon.tree().hasGroup(id)) {
            return Answer.message(409, "Group " + id + " is already created. Use PUT to change this group.");
        }
        if (marathon.tree().runSpec(id).isPresent()) {
            return Answer.message(409, "An app with the path " + id + " already exists.");
        }
        String version = marathon.newVersion();
        Tree target = updated(marathon.tree(), id, sent, version);
        return Answer.deployment(201, marathon.change(target, version, request.flag("force"), id))
                .with("Location", "http://" + request.header("host").orElse("localhost") + id);
    }

    Answer update(String id, Request request) {
        JsonNode sent = request.json();
        if (Json.given(sent, "version")) {
            return toVersion(id, sent.get("version").asString(), request);
        }
        String version = marathon.newVersion();
        Tree target = Json.given(sent, "scaleBy")
                ? scaled(id, sent.get("scaleBy").asDouble(), version)
                : updated(marathon.tree(), id, sent, version);
        if (request.flag("dryRun")) {
            return dryRun(id, target, version);
        }
        return Answer.deployment(200, marathon.change(target, version, request.flag("force"), id));
    }

    /** Shows every app of the group that stays as restarted, also those that would not be. */
    private Answer dryRun(String id, Tree target, String version) {
        Tree shown = target;
        for (ObjectNode app : target.apps()) {
            boolean stays = marathon.tree().app(app.path("id").asString()).isPresent();
            if (stays && Ids.isBelow(app.path("id").asString(), id)) {
                ObjectNode copy = app.deepCopy();
                copy.put(Tree.CONFIG_VERSION, version);
                shown = shown.withApp(copy, version);
            }
        }
        ObjectNode body = Json.object();
        body.set("steps", Plan.of("", version, marathon.tree(), shown).stepsJson());
        return Answer.json(200, body);
    }

    private Tree scaled(String id, double factor, String version) {
        Tree target = marathon.tree();
        for (ObjectNode app : List.copyOf(target.apps())) {
            String appId = app.path("id").asString();
            if (Ids.isBelow(appId, id)) {
                int instances = (int) Math.ceil(app.path("instances").asInt() * factor);
                target = AppCalls.updated(target, appId, Json.object().put("instances", instances), true, version);
            }
        }
        return target.withVersion(version);
    }

    private Answer toVersion(String id, String asked, Request request) {
        String version = marathon.newVersion();
        for (Tree old : marathon.history()) {
            if (old.version().equals(asked) && old.hasGroup(id)) {
                Tree target = marathon.tree().withoutGroup(id, true, version);
                for (String group : old.groupIds()) {
                    if (Ids.isAtOrBelow(group, id)) {
                        target = target.withGroup(group, old.group(group).orElse(Tree.Group.PLAIN), version);
                    }
                }
                for (ObjectNode app : old.apps()) {
                    if (Ids.isBelow(app.path("id").asString(), id)) {
                        target = restored(target, app, version);
                    }
                }
                return Answer.deployment(200, marathon.change(target, version, request.flag("force"), id));
            }
        }
        return Answer.message(404, "Group '" + id + "' does not exist in version " + asked);
    }

    /** Apps that did not change meanwhile keep their versions, and so their tasks. */
    private Tree restored(Tree target, ObjectNode app, String version) {
        String id = app.path("id").asString();
        Optional<ObjectNode> now = marathon.tree().app(id);
        Tree with = now.isPresent() ? target.withApp(now.get(), version) : target;
        ObjectNode wanted = app.deepCopy();
        wanted.remove(List.of("version", "versionInfo", Tree.CONFIG_VERSION));
        return AppCalls.updated(with, id, wanted, false, version);
    }

    static Tree updated(Tree tree, String id, JsonNode sent, String version) {
        Tree.Group before = tree.group(id).orElse(Tree.Group.PLAIN);
        Set<String> dependencies = new HashSet<>(before.dependencies());
        if (sent.path("dependencies").isArray()) {
            dependencies.clear();
            String base = Ids.parent(id).orElse(Ids.ROOT);
            sent.get("dependencies").forEach(each -> dependencies.add(Ids.absolute(each.asString(), base)));
        }
        boolean enforce = sent.path("enforceRole").asBoolean(before.enforceRole());
        Tree target = tree.withGroup(id, new Tree.Group(dependencies, enforce), version);
        if (sent.path("apps").isArray()) {
            target = withApps(target, id, sent.get("apps"), version);
        }
        if (sent.path("groups").isArray()) {
            Set<String> kept = new HashSet<>();
            for (JsonNode group : sent.get("groups")) {
                String child = Ids.absolute(group.path("id").asString(""), id);
                kept.add(child);
                target = updated(target, child, group, version);
            }
            for (String child : target.groupIds()) {
                if (Ids.parent(child).equals(Optional.of(id)) && !kept.contains(child)) {
                    target = target.withoutGroup(child, false, version);
                }
            }
        }
        return target;
    }

    private static Tree withApps(Tree tree, String group, JsonNode apps, String version) {
        Tree target = tree;
        Set<String> kept = new HashSet<>();
        int n = 0;
        for (JsonNode app : apps) {
            AppFormat.check(app, true);
            String id = Ids.absolute(app.get("id").asString(), group);
            if (!Ids.isBelow(id, group)) {
                throw Refusal.senseless(
                        List.of(new Flaw("/apps(" + n + ")/id", "Identifier is not child of '" + group + "'")));
            }
            kept.add(id);
            target = AppCalls.updated(target, id, app, false, version);
            n++;
        }
        for (ObjectNode app : List.copyOf(target.apps())) {
            String id = app.path("id").asString();
            if (Ids.parent(id).equals(Optional.of(group)) && !kept.contains(id)) {
                target = target.withoutRunSpec(id, version);
            }
        }
        return target;
    }

    Answer delete(String id) {
        if (!marathon.tree().hasGroup(id)) {
            return Answer.message(404, "Group '" + id + "' does not exist");
        }
        String version = marathon.newVersion();
        Tree target = marathon.tree().withoutGroup(id, id.equals(Ids.ROOT), version);
        Answer answer = Answer.deployment(200, marathon.change(target, version, true, id));
        marathon.keepVersion(version);
        return answer;
    }
}
