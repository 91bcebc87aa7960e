package io.switchboard.marathon.simulator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v2/apps}, but for tasks. */
final class AppCalls {

    private static final Set<String> SEEN = Set.of("version", "versionInfo");

    private final Marathon marathon;
    private final Views views;

    AppCalls(Marathon marathon, Views views) {
        this.marathon = marathon;
        this.views = views;
    }

    Answer list(Request request, Tree shown) {
        Predicate<JsonNode> labels = Selector.of(request.parameter("label").orElse(""));
        String id = request.parameter("id").orElse("").toLowerCase(Locale.ROOT);
        String cmd = request.parameter("cmd").orElse("").toLowerCase(Locale.ROOT);
        Set<String> embeds = Views.embeds(request, "counts", "deployments");
        ObjectNode body = Json.object();
        ArrayNode apps = body.putArray("apps");
        shown.apps().stream()
                .filter(app -> labels.test(app.path("labels")))
                .filter(app -> app.path("id").asString().contains(id))
                .filter(app ->
                        app.path("cmd").asString("").toLowerCase(Locale.ROOT).contains(cmd))
                .forEach(app -> apps.add(views.app(app, embeds)));
        return Answer.json(200, body);
    }

    Answer below(String group, Tree shown) {
        ObjectNode body = Json.object();
        ArrayNode apps = body.putArray("*");
        shown.apps().stream()
                .filter(app -> Ids.isBelow(app.path("id").asString(), group))
                .forEach(app -> apps.add(views.app(app, Set.of("counts", "deployments", "tasks", "lastTaskFailure"))));
        return Answer.json(200, body);
    }

    Answer get(String id, Request request, Tree shown) {
        Optional<ObjectNode> app = shown.app(id);
        if (app.isEmpty()) {
            return missing(id);
        }
        Set<String> embeds = new HashSet<>(Views.embeds(request));
        embeds.addAll(Set.of("counts", "deployments", "tasks", "lastTaskFailure"));
        ObjectNode body = Json.object();
        body.set("app", views.app(app.get(), embeds));
        return Answer.json(200, body);
    }

    static Answer missing(String id) {
        return Answer.missing("App '" + id + "' does not exist");
    }

    // --- create

    Answer create(Request request) {
        JsonNode sent = request.json();
        AppFormat.check(sent, true);
        String id = Ids.absolute(sent.get("id").asString());
        Tree tree = marathon.tree();
        String version = marathon.newVersion();
        ObjectNode app = fresh(sent, id, version, tree);
        if (tree.app(id).isPresent()) {
            return Answer.message(409, "An app with id [" + id + "] already exists.");
        }
        Plan plan = marathon.change(tree.withApp(app, version), version, request.flag("force"), Ids.ROOT);
        ObjectNode shown = app.deepCopy();
        shown.remove(List.of("versionInfo", Tree.CONFIG_VERSION));
        posted(request, shown);
        ObjectNode body = shown.deepCopy();
        body.put("tasksStaged", 0).put("tasksRunning", 0).put("tasksHealthy", 0).put("tasksUnhealthy", 0);
        body.putArray("deployments").addObject().put("id", plan.id());
        return Answer.json(201, body)
                .with("Location", "http://" + request.header("host").orElse("localhost") + id)
                .with("Marathon-Deployment-Id", plan.id());
    }

    private void posted(Request request, JsonNode app) {
        ObjectNode data = Json.object("clientIp", "127.0.0.1").put("uri", request.path());
        data.set("appDefinition", app.deepCopy());
        marathon.events().publish("api_post_event", data);
    }

    static String role(String id, Tree tree) {
        String[] segments = id.split("/");
        boolean enforced = segments.length > 2
                && tree.group("/" + segments[1]).map(Tree.Group::enforceRole).orElse(false);
        return enforced ? segments[1] : "*";
    }

    static ObjectNode fresh(JsonNode sent, String id, String version, Tree tree) {
        ObjectNode app = AppDefaults.complete(sent, id, role(id, tree));
        AppRules.check(sent, app, role(id, tree));
        app.put("version", version);
        app.putObject("versionInfo").put("lastScalingAt", version).put("lastConfigChangeAt", version);
        return app.put(Tree.CONFIG_VERSION, version);
    }

    // --- update

    Answer update(String id, Request request) {
        JsonNode sent = request.json();
        AppFormat.check(sent, false);
        Tree tree = marathon.tree();
        boolean existed = tree.app(id).isPresent();
        if (Json.given(sent, "version")) {
            return toVersion(id, sent, request);
        }
        String version = marathon.newVersion();
        boolean partial = !request.parameter("partialUpdate").equals(Optional.of("false"));
        Tree target = updated(tree, id, sent, partial, version);
        Plan plan = marathon.change(target, version, request.flag("force"), Ids.ROOT);
        target.app(id).ifPresent(app -> posted(request, app));
        return Answer.deployment(existed ? 200 : 201, plan);
    }

    Answer updateAll(Request request) {
        JsonNode sent = request.json();
        List<Refusal.Flaw> flaws = new ArrayList<>();
        for (int n = 0; n < sent.size(); n++) {
            flaws.addAll(AppFormat.flaws(sent.get(n), "(" + n + ")", true));
        }
        if (!flaws.isEmpty()) {
            throw Refusal.malformed(flaws);
        }
        String version = marathon.newVersion();
        Tree target = marathon.tree();
        boolean partial = !request.parameter("partialUpdate").equals(Optional.of("false"));
        for (JsonNode each : sent) {
            target = updated(target, Ids.absolute(each.get("id").asString()), each, partial, version);
        }
        return Answer.deployment(200, marathon.change(target, version, request.flag("force"), Ids.ROOT));
    }

