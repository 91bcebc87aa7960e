package io.switchboard.marathon.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** Which call a request is, and what Jetty answers before Marathon sees it. */
final class Api {

    private static final Pattern APP =
            Pattern.compile("(?<id>.*?)(?<rest>/versions/[^/]+|/versions|/restart|/tasks/[^/]+|/tasks)?/?");
    private static final Pattern GROUP = Pattern.compile("(?<id>.*?)(?<rest>/versions)?/?");
    private static final Pattern POD = Pattern.compile("(?<id>.*?)(?<rest>::status|::versions|::instances)?/?");
    private static final Pattern DELAY = Pattern.compile("/v2/queue/(?<id>.*)/delay");

    private final Marathon marathon;
    private final Settings settings;
    private final AppCalls apps;
    private final TaskCalls tasks;
    private final GroupCalls groups;
    private final Pods pods;
    private final SystemCalls system;
    private final Views views;

    Api(Marathon marathon, Settings settings, SystemCalls system) {
        this.marathon = marathon;
        this.settings = settings;
        this.views = new Views(marathon);
        this.apps = new AppCalls(marathon, views);
        this.tasks = new TaskCalls(marathon, views);
        this.groups = new GroupCalls(marathon, views);
        this.pods = new Pods(marathon);
        this.system = system;
    }

