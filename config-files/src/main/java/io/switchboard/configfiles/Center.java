package io.switchboard.configfiles;

import io.switchboard.configprotocol.NamespaceFile;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One application's stage in the config center. */
final class Center {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Of the 256 KiB that the center takes as one request, what keys and values may have at most. */
    private static final int MOST_AT_ONCE = 100_000;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final JsonMapper json = new JsonMapper();
    private final String api;
    private final String stage;
    private final String canaries;
    private final String readerKeys;
    private final String credentials;
    private final String builds;
    private final String name;
    private final String application;
    private final String accessKeys;
    private final String query;
    private final String token;

    Center(String address, String token, String application, String stage, @Nullable String tenant) {
        this.api = address.replaceFirst("/+$", "") + "/api/v1";
        this.stage = api + "/config/" + encoded(application) + "/" + encoded(stage);
        this.canaries = api + "/config-canaries/" + encoded(application) + "/" + encoded(stage);
        this.readerKeys = api + "/config-applications/" + encoded(application) + "/reader-keys";
        this.credentials = api + "/config-applications/" + encoded(application) + "/credentials";
        this.builds = api + "/config-builds/" + encoded(application);
        this.name = stage;
        this.application = application;
        this.accessKeys = api + "/config-access-keys/" + encoded(application) + "/" + encoded(stage);
        this.query = tenant == null ? "" : "?tenant=" + encoded(tenant);
        this.token = token;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * @param comments also of encrypted items, which are not among {@code items}
     * @param pending whether it differs from what clients read
     */
    record Draft(long revision, SortedMap<String, String> items, SortedMap<String, String> comments, boolean pending) {

        /** As it goes to a file. */
        NamespaceFile file(String namespace) {
            SortedMap<String, String> shown = new TreeMap<>(comments);
            shown.keySet().retainAll(items.keySet());
            return new NamespaceFile(namespace, items, shown);
        }
    }

    List<String> namespaces() throws InterruptedException {
        return send("GET", "", null)
                .valueStream()
                .map(one -> one.get("namespace").asString())
                .toList();
    }

    /** As {@link #namespaces}, of an application that has some. */
    List<String> someNamespaces() throws InterruptedException {
        List<String> namespaces = namespaces();
        if (namespaces.isEmpty()) {
            throw new Refused("'" + application + "' has no configuration in the stage '" + name + "'");
        }
        return namespaces;
    }

    Draft draft(String namespace) throws InterruptedException {
        JsonNode view = send("GET", "/" + encoded(namespace), null);
        return new Draft(
                view.get("revision").asLong(),
                texts(view.path("items")),
                texts(view.path("comments")),
                !view.get("changes").isEmpty());
    }

    private static SortedMap<String, String> texts(JsonNode byKey) {
        SortedMap<String, String> texts = new TreeMap<>();
        byKey.propertyStream()
                .forEach(one ->
                        texts.put(one.getKey(), String.valueOf(one.getValue().asString())));
        return texts;
    }

    /** Changes the draft at that revision, in several requests if it is much; answers the revision after. */
    long change(String namespace, long revision, Changes changes) throws InterruptedException {
        long at = revision;
        var part = new Changes(new TreeMap<>(), new TreeMap<>());
        int size = 0;
        for (String key : changes.keys()) {
            int more = size(key, changes.items()) + size(key, changes.comments());
            if (!part.isEmpty() && size + more > MOST_AT_ONCE) {
                at = put(namespace, at, part);
                part = new Changes(new TreeMap<>(), new TreeMap<>());
                size = 0;
            }
            take(key, changes.items(), part.items());
            take(key, changes.comments(), part.comments());
            size += more;
        }
        return part.isEmpty() ? at : put(namespace, at, part);
    }

    private static int size(String key, SortedMap<String, @Nullable String> changes) {
        String text = changes.get(key);
        return changes.containsKey(key) ? key.length() + (text == null ? 4 : text.length()) : 0;
    }

    private static void take(
            String key, SortedMap<String, @Nullable String> from, SortedMap<String, @Nullable String> to) {
        if (from.containsKey(key)) {
            to.put(key, from.get(key));
        }
    }

    private long put(String namespace, long revision, Changes part) throws InterruptedException {
        return send(
                        "PUT",
                        "/" + encoded(namespace) + "/draft/items",
                        Map.of("items", part.items(), "comments", part.comments(), "revision", revision))
                .get("revision")
                .asLong();
    }

    /**
     * All in one step.
     *
     * @param again whether also what a rollback took back
     * @param accept why what the center finds wrong is right; null to have it refused then
     */
    void publish(SortedMap<String, Long> revisions, String message, boolean again, @Nullable String accept)
            throws InterruptedException {
        Map<String, Object> request = new HashMap<>(Map.of("revisions", revisions, "message", message, "again", again));
        if (accept != null) {
            request.put("accept", accept);
        }
        send("POST", "/releases", request);
    }

    /** What the application would say to the draft, a line for each finding; those that it would refuse begin with {@code error}. */
    List<String> check(String namespace) throws InterruptedException {
        return findings(send("GET", "/" + encoded(namespace) + "/draft/check", null));
    }

    private static List<String> findings(JsonNode answer) {
        return answer.path("findings")
                .valueStream()
                .map(finding -> finding.get("severity").asString().toLowerCase(Locale.ROOT) + ": "
                        + finding.get("key").asString() + ": "
                        + finding.get("message").asString()
                        + suggestion(finding.path("suggestion").asString("")))
                .toList();
    }

    private static String suggestion(String other) {
        return other.isEmpty() ? "" : " Perhaps " + other + "?";
    }

    /** All of the stage, those that run first. */
    JsonNode canaries() throws InterruptedException {
        return ask("GET", canaries, null);
    }

    /** One of them with its clients. */
    JsonNode canary(String id) throws InterruptedException {
        return ask("GET", canaries + "/" + encoded(id), null);
    }

    /** @param request in the form that the API takes */
    JsonNode startCanary(String id, Map<String, ?> request) throws InterruptedException {
        return ask("PUT", canaries + "/" + encoded(id), request);
    }

    /** @param request in the form that the API takes */
    JsonNode chooseForCanary(String id, Map<String, ?> request) throws InterruptedException {
        return ask("PUT", canaries + "/" + encoded(id) + "/choice", request);
    }

    /** @param override why a freeze is not heeded, if one holds */
    JsonNode promoteCanary(String id, @Nullable String override) throws InterruptedException {
        return ask(
                "POST",
                canaries + "/" + encoded(id) + "/promotion",
                override == null ? Map.of() : Map.of("override", override));
    }

    JsonNode abandonCanary(String id, String reason) throws InterruptedException {
        return ask("POST", canaries + "/" + encoded(id) + "/abandonment", Map.of("reason", reason));
    }

    /** Environment variables; one of them holds a secret. */
    JsonNode credentials(boolean accessKey) throws InterruptedException {
        return ask("POST", credentials, Map.of("stage", name, "accessKey", accessKey))
                .get("environment");
    }

    /** That left what they take, the latest first. */
    JsonNode builds() throws InterruptedException {
        return ask("GET", builds, null);
    }

    /**
     * @param build a name for it
     * @param version of the application; null for the build's name
     */
    JsonNode sendBuild(String build, @Nullable String version, byte[] metadata) throws InterruptedException {
        String more = version == null ? query : (query.isEmpty() ? "?" : query + "&") + "version=" + encoded(version);
        return send(
                "PUT", builds + "/" + encoded(build) + more, "application/json", BodyPublishers.ofByteArray(metadata));
    }

    /** What that build would say to these namespaces, as {@link #check} does; each line begins with the namespace. */
    List<String> check(String build, SortedMap<String, SortedMap<String, String>> contents)
            throws InterruptedException {
        return ask("POST", builds + "/" + encoded(build) + "/check", Map.of("stage", name, "namespaces", contents))
                .valueStream()
                .flatMap(one ->
                        findings(one).stream().map(line -> one.get("namespace").asString() + ": " + line))
                .toList();
    }

    /** The namespace itself as it is drafted, and what it inherits then. */
    JsonNode sources(String namespace) throws InterruptedException {
        String more = (query.isEmpty() ? "?" : query + "&") + "draft=true";
        return send(
                        "GET",
                        stage + "/" + encoded(namespace) + "/effective" + more,
                        "application/json",
                        BodyPublishers.noBody())
                .get("sources");
    }

    /** What the application's clients read with, in all stages; the newest first. */
    JsonNode readerKeys() throws InterruptedException {
        return ask("GET", readerKeys, null);
    }

    JsonNode issueReaderKey(String id) throws InterruptedException {
        return ask("PUT", readerKeys + "/" + encoded(id), null);
    }

    /** @param days for which the others stay valid */
    JsonNode rotateReaderKeys(String id, int days) throws InterruptedException {
        return ask("PUT", readerKeys + "/" + encoded(id) + "/rotation?overlap=P" + days + "D", null);
    }

    JsonNode accessKeys() throws InterruptedException {
        return ask("GET", accessKeys, null);
    }

    /** @param days for which the others stay valid */
    JsonNode rotateAccessKeys(String id, int days) throws InterruptedException {
        return ask("PUT", accessKeys + "/" + encoded(id) + "/rotation?overlap=P" + days + "D", null);
    }

    JsonNode retireReaderKey(String id) throws InterruptedException {
        return ask("DELETE", readerKeys + "/" + encoded(id), null);
    }

    /**
     * Puts files into drafts, all in one step.
     *
     * @param preview whether only to tell what would change
     * @return a line for each key that changes
     */
    List<String> restore(byte[] zip, boolean preview) throws InterruptedException {
        String more = (query.isEmpty() ? "?" : query + "&") + "preview=" + preview;
        return send("POST", api + "/config-archives" + more, "application/zip", BodyPublishers.ofByteArray(zip))
                .valueStream()
                .flatMap(draft -> draft.get("changes").valueStream().map(change -> line(draft, change)))
                .toList();
    }

    private static String line(JsonNode draft, JsonNode change) {
        String kind = change.has("before") ? change.has("after") ? "changed" : "taken out" : "added";
        if (change.has("before") && change.get("before").equals(change.path("after"))) {
            kind = "has another comment";
        }
        return draft.get("application").asString() + "/" + draft.get("stage").asString() + "/"
                + draft.get("namespace").asString() + ": " + change.get("key").asString() + " " + kind;
    }

    /**
     * A page of who changed what.
     *
     * @param wanted parameters as the API takes them
     */
    JsonNode audit(Map<String, String> wanted) throws InterruptedException {
        return ask(
                "GET",
                api + "/config-audit?"
                        + wanted.entrySet().stream()
                                .map(one -> one.getKey() + "=" + encoded(one.getValue()))
                                .collect(Collectors.joining("&")),
                null);
    }

    /** All that the center keeps; it takes as long as it takes. */
    void backUp(Path file) throws InterruptedException {
        HttpRequest request = backup().GET().build();
        try {
            answered(http.send(
                    request,
                    answer -> answer.statusCode() == 200
                            ? BodySubscribers.mapping(BodySubscribers.ofFile(file), written -> new byte[0])
                            : BodySubscribers.ofByteArray()));
        } catch (IOException e) {
            throw silent(request);
        }
    }

    /** How much it was, by kind. */
    JsonNode restore(Path file) throws IOException, InterruptedException {
        HttpRequest request = backup().header("Content-Type", "application/vnd.switchboard.config-backup")
                .PUT(BodyPublishers.ofFile(file))
                .build();
        try {
            return answered(http.send(request, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw silent(request);
        }
    }

    private HttpRequest.Builder backup() {
        return HttpRequest.newBuilder(uri(api + "/config-backup")).header("Authorization", "Bearer " + token);
    }

    private JsonNode send(String method, String path, @Nullable Object body) throws InterruptedException {
        return ask(method, stage + path, body);
    }

    private JsonNode ask(String method, String address, @Nullable Object body) throws InterruptedException {
        return send(
                method,
                address + (address.contains("?") ? query.replace('?', '&') : query),
                "application/json",
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(json(body)));
    }

    private JsonNode send(String method, String address, String type, BodyPublisher body) throws InterruptedException {
        var request = HttpRequest.newBuilder(uri(address))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .method(method, body)
                .build();
        try {
            return answered(http.send(request, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw silent(request);
        }
    }

    private static Refused silent(HttpRequest request) {
        return new Refused("the config center at " + request.uri().getAuthority()
                + " gives no answer; is it running, and is --center right?");
    }

    private JsonNode answered(HttpResponse<byte[]> answer) {
        JsonNode tree = tree(answer.body());
        if (answer.statusCode() >= 300 && tree.has("code")) {
            throw new Refused(answer.statusCode() + " " + tree.path("code").asString("") + ": "
                    + tree.path("detail").asString("") + " "
                    + tree.path("remedy").asString("")
                    + findings(tree).stream().map(line -> "\n  " + line).collect(Collectors.joining()));
        }
        if (answer.statusCode() >= 300 || tree.isMissingNode() && answer.body().length > 0) {
            throw new Refused("what answers at " + answer.uri().getAuthority() + " (" + answer.statusCode()
                    + ") is no config center; is --center right?");
        }
        return tree;
    }

    private static URI uri(String address) {
        try {
            URI uri = URI.create(address);
            if ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // As with another scheme.
        }
        throw new Refused("--center must be an address such as http://127.0.0.1:8085");
    }

    private byte[] json(Object body) {
        return json.writeValueAsBytes(body);
    }

    private JsonNode tree(byte[] body) {
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            return json.missingNode();
        }
    }
}
