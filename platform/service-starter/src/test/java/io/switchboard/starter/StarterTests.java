package io.switchboard.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"spring.cloud.zookeeper.enabled=false", "spring.application.name=starter-tests"})
class StarterTests {

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"name":"a","size":1}                | 200 |
            {"name":"a","size":                  | 400 | MALFORMED_BODY
            nonsense                             | 400 | MALFORMED_BODY
            {"name":"a","size":1} trailing       | 400 | MALFORMED_BODY
            {"name":"a","name":"b","size":1}     | 400 | MALFORMED_BODY
            {"name":"a","size":1,"colour":"red"} | 400 | UNKNOWN_FIELD
            {"name":"a","size":"1"}              | 400 | INVALID_REQUEST
            {"name":"a","size":1.5}              | 400 | INVALID_REQUEST
            {"name":"a","size":99999999999}      | 400 | INVALID_REQUEST
            {"name":"a","size":null}             | 400 | INVALID_REQUEST
            {"name":7,"size":1}                  | 400 | INVALID_REQUEST
            {"name":"a","size":-1}               | 400 | INVALID_REQUEST
            {"size":1}                           | 400 | INVALID_REQUEST
            []                                   | 400 | MALFORMED_BODY
            """)
    void aBodyIsReadStrictly(String body, int status, String code) throws Exception {
        var answer = send(request("/api/v1/things", "acme").POST(BodyPublishers.ofString(body)));

        assertThat(answer.statusCode()).isEqualTo(status);
        if (status != 200) {
            assertProblem(answer, code);
        }
    }

    @Test
    void everyInvalidFieldIsNamed() throws Exception {
        var answer =
                send(request("/api/v1/things", "acme").POST(BodyPublishers.ofString("{\"name\":\"\",\"size\":-3}")));

        assertThat(json.readTree(answer.body()).get("errors").findValuesAsString("field"))
                .containsExactlyInAnyOrder("name", "size");
        assertThat(detail(answer)).startsWith("2 fields are not valid: name ").contains("; size must be ");
    }

    @Test
    void whoNamesAnUnknownFieldIsToldTheKnownOnes() throws Exception {
        var answer = send(request("/api/v1/things", "acme")
                .POST(BodyPublishers.ofString("{\"name\":\"a\",\"size\":1,\"colour\":\"red\"}")));

        assertThat(detail(answer)).isEqualTo("There is no field 'colour'; there are name, size.");
    }

    @Test
    void anAnnouncedBodyOverTheLimitIsRefused() throws Exception {
        var answer = send(request("/api/v1/things", "acme").POST(BodyPublishers.ofString("x".repeat(300_000))));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertProblem(answer, "BODY_TOO_LARGE");
    }

    @Test
    void aBodyOfUnknownLengthOverTheLimitIsRefused() throws Exception {
        var chunked = BodyPublishers.fromPublisher(
                BodyPublishers.ofString("{\"name\":\"" + "x".repeat(300_000) + "\",\"size\":1}"));
        var answer = send(request("/api/v1/things", "acme").POST(chunked));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertProblem(answer, "BODY_TOO_LARGE");
    }

    @ParameterizedTest
    @CsvSource({"application/x-www-form-urlencoded, /api/v1/forms", "text/plain, /api/v1/lines"})
    void noOtherWayOfReadingPassesTheLimit(String type, String path) throws Exception {
        var small = send(HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer acme")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("text=short")));
        var chunked = BodyPublishers.fromPublisher(BodyPublishers.ofString("text=" + "x".repeat(300_000)));
        var large = send(HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer acme")
                .header("Content-Type", type)
                .POST(chunked));

        assertThat(small.statusCode()).isEqualTo(200);
        assertThat(large.statusCode()).isEqualTo(413);
        assertProblem(large, "BODY_TOO_LARGE");
    }

    @Test
    void theCallerComesFromTheToken() throws Exception {
        assertThat(send(request("/api/v1/me", "acme").GET()).body())
                .contains("acme")
                .contains("TENANT");
    }

    @Test
    void withoutATokenNothingIsAnswered() throws Exception {
        var answer = send(HttpRequest.newBuilder(uri("/api/v1/me")).GET());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertProblem(answer, "UNAUTHENTICATED");
        assertProblem(send(request("/api/v1/me", "nobody").GET()), "UNAUTHENTICATED");
    }

    @Test
    void aTokenThatCanNotBeCheckedNowMayCountLater() throws Exception {
        var answer = send(request("/api/v1/me", "unchecked").GET());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertProblem(answer, "UNAVAILABLE");
    }

    @Test
    void internalPathsAreForServicesOnly() throws Exception {
        assertProblem(send(request("/internal/v1/secret", "acme").GET()), "FORBIDDEN");
        assertThat(send(request("/internal/v1/secret", "service").GET()).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/unopened", "/nowhere"})
    void pathsNobodyOpenedAreNotThere(String path) throws Exception {
        var answer = send(request(path, "service").GET());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertProblem(answer, "NOT_FOUND");
        assertProblem(send(HttpRequest.newBuilder(uri(path)).GET()), "UNAUTHENTICATED");
    }

    @Test
    void figuresAreForOperatorsAndHealthIsForAll() throws Exception {
        assertProblem(send(request("/actuator/metrics", "acme").GET()), "FORBIDDEN");
        assertThat(send(HttpRequest.newBuilder(uri("/actuator/health")).GET()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatSpringRefusesIsAProblemToo() throws Exception {
        assertProblem(send(request("/api/v1/nothing-here", "acme").GET()), "NOT_FOUND");
        assertProblem(send(request("/api/v1/things/not-a-uuid", "acme").GET()), "NOT_FOUND");
        assertProblem(send(request("/api/v1/me", "acme").DELETE()), "METHOD_NOT_ALLOWED");
        assertProblem(
                send(HttpRequest.newBuilder(uri("/api/v1/things"))
                        .header("Authorization", "Bearer acme")
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("{}"))),
                "UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void whoAcceptsNothingOfWhatIsOfferedIsToldWhatIs() throws Exception {
        var answer = send(request("/api/v1/figures", "acme")
                .header("Accept", "application/json")
                .GET());

        assertThat(answer.statusCode()).isEqualTo(406);
        assertProblem(answer, "NOT_ACCEPTABLE");
        assertThat(detail(answer))
                .isEqualTo("This call answers with 'text/plain', which the header 'Accept' doesn't allow.");
    }

    @Test
    void anAddressWithNothingBehindItIsToldPlainly() throws Exception {
        assertThat(detail(send(request("/api/v1/nothing-here", "acme").GET())))
                .isEqualTo("There is nothing at '/api/v1/nothing-here'.");
    }

    /** By hand, because the JDK's client sends no such address. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/things/%00",
                "/api/v1/things/%2f",
                "/api/v1/things/%zz",
                "/api/v1/things/a|b",
                "/api/v1//things",
                "/api/v1/things;a=b"
            })
    void whatTheWebServerRefusesIsAProblemToo(String path) throws Exception {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400").contains("Content-Type: application/problem+json");
            var problem = json.readTree(answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
            assertThat(problem.path("code").asString()).isEqualTo("MALFORMED_REQUEST");
            assertThat(answer)
                    .contains("X-Request-Id: " + problem.path("requestId").asString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"kind":"TRIANGLE"}             | kind    | must be one of CIRCLE, SQUARE
            {"size":1}                      | kind    | must be one of CIRCLE, SQUARE
            {"kind":"CIRCLE","size":"big"}  | size    | must be a whole number within range
            {"kind":"CIRCLE","colour":"x"}  | colour  | must be one of RED, GREEN
            {"kind":"SQUARE"}               | name    | must not be empty
            """)
    void whatAFieldTakesIsSaidInWords(String body, String field, String message) throws Exception {
        var answer = send(request("/api/v1/shapes", "acme").POST(BodyPublishers.ofString(body)));

        assertProblem(answer, "INVALID_REQUEST");
        var error = json.readTree(answer.body()).get("errors").get(0);
        assertThat(error.path("field").asString()).isEqualTo(field);
        assertThat(error.path("message").asString()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":\"a\"}", "{\"size\":null,\"name\":\"a\"}"})
    void aNumberThatIsMissingIsSaidToBe(String body) throws Exception {
        var answer = send(request("/api/v1/things", "acme").POST(BodyPublishers.ofString(body)));

        assertProblem(answer, "INVALID_REQUEST");
        assertThat(detail(answer)).isEqualTo("1 field is not valid: size must be given.");
    }

    @Test
    void aMissingParameterIsNamed() throws Exception {
        var answer = send(request("/api/v1/search", "acme").GET());

        assertProblem(answer, "INVALID_REQUEST");
        assertThat(json.readTree(answer.body()).get("errors").findValuesAsString("field"))
                .containsExactly("text");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/search?text=%00, text",
        "/api/v1/search?text=fine&text=a%00b, text",
        "/api/v1/search?text=fine&other%00=1, other%00",
        "/api/v1/me?cursor=%00%ff, cursor"
    })
    void aParameterWithNulIsRefused(String path, String field) throws Exception {
        var answer = send(request(path, "acme").GET());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertProblem(answer, "INVALID_REQUEST");
        assertThat(json.readTree(answer.body()).at("/errors/0/field").asString())
                .isEqualTo(field);
        assertProblem(send(HttpRequest.newBuilder(uri(path)).GET()), "UNAUTHENTICATED");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"kind":"SQUARE","name":"a\\u0000b"} | name | must not hold the character NUL ('\\u0000')
            {"kind":"SQUARE","name":"a\\ud83d"}  | name | must not hold half of a surrogate pair (like '\\ud83d')
            """)
    void aTextThatCannotBeStoredIsRefused(String body, String field, String message) throws Exception {
        whatAFieldTakesIsSaidInWords(body, field, message);
    }

    @Test
    void whatOnlyLooksLikeNulIsTaken() throws Exception {
        assertThat(send(request("/api/v1/search?text=%2500", "acme").GET()).body())
                .isEqualTo("%00");
    }

    private String detail(HttpResponse<String> answer) {
        return json.readTree(answer.body()).path("detail").asString();
    }

    @Test
    void aDefectHidesItsCause() throws Exception {
        var answer = send(request("/api/v1/defect", "acme").GET());

        assertThat(answer.statusCode()).isEqualTo(500);
        assertProblem(answer, "DEFECT");
        assertThat(answer.body()).doesNotContain("hidden");
    }

    @Test
    void busyTellsWhenToComeBack() throws Exception {
        var answer = send(request("/api/v1/busy", "acme").GET());

        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertProblem(answer, "UNAVAILABLE");
    }

    private void assertProblem(HttpResponse<String> answer, String code) {
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = json.readTree(answer.body());
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("remedy").asString()).isNotBlank();
        assertThat(problem.path("requestId").asString())
                .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json");
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Things.class)
    static class App {

        /** Takes a tenant's name, or "service", for a token. */
        @Bean
        JwtDecoder tokens() {
            return token -> {
                if (token.equals("nobody")) {
                    throw new BadJwtException("unknown");
                }
                if (token.equals("unchecked")) {
                    throw new JwtException("no keys");
                }
                boolean service = token.equals("service");
                var jwt = Jwt.withTokenValue(token)
                        .header("alg", "none")
                        .subject(token)
                        .claim("roles", java.util.List.of(service ? "service" : "tenant"));
                return (service ? jwt : jwt.claim("tenant", token)).build();
            };
        }
    }

    @RestController
    static class Things {

        @PostMapping("/api/v1/things")
        Map<String, Object> create(@Valid @RequestBody Thing thing) {
            return Map.of("name", thing.name());
        }

        @GetMapping("/api/v1/things/{id}")
        Map<String, Object> thing(@PathVariable UUID id) {
            return Map.of("id", id);
        }

        @PostMapping("/api/v1/shapes")
        Shape draw(@Valid @RequestBody Shape shape) {
            return shape;
        }

        @GetMapping("/api/v1/search")
        String search(@RequestParam String text) {
            return text;
        }

        @GetMapping(path = "/api/v1/figures", produces = "text/plain")
        String figures() {
            return "1";
        }

        @PostMapping("/api/v1/forms")
        String form(@RequestParam String text) {
            return text;
        }

        @PostMapping("/api/v1/lines")
        String lines(HttpServletRequest request) throws IOException {
            return request.getReader().readLine();
        }

        @GetMapping("/api/v1/me")
        Caller me(Caller caller) {
            return caller;
        }

        @GetMapping("/unopened")
        String unopened() {
            return "hidden";
        }

        @GetMapping("/internal/v1/secret")
        String secret() {
            return "ok";
        }

        @GetMapping("/api/v1/defect")
        String defect() {
            throw new IllegalStateException("hidden");
        }

        @GetMapping("/api/v1/busy")
        String busy() {
            throw new Problem(RequestProblem.UNAVAILABLE, "The database does not answer.");
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "CIRCLE"),
        @JsonSubTypes.Type(value = Square.class, name = "SQUARE")
    })
    sealed interface Shape {}

    record Circle(@Nullable Integer size, @Nullable Colour colour) implements Shape {}

    record Square(@NotBlank String name) implements Shape {}

    enum Colour {
        RED,
        GREEN
    }

    record Thing(@NotBlank String name, @Min(0) int size) {}
}