    /** @param shown the tree that reads show; older than the wanted one while a change is not visible yet */
    Answer answer(Request request, Tree shown) {
        if (request.method().equals("OPTIONS") && request.path().startsWith("/v2/")) {
            return Answer.empty(500);
        }
        if (!authentic(request)) {
            return unauthorized(request);
        }
        if (request.method().equals("TRACE")) {
            return notAllowed();
        }
        try {
            Answer answer = route(request, shown);
            return request.method().equals("HEAD") ? new Answer(answer.status(), answer.headers(), "") : answer;
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    private boolean authentic(Request request) {
        if (settings.credentials() == null && settings.token() == null) {
            return true;
        }
        String sent = request.header("authorization").orElse("");
        String credentials = settings.credentials();
        return sent.equals("token=" + settings.token())
                || credentials != null
                        && sent.equals("Basic "
                                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    private static Answer unauthorized(Request request) {
        Answer answer = request.path().equals("/v2/events")
                ? Answer.empty(401)
                : Answer.html(401, request.path(), "Unauthorized");
        return answer.with("WWW-Authenticate", "basic realm=\"null\"");
    }

    private static Answer notAllowed() {
        return Answer.message(405, "Method Not Allowed");
    }

    private Answer route(Request request, Tree shown) {
        String path = request.path();
        if (is(path, "/v2/apps")) {
            accept(request);
            return app(request, path.substring("/v2/apps".length()), shown);
        }
        if (is(path, "/v2/groups")) {
            accept(request);
            return group(request, path.substring("/v2/groups".length()), shown);
        }
        if (is(path, "/v2/pods")) {
            return pod(request, path.substring("/v2/pods".length()));
        }
        if (path.equals("/v2/tasks")) {
            return request.method().equals("GET") ? tasks.all(request) : notAllowed();
        }
        if (path.equals("/v2/tasks/delete")) {
            accept(request);
            return request.method().equals("POST") ? tasks.killThese(request) : notAllowed();
        }
        if (is(path, "/v2/deployments")) {
            return deployment(request, path.substring("/v2/deployments".length()));
        }
        if (is(path, "/v2/queue")) {
            return queue(request);
        }
        return system.answer(request);
    }

    private static boolean is(String path, String resource) {
        return path.equals(resource) || path.startsWith(resource + "/");
    }

    private static void accept(Request request) {
        String accept = request.header("accept").orElse("*/*");
        boolean json = accept.contains("json") || accept.contains("*/*") || accept.contains("application/*");
        boolean ofTasks = request.path().endsWith("/tasks");
        if (!json && !ofTasks) {
            throw new Refusal(Answer.message(406, "Not Acceptable"));
        }
        String type = request.header("content-type").orElse("application/json");
        if (request.writes() && !request.body().isEmpty() && !type.startsWith("application/json")) {
            throw new Refusal(Answer.message(415, "Unsupported Media Type"));
        }
    }

    private Answer app(Request request, String rest, Tree shown) {
        String method = request.method();
        if (rest.isEmpty() || rest.equals("/")) {
            return switch (method) {
                case "GET", "HEAD" -> apps.list(request, shown);
                case "POST" -> apps.create(request);
                case "PUT", "PATCH" -> apps.updateAll(request);
                default -> notAllowed();
            };
        }
        if (rest.endsWith("/*")) {
            return apps.below(Ids.absolute(rest.substring(0, rest.length() - 2)), shown);
        }
        Matcher matcher = APP.matcher(rest);
        if (!matcher.matches()) {
            return notAllowed();
        }
        String id = Ids.absolute(matcher.group("id"));
        String below = matcher.group("rest") == null ? "" : matcher.group("rest");
        String last = below.substring(below.lastIndexOf('/') + 1);
        if (below.isEmpty()) {
            return switch (method) {
                case "GET", "HEAD" -> apps.get(id, request, shown);
                case "PUT", "PATCH" -> apps.update(id, request);
                case "DELETE" -> apps.delete(id);
                default -> notAllowed();
            };
        }
        if (below.startsWith("/versions")) {
            return below.equals("/versions") ? apps.versions(id) : apps.version(id, last);
        }
        return switch (method + (below.startsWith("/tasks/") ? " task" : " " + below.substring(1))) {
            case "POST restart" -> apps.restart(id, request);
            case "GET tasks" -> tasks.of(id, request);
            case "DELETE tasks" -> tasks.killAll(id, request);
            case "DELETE task" -> tasks.killOne(id, last, request);
            default -> notAllowed();
        };
    }

    private Answer group(Request request, String rest, Tree shown) {
        Matcher matcher = GROUP.matcher(rest);
        if (!matcher.matches()) {
            return notAllowed();
        }
        String id = Ids.absolute(matcher.group("id"));
        if (matcher.group("rest") != null) {
            return groups.versions(id);
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> groups.get(id, request, shown);
            case "POST" -> groups.create(id, request);
            case "PUT", "PATCH" -> groups.update(id, request);
            case "DELETE" -> groups.delete(id);
            default -> notAllowed();
        };
    }

    private Answer pod(Request request, String rest) {
        Matcher matcher = POD.matcher(rest);
        if (!matcher.matches()) {
            return notAllowed();
        }
        String id = Ids.absolute(matcher.group("id"));
        String below = matcher.group("rest") == null ? "" : matcher.group("rest");
        return switch (request.method() + below) {
            case "GET" -> id.equals(Ids.ROOT) ? pods.list() : pods.get(id);
            case "POST" -> pods.create(request);
            case "PUT" -> pods.update(id, request);
            case "DELETE" -> pods.delete(id, request);
            case "GET::status" -> id.equals(Ids.ROOT) ? pods.statuses() : pods.status(id);
            case "GET::versions" -> pods.versions(id);
            default -> notAllowed();
        };
    }

    private Answer deployment(Request request, String rest) {
        String id = rest.replace("/", "");
        if (id.isEmpty()) {
            return request.method().equals("GET")
                    ? Answer.json(200, marathon.deployments().json())
                    : notAllowed();
        }
        if (!request.method().equals("DELETE")) {
            return notAllowed();
        }
        return marathon.deployments()
                .plan(id)
                .map(plan -> {
                    if (request.flag("force")) {
                        marathon.deployments().cancel(id, "The upgrade has been cancelled");
                        return Answer.empty(202);
                    }
                    return Answer.deployment(200, marathon.rollback(plan));
                })
                .orElseGet(() -> Answer.missing("DeploymentPlan " + id + " does not exist"));
    }

    private Answer queue(Request request) {
        if (request.path().equals("/v2/queue") && request.method().equals("GET")) {
            ObjectNode body = Json.object();
            boolean offers = request.all("embed").contains("lastUnusedOffers");
            body.set("queue", marathon.queue().json(offers, views.plain()));
            return Answer.json(200, body);
        }
        Matcher delay = DELAY.matcher(request.path());
        if (!delay.matches() || !request.method().equals("DELETE")) {
            return notAllowed();
        }
        String id = Ids.absolute(delay.group("id"));
        if (!marathon.queue().isWaiting(id)) {
            Answer missing = Answer.missing("Application " + id + " not found in tasks queue.");
            return missing.with("Content-Type", "application/octet-stream");
        }
        marathon.queue().resetDelay(id);
        marathon.revive();
        return Answer.empty(204);
    }

    /** What every answer carries. */
    static Map<String, String> headers(String leader) {
        return Map.of(
                "X-Marathon-Leader", "http://" + leader,
                "Cache-Control", "no-cache, no-store, must-revalidate",
                "Pragma", "no-cache",
                "Expires", "0");
    }
}
