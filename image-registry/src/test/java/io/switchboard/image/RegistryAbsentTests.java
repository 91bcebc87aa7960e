package io.switchboard.image;

import io.switchboard.ports.FreePorts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

/** A machine where the registry isn't installed. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        useMainMethod = SpringBootTest.UseMainMethod.ALWAYS,
        properties = "image.registry.program=no-such-registry")
@Import(Surroundings.class)
class RegistryAbsentTests {

    private RestTestClient http = RestTestClient.bindToServer().build();

    @DynamicPropertySource
    static void surroundings(DynamicPropertyRegistry properties) {
        Surroundings.describe(properties, FreePorts.next());
    }

    @BeforeEach
    void connect(@LocalServerPort int port) {
        http = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/images", "/internal/v1/pull-credential?repository=acme/app"})
    void answersSayWhatToInstall(String path) {
        http.get()
                .uri(path)
                .header(HttpHeaders.AUTHORIZATION, "Bearer service")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("REGISTRY_ABSENT")
                .jsonPath("$.detail")
                .isEqualTo("The program 'no-such-registry' is not installed.");
    }

    @Test
    void theServiceItselfIsHealthy() {
        http.get().uri("/actuator/health").exchange().expectStatus().isOk();
    }
}
