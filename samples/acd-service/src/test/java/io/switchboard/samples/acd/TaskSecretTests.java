package io.switchboard.samples.acd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.servlet.client.RestTestClient;

/** A task that the platform gave a secret. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"task.secret=only-in-this-test-run", "calls.port=0"})
class TaskSecretTests {

    private final RestTestClient http;

    TaskSecretTests(@LocalServerPort int port) {
        http = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer ", "Bearer only-in-this-test-ru", "Basic only-in-this-test-run"})
    void nobodyElseAsksOrDrainsIt(String shown) {
        for (var path : new String[] {"/switchboard/drain", "/switchboard/quality"}) {
            http.get()
                    .uri(path)
                    .header("Authorization", shown)
                    .exchange()
                    .expectStatus()
                    .isUnauthorized()
                    .expectHeader()
                    .valueEquals("WWW-Authenticate", "Bearer")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("UNAUTHENTICATED");
        }
        http.post()
                .uri("/switchboard/drain")
                .header("Authorization", shown)
                .exchange()
                .expectStatus()
                .isUnauthorized();
        asked().expectBody().jsonPath("$.draining").isEqualTo(false);
    }

    @Test
    void thePlatformMayAskIt() {
        asked().expectStatus().isOk();
    }

    private RestTestClient.ResponseSpec asked() {
        return http.get()
                .uri("/switchboard/drain")
                .header("Authorization", "Bearer only-in-this-test-run")
                .exchange();
    }
}
