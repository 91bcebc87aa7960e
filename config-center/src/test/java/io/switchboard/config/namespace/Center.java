package io.switchboard.config.namespace;

import static org.awaitility.Awaitility.await;

import io.switchboard.config.ConfigCenterApplication;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.SealingKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.curator.test.TestingServer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The config center over HTTP with a real ZooKeeper, once for all tests that need no other. */
final class Center implements AutoCloseable {

    /** What happens is waited for as long as a machine may take that others keep busy. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /** How long clients have to confirm a release; less than the lease of those over HTTP. */
    static final Duration CONFIRM_WITHIN = Duration.ofSeconds(30);

    /** Longer than ZooKeeper's clients wait before they connect again, which is up to a second. */
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    static {
        Awaitility.setDefaultTimeout(PATIENCE);
    }

    static final String ACME = "acme.ann.tenant";
    static final String GLOBEX = "globex.gus.tenant";
    static final String NOBODYS = "-.noah.tenant";
    static final String OPERATOR = "-.olga.operator";
    static final String SERVICE = "-.service-scheduler.service";

    private static @Nullable Center center;
    private static @Nullable EmbeddedPostgres postgres;
    private static volatile Duration ahead = Duration.ZERO;

    private final String zookeeper;
    private final @Nullable TestingServer server;
    private final @Nullable Relay relay;
    private final Path masterKeys;
    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    /** @param server its own, behind the relay; null if it runs on somebody else's */
    private Center(
            String zookeeper,
            @Nullable TestingServer server,
            @Nullable Relay relay,
            String database,
            Duration connecting,
            String... settings)
            throws Exception {
        this.zookeeper = zookeeper;
        this.server = server;
        this.relay = relay;
        masterKeys = Files.createTempFile("master-keys", null);
        masterKeys.toFile().deleteOnExit();
        masterKeys(List.of(SealingKey.random()));
        context = context(database, connecting, settings);
        // Applications that start later would take the log away for a moment, and with it lines that tests wait for.
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    }

    private ConfigurableApplicationContext context(String database, Duration connecting, String... settings) {
        return ConfigCenterApplication.application()
                .sources(Tokens.class)
                .run(Stream.concat(
                                Stream.of(
                                        "--server.port=0",
                                        "--spring.cloud.zookeeper.enabled=false",
                                        "--config.zookeeper.connect-string="
                                                + (relay == null ? zookeeper : relay.address()),
                                        "--config.zookeeper.advertised=" + zookeeper,
                                        "--config.zookeeper.connection-timeout=" + connecting,
                                        "--config.zookeeper.request-timeout=10s",
                                        "--config.delivery.confirm-within=" + CONFIRM_WITHIN,
                                        "--config.secrets.master-key-file=" + masterKeys,
                                        "--config.history.url=" + database,
                                        "--config.access.master-secret=a master secret that only tests have"),
                                Stream.of(settings))
                        .toArray(String[]::new));
    }

    /** @param keys the one to seal with first */
    void masterKeys(List<SealingKey> keys) throws IOException {
        Files.write(masterKeys, keys.stream().map(SealingKey::encoded).toList());
    }

    List<SealingKey> masterKeys() throws IOException {
        return Files.readAllLines(masterKeys).stream().map(SealingKey::parse).toList();
    }

    static synchronized Center get() throws Exception {
        if (center == null) {
            var server = new TestingServer(-1, true);
            center = new Center(
                    server.getConnectString(), server, new Relay(server.getPort()), database("postgres"), CONNECTING);
        }
        return center;
    }

    /**
     * One more, on another ensemble.
     *
     * @param database name of its own, or of one that it shares with others on that ensemble
     * @param settings other than usual, each as {@code --name=value}
     */
    static Center on(String zookeeper, String database, String... settings) throws Exception {
        return new Center(zookeeper, null, null, database(database), CONNECTING, settings);
    }

    /** As {@link #on}, with a relay between it and the ensemble that will break the connection for good. */
    static Center behind(Relay relay, String zookeeper, String database) throws Exception {
        return new Center(zookeeper, null, relay, database(database), Duration.ofSeconds(1));
    }