    /** The tree with one app changed; the same tree if nothing is. */
    static Tree updated(Tree tree, String id, JsonNode sent, boolean partial, String version) {
        Optional<ObjectNode> before = tree.app(id);
        if (before.isEmpty()) {
            return tree.withApp(fresh(sent, id, version, tree), version);
        }
        ObjectNode merged = partial ? before.get().deepCopy() : Json.object();
        sent.properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                merged.set(field.getKey(), field.getValue().deepCopy());
            }
        });
        SEEN.forEach(merged::remove);
        return replaced(tree, id, before.get(), merged, version);
    }

    private static Tree replaced(Tree tree, String id, ObjectNode before, JsonNode merged, String version) {
        ObjectNode after = AppDefaults.complete(merged, id, role(id, tree));
        AppRules.check(merged, after, role(id, tree));
        keepServicePorts(before, after);
        boolean sameNumber = after.get("instances").equals(before.get("instances"));
        boolean sameConfig = config(after).equals(config(before));
        if (sameNumber && sameConfig) {
            return tree;
        }
        ObjectNode info = Json.copy(before.get("versionInfo"));
        info.put("lastScalingAt", version);
        after.set(Tree.CONFIG_VERSION, before.get(Tree.CONFIG_VERSION));
        if (!sameConfig) {
            info.put("lastConfigChangeAt", version);
            after.put(Tree.CONFIG_VERSION, version);
        }
        after.put("version", version).set("versionInfo", info);
        return tree.withApp(after, version);
    }

    private static void keepServicePorts(ObjectNode before, ObjectNode after) {
        for (int n = 0; n < after.path("portDefinitions").size(); n++) {
            ObjectNode port = (ObjectNode) after.get("portDefinitions").get(n);
            JsonNode old = before.path("portDefinitions").path(n);
            if (port.path("port").asInt() == 0 && old.has("port")) {
                port.set("port", old.get("port"));
            }
        }
        for (int n = 0; n < after.path("container").path("portMappings").size(); n++) {
            ObjectNode mapping =
                    (ObjectNode) after.get("container").get("portMappings").get(n);
            JsonNode old = before.path("container").path("portMappings").path(n);
            if (mapping.path("servicePort").asInt() == 0 && old.has("servicePort")) {
                mapping.set("servicePort", old.get("servicePort"));
            }
        }
    }

    /** All that makes its tasks restart when it changes. */
    private static ObjectNode config(ObjectNode app) {
        ObjectNode config = app.deepCopy();
        SEEN.forEach(config::remove);
        config.remove(List.of("instances", Tree.CONFIG_VERSION));
        return config;
    }

    private Answer toVersion(String id, JsonNode sent, Request request) {
        for (String field : sent.propertyNames()) {
            if (!field.equals("version") && !field.equals("id")) {
                throw Refusal.senseless(List.of(
                        new Refusal.Flaw("/", "The 'version' field may only be combined with the 'id' field.")));
            }
        }
        Optional<ObjectNode> old = inVersion(id, sent.get("version").asString());
        if (old.isEmpty()) {
            return Answer.message(404, "App '" + id + "' does not exist");
        }
        String version = marathon.newVersion();
        ObjectNode merged = old.get().deepCopy();
        SEEN.forEach(merged::remove);
        ObjectNode before = marathon.tree().app(id).orElse(old.get());
        Tree target = replaced(marathon.tree(), id, before, merged, version);
        return Answer.deployment(200, marathon.change(target, version, request.flag("force"), Ids.ROOT));
    }

    Answer restart(String id, Request request) {
        Optional<ObjectNode> app = marathon.tree().app(id);
        if (app.isEmpty()) {
            return Answer.message(404, "App '" + id + "' does not exist");
        }
        String version = marathon.newVersion();
        ObjectNode again = app.get().deepCopy();
        again.put("version", version).put(Tree.CONFIG_VERSION, version);
        ((ObjectNode) again.get("versionInfo")).put("lastScalingAt", version);
        Tree target = marathon.tree().withApp(again, version);
        return Answer.deployment(200, marathon.change(target, version, request.flag("force"), Ids.ROOT));
    }

    Answer delete(String id) {
        if (marathon.tree().app(id).isEmpty()) {
            return Answer.message(404, "App '" + id + "' does not exist");
        }
        String version = marathon.newVersion();
        Tree target = marathon.tree().withoutRunSpec(id, version);
        return Answer.deployment(200, marathon.change(target, version, true, Ids.ROOT));
    }

    // --- versions

    Answer versions(String id) {
        if (marathon.tree().app(id).isEmpty()) {
            return missing(id);
        }
        Set<String> versions = new HashSet<>(marathon.refusedVersions(id));
        for (Tree tree : marathon.history()) {
            tree.app(id).ifPresent(app -> versions.add(app.path("version").asString()));
        }
        ObjectNode body = Json.object();
        body.set("versions", Json.strings(versions));
        return Answer.json(200, body);
    }

    Answer version(String id, String version) {
        if (!AppFormat.isDate(version)) {
            return Answer.message(
                    422, "Invalid timestamp provided '" + version + "'. Expecting ISO-8601 datetime string.");
        }
        return inVersion(id, version)
                .map(app -> Answer.json(200, Tree.shown(app)))
                .orElseGet(() -> Answer.missing("App '" + id + "' does not exist in version " + version));
    }

    private Optional<ObjectNode> inVersion(String id, String version) {
        @Nullable ObjectNode found = null;
        for (Tree tree : marathon.history()) {
            Optional<ObjectNode> app = tree.app(id);
            if (app.isPresent() && app.get().path("version").asString().equals(version)) {
                found = app.get();
            }
        }
        return Optional.ofNullable(found);
    }
}
