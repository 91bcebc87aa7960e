package io.switchboard.request;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The running service as its callers meet it: by HTTP, with access tokens. */
public final class Service {

    private final ServletWebServerApplicationContext context;
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final HttpClient http = HttpClient.newHttpClient();

    Service(ServletWebServerApplicationContext context, JdbcClient jdbc, JsonMapper json) {
        this.context = context;
        this.jdbc = jdbc;
        this.json = json;
    }

    /** An answer, its body read as JSON where it is JSON. */
    public record Answer(int status, Map<String, String> headers, String body, JsonNode json) {

        public UUID id() {
            return UUID.fromString(json.get("id").asString());
        }

        public String text(String field) {
            return json.path(field).asString("");
        }
    }

    /** Who calls. */
    public sealed interface As {
        record Tenant(String name) implements As {}

        record Operator() implements As {}

        record OtherService() implements As {}

        record Nobody() implements As {}
    }

    public static As tenant(String name) {
        return new As.Tenant(name);
    }

    public static As operator() {
        return new As.Operator();
    }

    public Answer get(As caller, String path) {
        return send(request(caller, path).GET());
    }

    public Answer put(As caller, String path, Object body) {
        return send(request(caller, path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json.writeValueAsString(body))));
    }

    public Answer post(As caller, String path, Object body) {
        return send(request(caller, path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(body))));
    }

    public Answer delete(As caller, String path) {
        return send(request(caller, path).DELETE());
    }

    public Answer order(As caller, String key, Object body) {
        return send(ordering(caller, key, json.writeValueAsString(body)));
    }

    public CompletableFuture<Answer> orderLater(As caller, String key, Object body) {
        return http.sendAsync(
                        ordering(caller, key, json.writeValueAsString(body)).build(), BodyHandlers.ofString())
                .thenApply(this::answer);
    }

    private HttpRequest.Builder ordering(As caller, String key, String body) {
        return request(caller, "/api/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body));
    }

    /** An order for a new instance of the ACD, small enough for any plan. */
    public static Map<String, Object> open(String name) {
        var body = new LinkedHashMap<String, Object>();
        body.put("kind", "OPEN");
        body.put("serviceType", "acd");
        body.put("plan", "standard");
        body.put("name", name);
        body.put("loadProfile", load(600));
        body.put("parameters", Map.of("queue", "support", "wrapUpSeconds", 15));
        return body;
    }

    public static Map<String, Object> load(int callsPerHour) {
        return Map.of("agents", 20, "callsPerHour", callsPerHour, "averageHandlingSeconds", 180);
    }

    public static String newKey() {
        return UUID.randomUUID().toString();
    }

    public HttpRequest.Builder request(As caller, String path) {
        return request(caller, path, Duration.ofHours(1));
    }

    /** @param tokenLife how much longer the caller's token counts, whole seconds */
    public HttpRequest.Builder request(As caller, String path, Duration tokenLife) {
        var builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                        + Objects.requireNonNull(context.getWebServer()).getPort() + path))
                .timeout(Duration.ofSeconds(20));
        return caller instanceof As.Nobody
                ? builder
                : builder.header("Authorization", "Bearer " + token(caller, tokenLife));
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            return answer(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public InputStream stream(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofInputStream()).body();
    }

    /** Sends exactly these bytes and answers what comes back until the server closes. */
    public String sendRaw(As caller, String requestLine, String header, String body) throws IOException {
        try (var socket = new Socket("127.0.0.1", port())) {
            var content = body.getBytes(StandardCharsets.UTF_8);
            var head = requestLine + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                    + token(caller, Duration.ofHours(1)) + "\r\nContent-Type: application/json\r\nContent-Length: "
                    + content.length + "\r\n"
                    + header + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(content);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private int port() {
        return Objects.requireNonNull(context.getWebServer()).getPort();
    }

    /** How many rows each table holds. */
    public Map<String, Long> rows() {
        var counts = new HashMap<String, Long>();
        for (var table : List.of("orders", "instances", "timeline", "tenants", "users", "api_keys", "image_pins")) {
            counts.put(
                    table,
                    jdbc.sql("select count(*) from " + table).query(Long.class).single());
        }
        return counts;
    }

    private Answer answer(HttpResponse<String> response) {
        var headers = new HashMap<String, String>();
        response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
        var type = headers.getOrDefault("content-type", "");
        var body = response.body();
        return new Answer(
                response.statusCode(),
                headers,
                body,
                json.readTree(type.contains("json") && !body.isEmpty() ? body : "{}"));
    }

    private static String token(As caller, Duration life) {
        var claims = new JWTClaimsSet.Builder().expirationTime(new Date(System.currentTimeMillis() + life.toMillis()));
        switch (caller) {
            case As.Tenant tenant ->
                claims.subject("user of " + tenant.name())
                        .claim("tenant", tenant.name())
                        .claim("roles", List.of("tenant"));
            case As.Operator operator -> claims.subject("operator").claim("roles", List.of("operator"));
            case As.OtherService service -> claims.subject("service-scheduler").claim("roles", List.of("service"));
            case As.Nobody nobody -> throw new IllegalArgumentException("nobody has a token");
        }
        try {
            var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
            token.sign(new MACSigner(Surroundings.KEY));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
