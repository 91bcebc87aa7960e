package io.switchboard.bench;

import io.switchboard.config.ConfigCenterApplication;
import io.switchboard.configclient.delivery.Coordinates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A config center over HTTP, as its users reach it. */
final class ConfigCenter {

    static final String TENANT = "bench0";

    private final HttpConnections http;
    private final String tenantToken;
    private final String serviceToken;
    private final JsonMapper json = new JsonMapper();

    ConfigCenter(int port, Tokens tokens) throws com.nimbusds.jose.JOSEException {
        this.http = new HttpConnections(port);
        this.tenantToken = tokens.ofTenants(1).getFirst();
        this.serviceToken = tokens.ofService();
    }

    /** The product's context in this JVM, on a free port unless one is named. */
    static ConfigurableApplicationContext start(String zookeeper, JwtDecoder decoder, int port) {
        return ConfigCenterApplication.application()
                .initializers(own ->
                        ((GenericApplicationContext) own).registerBean("tokens", JwtDecoder.class, () -> decoder))
                .registerShutdownHook(false)
                .run(
                        "--server.port=" + port,
                        "--server.address=127.0.0.1",
                        "--config.zookeeper.connect-string=" + zookeeper,
                        "--config.access.master-secret=a master secret that only benchmarks have",
                        "--spring.cloud.zookeeper.enabled=false",
                        "--switchboard.security.outgoing=none",
                        "--logging.level.root=warn",
                        "--logging.level.audit.config=off");
    }

    static int port(ConfigurableApplicationContext context) {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** Refused, or not answered. */
    static final class Failed extends Exception {

        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    /** Changes the draft; answers its revision. */
    long edit(String application, String namespace, Map<String, String> items) throws Failed {
        return send("PUT", namespace(application, namespace) + "/draft/items", tenantToken, Map.of("items", items))
                .get("revision")
                .asLong();
    }

    /** Publishes a draft; answers the release's number. */
    long publish(String application, String namespace, long revision) throws Failed {
        return send("POST", namespace(application, namespace) + "/releases", tenantToken, Map.of("revision", revision))
                .get("number")
                .asLong();
    }

    void publishTogether(String application, Map<String, Long> revisions) throws Failed {
        send("POST", stage(application) + "/releases", tenantToken, Map.of("revisions", revisions));
    }

    /** What a client of this application reads with. */
    Coordinates coordinates(String application, String zookeeper, String client, Path cache) throws Failed {
        JsonNode environment = send(
                        "POST",
                        "/internal/v1/config/access",
                        serviceToken,
                        Map.of("tenant", TENANT, "application", application, "stage", "prod"))
                .get("environment");
        return new Coordinates(
                zookeeper,
                TENANT,
                application,
                "prod",
                environment.get("SWITCHBOARD_CONFIG_USER").asString(),
                environment.get("SWITCHBOARD_CONFIG_SECRET").asString(),
                Optional.empty(),
                client,
                Map.of(),
                cache,
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofMillis(200));
    }

    /** The same, once the center answers: it may be starting, or have lost ZooKeeper for a moment. */
    Coordinates awaitCoordinates(String application, String zookeeper, String client, Path cache) {
        for (int attempt = 0; attempt < 600; attempt++) {
            try {
                return coordinates(application, zookeeper, client, cache);
            } catch (Failed e) {
                Pause.millis(200);
            }
        }
        throw new IllegalStateException("the center does not answer");
    }

    private static String stage(String application) {
        return "/api/v1/config/" + application + "/prod";
    }

    private static String namespace(String application, String namespace) {
        return stage(application) + "/" + namespace;
    }

    private JsonNode send(String method, String path, String token, @Nullable Object body) throws Failed {
        byte[] content = json.writeValueAsBytes(body);
        var request = new ByteArrayOutputStream();
        request.writeBytes((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + content.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(content);
        try {
            HttpConnection.Answer answer = http.send(request.toByteArray());
            if (answer.status() >= 300) {
                throw new Failed(method + " " + path + ": " + answer.status() + " " + answer.body());
            }
            return json.readTree(answer.body());
        } catch (IOException e) {
            throw new Failed(method + " " + path + ": " + e);
        }
    }

    /** As command line arguments, for a client in a process of its own. */
    static List<String> arguments(Coordinates coordinates) {
        return List.of(
                coordinates.zookeeper(),
                coordinates.tenant(),
                coordinates.application(),
                coordinates.stage(),
                coordinates.user(),
                coordinates.secret(),
                coordinates.client(),
                coordinates.cacheDirectory().toString());
    }

    static Coordinates coordinates(String... arguments) {
        return new Coordinates(
                arguments[0],
                arguments[1],
                arguments[2],
                arguments[3],
                arguments[4],
                arguments[5],
                Optional.empty(),
                arguments[6],
                Map.of(),
                Path.of(arguments[7]),
                Duration.ofSeconds(30),
                Duration.ofSeconds(6),
                Duration.ofMillis(200));
    }
}