    /** As {@link #on}, with a relay between it and the ensemble, and a session that outlasts a machine that is busy. */
    static Center through(Relay relay, String zookeeper, String database) throws Exception {
        return new Center(
                zookeeper, null, relay, database(database), CONNECTING, "--config.zookeeper.session-timeout=40s");
    }

    /** Its address; of that name. */
    static synchronized String database(String name) throws Exception {
        if (postgres == null) {
            postgres = EmbeddedPostgres.start();
        }
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet there = statement.executeQuery("select from pg_database where datname = '" + name + "'")) {
            if (!there.next()) {
                statement.execute("create database " + name);
            }
        }
        return postgres.getJdbcUrl("postgres", name);
    }

    @Override
    public void close() {
        context.close();
    }

    String zookeeper() {
        return zookeeper;
    }

    /** Between this center and its ZooKeeper; nobody else's requests pass there. */
    Relay relay() {
        return Objects.requireNonNull(relay, "it has none");
    }

    private TestingServer own() {
        return Objects.requireNonNull(server, "it runs on somebody else's ZooKeeper");
    }

    /** A connection that was broken is made again only a while later, as ZooKeeper's clients don't come back all at once. */
    void awaitConnected() {
        await().until(() -> bean(Ensemble.class).connected());
    }

    void stopZooKeeper() throws Exception {
        own().stop();
    }

    void restartZooKeeper() throws Exception {
        own().restart();
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    URI uri(String path) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return URI.create("http://127.0.0.1:" + port + path);
    }

    Answer get(String path, String token) throws Exception {
        return send("GET", path, token, null);
    }

    Answer put(String path, String token, String body) throws Exception {
        return send("PUT", path, token, body);
    }

    Answer post(String path, String token, String body) throws Exception {
        return send("POST", path, token, body);
    }

    /** Items as JSON, without a revision. */
    String items(Map<String, @Nullable String> items) {
        return json.writeValueAsString(Map.of("items", items));
    }

    /** Encrypted items as JSON, without a revision. */
    String secrets(Map<String, @Nullable String> secrets) {
        return json.writeValueAsString(Map.of("secrets", secrets));
    }

    Answer send(String method, String path, @Nullable String token, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return answer(request.build());
    }

    HttpResponse<byte[]> download(String path, String token) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofByteArray());
    }

    Answer upload(String path, String token, byte[] zip) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/zip")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofByteArray(zip))
                .build());
    }

    Answer restore(String path, @Nullable String token, byte[] backup) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/vnd.switchboard.config-backup")
                .PUT(BodyPublishers.ofByteArray(backup));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return answer(request.build());
    }

    private Answer answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        JsonNode tree = response.body().isBlank() ? json.nullNode() : json.readTree(response.body());
        return new Answer(response.statusCode(), tree, response);
    }

    record Answer(int status, JsonNode body, HttpResponse<String> response) {

        String code() {
            return body.path("code").asString("");
        }
    }

    /** Has the center take it for so much later than it is. */
    void setAhead(Duration duration) {
        ahead = duration;
    }

    private static final class AheadClock extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("UTC only");
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    /** A token says what it means: tenant (or a dash), subject, role and, for an API key of a user, whose it is. */
    @Configuration(proxyBeanMethods = false)
    static class Tokens {

        @Bean
        Clock clock() {
            return new AheadClock();
        }

        @Bean
        JwtDecoder decoder() {
            return token -> {
                String[] parts = token.split("\\.");
                if (parts.length != 3 && parts.length != 4) {
                    throw new BadJwtException("no token of ours");
                }
                Jwt.Builder jwt = Jwt.withTokenValue(token)
                        .header("alg", "none")
                        .subject(parts[1])
                        .issuedAt(Instant.now())
                        .expiresAt(Instant.now().plusSeconds(60))
                        .claim("roles", List.of(parts[2]));
                if (parts.length == 4) {
                    jwt.claim("api_key_user", parts[3]);
                }
                return parts[0].equals("-")
                        ? jwt.build()
                        : jwt.claim("tenant", parts[0]).build();
            };
        }
    }
}
