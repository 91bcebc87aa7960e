package io.switchboard.config.audit;

import io.switchboard.configprotocol.SealingKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;

/**
 * The config center with an audit, here or in a JVM of its own so that it can be killed. A token says what it means: tenant (or a dash),
 * subject, role and, for an API key of a user, whose it is. The decoder of such tokens is found on the class path of tests.
 */
final class AuditedCenter {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private AuditedCenter() {}

    static String[] arguments(String zookeeper, String database) {
        return new String[] {
            "--server.port=0",
            "--spring.cloud.zookeeper.enabled=false",
            "--config.zookeeper.connect-string=" + zookeeper,
            "--config.secrets.master-keys=" + SealingKey.random().encoded(),
            "--config.history.url=" + database,
            "--config.access.master-secret=a master secret that only tests have"
        };
    }

    /** @param request id that the entry has, too */
    static HttpResponse<String> send(
            int port, String request, @Nullable String token, String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder sent = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("X-Request-Id", request)
                .header("Content-Type", path.startsWith("/api/v1/config-archives") ? "application/zip" : type(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (token != null) {
            sent.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(sent.build(), BodyHandlers.ofString());
    }

    private static String type(String path) {
        return path.startsWith("/api/v1/config-backup")
                ? "application/vnd.switchboard.config-backup"
                : "application/json";
    }
}
