package io.switchboard.standalone.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns etcd's authentication on: {@code root}, which etcd wants, and one user whose role ends at a prefix. Spoken as JSON,
 * which etcd takes at {@code /v3/} (its gRPC gateway).
 */
final class EtcdUsers {

    private static final String ROOT = "root";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String endpoint;
    private final JsonMapper json = new JsonMapper();

    EtcdUsers(String endpoint) {
        this.endpoint = endpoint;
    }

    /** A user and what it shows. */
    record User(String name, String password) {

        @Override
        public String toString() {
            return "User[" + name + "]";
        }
    }

    /**
     * Lets in only these users from now on. Every step may be repeated, so that a start that broke off in the middle is
     * carried on; an etcd that asks for passwords already stays as it is.
     *
     * @param prefix below which the user may read and write
     * @throws IOException if etcd gives no answer, or has another password for the user
     */
    void letInOnly(User user, String rootPassword, String prefix) throws IOException, InterruptedException {
        try (var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var login = post(http, "auth/authenticate", credential(user.name(), user.password()));
            if (login.statusCode() == 200) {
                return;
            }
            if (!login.body().contains("authentication is not enabled")) {
                throw new IOException("etcd does not take the password of user " + user.name()
                        + "; restore the secrets file of this installation, or stop it and delete etcd's directory:"
                        + " routes are registered again");
            }
            add(http, ROOT, rootPassword, ROOT);
            must(http, "auth/role/add", Map.of("name", user.name()));
            must(
                    http,
                    "auth/role/grant",
                    Map.of(
                            "name",
                            user.name(),
                            "perm",
                            Map.of(
                                    "permType",
                                    "READWRITE",
                                    "key",
                                    base64(prefix),
                                    "range_end",
                                    base64(endOf(prefix)))));
            add(http, user.name(), user.password(), user.name());
            must(http, "auth/enable", Map.of());
        }
    }

    private void add(HttpClient http, String user, String password, String role)
            throws IOException, InterruptedException {
        must(http, "auth/user/add", credential(user, password));
        // One that was there from a start that broke off may have another.
        must(http, "auth/user/changepw", credential(user, password));
        must(http, "auth/role/add", Map.of("name", role));
        must(http, "auth/user/grant", Map.of("user", user, "role", role));
    }

    private void must(HttpClient http, String what, Map<String, ?> body) throws IOException, InterruptedException {
        var answer = post(http, what, body);
        if (answer.statusCode() != 200 && !answer.body().contains("already exist")) {
            throw new IOException("etcd refused " + what + " with status " + answer.statusCode());
        }
    }

    private HttpResponse<String> post(HttpClient http, String what, Map<String, ?> body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(endpoint + "/v3/" + what))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
    }

    private static Map<String, String> credential(String name, String password) {
        return Map.of("name", name, "password", password);
    }

    /** The first key after all that begin with the prefix. */
    private static String endOf(String prefix) {
        int last = prefix.length() - 1;
        return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
    }

    private static String base64(String key) {
        return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }
}
