package io.switchboard.samples.acd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.ports.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.web.servlet.client.RestTestClient;

/** A task as an engine starts it: a process of its own, because what was ordered comes in its environment. */
class OrderedParametersTests {

    @Test
    void whatWasOrderedHoldsUntilSomethingElseIsReleased(@TempDir Path directory) throws Exception {
        int port = FreePorts.next();
        var http = RestTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .build();
        try (var center = new TestCenter()) {
            var task = start(center, directory, port, """
                    {"acd.routing.strategy":"fewest-calls","acd.queue.name":"hotline"}""");
            try {
                await().ignoreExceptions().untilAsserted(() -> expectStrategy(http, "fewest-calls"));
                assertThat(call(http).get("skill")).isEqualTo("hotline");

                center.publish(1, Map.of("acd.routing.strategy", "skill-based"));
                await().untilAsserted(() -> expectStrategy(http, "skill-based"));
                assertThat(call(http).get("skill")).isEqualTo("hotline");

                center.publish(2, Map.of("acd.greeting", "Good evening"));
                await().untilAsserted(() -> expectStrategy(http, "fewest-calls"));
            } finally {
                task.destroyForcibly().waitFor();
            }
        }
    }

    private static Process start(TestCenter center, Path directory, int port, String parameters) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AcdApplication.class.getName(),
                "--server.port=" + port));
        command.addAll(center.arguments(directory));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("task.log").toFile());
        builder.environment().put("SWITCHBOARD_PARAMETERS", parameters);
        return builder.start();
    }

    private static void expectStrategy(RestTestClient http, String strategy) {
        http.get().uri("/").exchange().expectBody().json("{\"strategy\":\"%s\"}".formatted(strategy));
    }

    private static Map<?, ?> call(RestTestClient http) {
        var call = http.post()
                .uri("/calls")
                .body(Map.of("caller", "+49 30 1234"))
                .exchange()
                .expectBody(Map.class)
                .returnResult()
                .getResponseBody();
        return call == null ? Map.of() : call;
    }
}
