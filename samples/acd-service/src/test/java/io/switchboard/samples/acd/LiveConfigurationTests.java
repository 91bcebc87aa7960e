package io.switchboard.samples.acd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

/** The application as the platform starts it, against a real ZooKeeper. */
class LiveConfigurationTests {

    private RestTestClient http = RestTestClient.bindToServer().build();

    @Test
    void aReleaseChangesStrategyAndGreetingAndLeavesCallsAlone(@TempDir Path cache) throws Exception {
        try (var center = new TestCenter()) {
            center.publish(1, Map.of("acd.routing.strategy", "longest-idle", "acd.greeting", "Good morning"));
            var arguments = new ArrayList<>(center.arguments(cache));
            arguments.addAll(List.of("--server.port=0", "--task.id=acd-1"));
            try (var task = SpringApplication.run(AcdApplication.class, arguments.toArray(String[]::new))) {
                http = RestTestClient.bindToServer()
                        .baseUrl("http://127.0.0.1:" + task.getEnvironment().getRequiredProperty("local.server.port"))
                        .build();
                expectAbout("longest-idle", "Good morning", 1);
                logIn("ann", "billing", "sales");
                logIn("cleo", "billing", "sales");
                logIn("bob", "sales");
                var before = offer("sales");
                http.post().uri("/calls/" + before.get("id") + "/answer").exchange();

                center.publish(2, Map.of("acd.routing.strategy", "skill-based", "acd.greeting", "Good evening"));
                await().untilAsserted(() -> expectAbout("skill-based", "Good evening", 2));

                assertThat(before.get("agent")).isEqualTo("ann");
                http.get()
                        .uri("/calls/" + before.get("id"))
                        .exchange()
                        .expectBody()
                        .json("{\"state\":\"TALKING\",\"agent\":\"ann\"}");
                // The longest idle would be Cleo.
                assertThat(offer("sales").get("agent")).isEqualTo("bob");
            }
        }
    }

    private void expectAbout(String strategy, String greeting, long release) {
        http.get()
                .uri("/")
                .exchange()
                .expectBody()
                .json("{\"strategy\":\"%s\",\"greeting\":\"%s\",\"release\":%d}"
                        .formatted(strategy, greeting, release));
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

    private Map<?, ?> offer(String skill) {
        var call = http.post()
                .uri("/calls")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("caller", "+49 30 1234", "skill", skill))
                .exchange()
                .expectBody(Map.class)
                .returnResult()
                .getResponseBody();
        return call == null ? Map.of() : call;
    }
}
