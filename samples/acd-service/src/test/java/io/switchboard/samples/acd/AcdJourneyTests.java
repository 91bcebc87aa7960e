package io.switchboard.samples.acd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/** Each test gets a task of its own, as calls and draining can't be undone from outside. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "acd.routing.wrap-up=300ms",
            "acd.queue.max-length=1",
            "acd.greeting=Guten Tag",
            "task.id=acd-1",
            "task.revision=7",
            "calls.port=0"
        })
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
class AcdJourneyTests {

    private RestTestClient http = RestTestClient.bindToServer().build();

    @BeforeEach
    void connect(@LocalServerPort int port) {
        http = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
    }

    @Test
    void aCallIsOfferedAnsweredAndEndedAndTheNextOneFollows() {
        logIn("ann", "sales", "billing");
        var first = offer("sales");
        assertThat(first).containsEntry("state", "RINGING").containsEntry("agent", "ann");
        var second = offer("billing");
        assertThat(second).containsEntry("state", "QUEUED").containsEntry("position", 1);
        http.get().uri("/queues").exchange().expectBody().json("{\"billing\":1}");

        post("/calls/" + first.get("id") + "/answer")
                .expectBody()
                .jsonPath("$.state")
                .isEqualTo("TALKING");
        post("/calls/" + first.get("id") + "/answer").expectStatus().isOk();
        assertProblem(post("/calls/" + second.get("id") + "/answer"), 409, "CALL_NOT_RINGING");
        delete("/calls/" + first.get("id")).expectStatus().isNoContent();
        delete("/calls/" + first.get("id")).expectStatus().isNoContent();

        http.get()
                .uri("/agents")
                .exchange()
                .expectBody()
                .json("[{\"id\":\"ann\",\"state\":\"WRAP_UP\",\"leaving\":false}]");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> http.get()
                        .uri("/calls/" + second.get("id"))
                        .exchange()
                        .expectBody()
                        .jsonPath("$.state")
                        .isEqualTo("RINGING"));
        http.get()
                .uri("/calls/" + first.get("id"))
                .exchange()
                .expectBody()
                .json("{\"state\":\"ENDED\",\"outcome\":\"COMPLETED\",\"agent\":\"ann\",\"task\":\"acd-1\"}");
        delete("/agents/ann").expectStatus().isNoContent();
        delete("/agents/ann").expectStatus().isNoContent();
    }

    @Test
    void theFrontPageSaysWhoAnswers() {
        http.get()
                .uri("/")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"task\":\"acd-1\",\"revision\":7,\"strategy\":\"longest-idle\",\"greeting\":\"Guten Tag\","
                        + "\"release\":0}");
    }

    @Test
    void drainingRefusesCallsCountsWhatIsLeftAndStaysReady() {
        logIn("ann", "sales");
        var call = offer("sales");
        http.get().uri("/switchboard/drain").exchange().expectBody().json("{\"draining\":false,\"activeCalls\":1}");

        post("/switchboard/drain").expectStatus().isAccepted();
        post("/switchboard/drain").expectStatus().isAccepted();

        var refused = offering("sales");
        assertProblem(refused, 503, "DRAINING");
        refused.expectHeader().valueEquals("Retry-After", "1");
        http.get().uri("/actuator/health/readiness").exchange().expectStatus().isOk();
        delete("/calls/" + call.get("id"));
        http.get().uri("/switchboard/drain").exchange().expectBody().json("{\"draining\":true,\"activeCalls\":0}");
    }

    @Test
    void metricsCountCallsAndAgents() {
        logIn("ann", "sales");
        var call = offer("sales");
        post("/calls/" + call.get("id") + "/answer");
        offer("sales");
        assertProblem(offering("sales"), 429, "QUEUE_FULL");

        var metrics = http.get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        assertThat(String.valueOf(metrics).lines())
                .contains(
                        "acd_active_calls 2.0",
                        "acd_queue_length 1.0",
                        "acd_agents{state=\"talking\"} 1.0",
                        "acd_agents{state=\"idle\"} 0.0",
                        "acd_calls_total 2.0",
                        "acd_calls_offered_total 3.0",
                        "acd_calls_answered_total 1.0",
                        "acd_calls_abandoned_total 0.0",
                        "acd_calls_refused_total 1.0");
    }

    @Test
    void badRequestsAreProblems() {
        for (var body : new String[] {
            "{",
            "{}",
            "{\"caller\":\"\",\"skill\":\"sales\"}",
            "{\"caller\":\"+49\",\"skill\":\"a b\"}",
            "{\"caller\":\"+49\",\"skill\":\"sales\",\"tenant\":\"acme\"}"
        }) {
            assertProblem(
                    http.post()
                            .uri("/calls")
                            .contentType(MediaType.APPLICATION_JSON)
                            .body(body)
                            .exchange(),
                    400);
        }
        assertProblem(http.get().uri("/calls/42").exchange(), 400);
        assertProblem(http.get().uri("/nothing").exchange(), 404);
        assertProblem(
                http.put()
                        .uri("/agents/a%20b")
                        .contentType(MediaType.APPLICATION_JSON)
                        .body("{\"skills\":[\"sales\"]}")
                        .exchange(),
                400);
        assertProblem(post("/calls/00000000-0000-0000-0000-000000000000/answer"), 404, "CALL_NOT_FOUND");
    }

    private void logIn(String agent, String... skills) {
        http.put()
                .uri("/agents/" + agent)
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("skills", skills))
                .exchange()
                .expectStatus()
                .isOk();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> offer(String skill) {
        var body = offering(skill)
                .expectStatus()
                .isCreated()
                .expectHeader()
                .exists("Location")
                .expectBody(Map.class)
                .returnResult()
                .getResponseBody();
        return body == null ? Map.of() : body;
    }

    private RestTestClient.ResponseSpec offering(String skill) {
        return http.post()
                .uri("/calls")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("caller", "+49 30 1234", "skill", skill))
                .exchange();
    }

    private RestTestClient.ResponseSpec post(String path) {
        return http.post().uri(path).exchange();
    }

    private RestTestClient.ResponseSpec delete(String path) {
        return http.delete().uri(path).exchange();
    }

    private static void assertProblem(RestTestClient.ResponseSpec response, int status) {
        response.expectStatus().isEqualTo(status).expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    private static void assertProblem(RestTestClient.ResponseSpec response, int status, String code) {
        assertProblem(response, status);
        response.expectBody().jsonPath("$.code").isEqualTo(code);
    }
}
