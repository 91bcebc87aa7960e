package io.switchboard.samples.acd.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/** What the platform learns of calls over TCP and of requests. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"calls.port=0", "acd.queue.max-length=1"})
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
class LineJourneyTests {

    private RestTestClient http = RestTestClient.bindToServer().build();

    @BeforeEach
    void connect(@LocalServerPort int port) {
        http = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
    }

    @Test
    void aHeldConnectionCountsAsAnActiveCall(@Autowired CallServer server) throws Exception {
        assertThat(drain()).isEqualTo(Map.of("draining", false, "activeCalls", 0));
        try (var caller = new Caller(server.port())) {
            assertThat(caller.ask("CALL +49301234")).startsWith("CALL ").endsWith(" local");
            assertThat(drain()).containsEntry("activeCalls", 1);

            http.post().uri("/switchboard/drain").exchange().expectStatus().isAccepted();

            assertThat(caller.ask("PING")).isEqualTo("PONG QUEUED");
            assertThat(drain()).isEqualTo(Map.of("draining", true, "activeCalls", 1));
            try (var late = new Caller(server.port())) {
                assertThat(late.ask("CALL +49301235")).startsWith("REFUSED DRAINING ");
            }
            assertThat(caller.ask("BYE")).isEqualTo("BYE ABANDONED");
        }
        assertThat(drain()).containsEntry("activeCalls", 0);
        assertThat((Double) drain().get("meanCallSeconds")).isBetween(0.0, 10.0);
    }

    @Test
    void qualityCountsRequestsAndCallsOverBothPorts(@Autowired CallServer server) throws Exception {
        assertThat(quality())
                .isEqualTo(Map.of(
                        "requests",
                        0,
                        "failedRequests",
                        0,
                        "requestSeconds",
                        0.0,
                        "callSetups",
                        0,
                        "failedCallSetups",
                        0));
        http.get().uri("/").exchange();
        http.get().uri("/nothing").exchange();
        http.get().uri("/actuator/health").exchange();
        try (var caller = new Caller(server.port())) {
            caller.ask("CALL +49301234");
            // The queue is full, which is what was ordered.
            offer().expectStatus().isEqualTo(429);
            http.post().uri("/switchboard/drain").exchange();
            offer().expectStatus().isEqualTo(503);
            try (var late = new Caller(server.port())) {
                late.ask("CALL +49301235");
            }
        }

        // A request counts when its answer has gone out.
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(quality())
                        .containsEntry("requests", 4)
                        .containsEntry("failedRequests", 1)
                        .containsEntry("callSetups", 4)
                        .containsEntry("failedCallSetups", 2));
        assertThat((Double) quality().get("requestSeconds")).isGreaterThan(0);
    }

    private RestTestClient.ResponseSpec offer() {
        return http.post()
                .uri("/calls")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("caller", "+49 30 1234"))
                .exchange();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> drain() {
        return get("/switchboard/drain");
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> quality() {
        return get("/switchboard/quality");
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> get(String path) {
        return Objects.requireNonNull(http.get()
                .uri(path)
                .exchange()
                .expectBody(Map.class)
                .returnResult()
                .getResponseBody());
    }
}
