package io.switchboard.config.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is too much for one center is refused, so that nobody else is harmed by it. */
class HttpBoundsTests {

    private final TestingServer zookeeper = new TestingServer(-1, true);
    private final Center center = Center.on(
            zookeeper.getConnectString(),
            "bounds",
            "--config.zookeeper.session-timeout=40s",
            "--config.delivery.http.waiting-per-tenant=2",
            "--config.delivery.http.report-room=1KB");
    private final Desk desk = new Desk(center, "bounded");
    private final HttpClient http = HttpClient.newHttpClient();

    HttpBoundsTests() throws Exception {}

    @AfterEach
    void stop() throws Exception {
        center.setAhead(Duration.ZERO);
        http.shutdownNow();
        center.close();
        zookeeper.close();
    }

    @Test
    void whoWaitsIsCountedOnceAndOneMoreIsRefused() throws Exception {
        desk.release(Map.of("a", "1"));
        HttpResponse<String> first = http.send(request("?namespace=application").build(), BodyHandlers.ofString());
        HttpRequest poll = request("?namespace=application")
                .header("If-None-Match", first.headers().firstValue("ETag").orElseThrow())
                .header("Prefer", "wait=60")
                .build();
        HttpRequest stream =
                request("/events").header("Accept", "text/event-stream").build();
        HttpResponse<Stream<String>> one = http.send(stream, BodyHandlers.ofLines());
        HttpResponse<Stream<String>> two = http.send(stream, BodyHandlers.ofLines());

        assertThat(one.statusCode()).isEqualTo(200);
        assertThat(two.statusCode()).isEqualTo(200);
        assertThat(waiting().value()).isEqualTo(2);
        assertRefused(http.send(stream, BodyHandlers.ofString()), "TOO_MANY_REQUESTS");
        assertRefused(http.send(poll, BodyHandlers.ofString()), "TOO_MANY_REQUESTS");
        assertThat(center.bean(MeterRegistry.class)
                        .get("switchboard.config.clients.refused")
                        .functionCounter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void whoIsAnsweredMakesRoom() throws Exception {
        desk.release(Map.of("a", "1"));
        String tag = http.send(request("?namespace=application").build(), BodyHandlers.ofString())
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        HttpRequest poll = request("?namespace=application")
                .header("If-None-Match", tag)
                .header("Prefer", "wait=60")
                .build();
        CompletableFuture<HttpResponse<String>> waits = http.sendAsync(poll, BodyHandlers.ofString());
        await().until(() -> waiting().value() == 1 || waits.isDone());

        desk.release(Map.of("a", "2"));

        waits.get();
        await().until(() -> waiting().value() == 0);
    }

    @Test
    void reportsBeyondTheRoomAreRefusedUntilOthersAreOver() throws Exception {
        desk.release(Map.of("a", "1"));
        HttpResponse<String> answer = report("c0" + "n".repeat(190));
        int reported = 0;
        while (answer.statusCode() == 204) {
            reported++;
            answer = report("c" + reported + "n".repeat(190));
        }

        assertThat(reported).isBetween(2, 4);
        assertRefused(answer, "TOO_MANY_REPORTS");
        assertThat(report("c0" + "n".repeat(190)).statusCode())
                .as("who reports already")
                .isEqualTo(204);

        center.setAhead(Duration.ofMinutes(2));
        await().until(() -> report("another").statusCode() == 204);
    }

    /** As an ensemble of one's own runs if nobody set anything: as much as the room is, by default, does no harm. */
    @Test
    void aSessionAsFullAsItMayBeKeepsNoServerFromStarting() throws Exception {
        try (CuratorFramework full = session()) {
            for (int tenth = 0; tenth < 10; tenth++) {
                full.create().withMode(CreateMode.EPHEMERAL).forPath("/" + "n".repeat(1024 * 1024 / 10) + tenth);
            }
        }
        zookeeper.restart();

        try (CuratorFramework after = session()) {
            assertThat(after.getChildren().forPath("/")).noneMatch(name -> name.startsWith("n"));
        }
    }

    private CuratorFramework session() {
        CuratorFramework session = CuratorFrameworkFactory.builder()
                .connectString(zookeeper.getConnectString())
                .sessionTimeoutMs(40_000)
                .retryPolicy(new RetryNTimes(60, 1_000))
                .build();
        session.start();
        return session;
    }

    private Gauge waiting() {
        return center.bean(MeterRegistry.class)
                .get("switchboard.config.clients.waiting")
                .gauge();
    }

    private static void assertRefused(HttpResponse<String> answer, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(new JsonMapper().readTree(answer.body()).get("code").asString())
                .isEqualTo(code);
    }

    private HttpResponse<String> report(String client) throws Exception {
        return http.send(
                request("/application/clients/" + client)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString("{\"release\":1}"))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String more) throws Exception {
        JsonNode access = desk.access();
        String credential = access.get("SWITCHBOARD_CONFIG_USER").asString() + ":"
                + access.get("SWITCHBOARD_CONFIG_SECRET").asString();
        return HttpRequest.newBuilder(center.uri("/delivery/v1/prod" + more))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credential.getBytes(StandardCharsets.UTF_8)));
    }
}
