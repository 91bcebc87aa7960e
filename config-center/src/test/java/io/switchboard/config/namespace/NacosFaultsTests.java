package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.namespace.Center.Answer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What let strangers into Nacos is tried on the config center ({@code docs/explanation/lessons-from-others-vulnerabilities.md}). */
class NacosFaultsTests {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Center center = Center.get();
    private final Desk desk = Desk.next("nacos-faults");

    NacosFaultsTests() throws Exception {}

    /** By hand, because the JDK's client sends no such addresses. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "//", ";a=b", "/.", "/x/..", "%2e", "%2F", "%00", "?tenant=acme", "#", ".json", "\\"})
    @DisplayName("CVE-2021-29441: neither a header nor a way to write the path stands for a token")
    void noHeaderAndNoSpellingStandsForAToken(String ending) throws Exception {
        String answer = raw("GET " + desk.namespace() + ending + " HTTP/1.1\r\nHost: localhost\r\n"
                + "User-Agent: Nacos-Server\r\nserverIdentity: security\r\nX-Forwarded-For: 127.0.0.1\r\n"
                + "X-Original-URL: /actuator/health\r\nX-HTTP-Method-Override: OPTIONS\r\n");

        assertThat(answer).matches("(?s)HTTP/1\\.1 40[01] .*");
    }

    @Test
    @DisplayName("CVE-2021-29442: no path that anybody maps answers without a token")
    void noMappedPathAnswersWithoutAToken() throws Exception {
        Set<String> calls = new LinkedHashSet<>();
        // It knows what is mapped once it was asked for something.
        center.get(desk.namespace(), ACME);
        for (HandlerMapping mappings :
                Objects.requireNonNull(center.bean(DispatcherServlet.class).getHandlerMappings())) {
            if (mappings instanceof RequestMappingHandlerMapping mapped) {
                mapped.getHandlerMethods().keySet().forEach(mapping -> calls.addAll(calls(mapping)));
            }
        }
        assertThat(calls).hasSizeGreaterThan(50);

        for (String call : calls) {
            String[] parts = call.split(" ");
            assertThat(center.send(parts[0], parts[1], null, null).status())
                    .as(call)
                    .isEqualTo(401);
        }
        for (String path : new String[] {"/derby", "/h2-console", "/console", "/actuator/env", "/actuator/heapdump"}) {
            assertThat(center.send("GET", path, null, null).status()).as(path).isEqualTo(401);
            assertThat(center.send("GET", path, ACME, null).status()).as(path).isIn(403, 404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/yaml",
                "application/xml",
                "application/cbor",
                "application/x-jackson-smile",
                "application/x-java-serialized-object",
                "application/x-hessian"
            })
    @DisplayName("CVE-2021-43116 and the Hessian calls of 2023: a body is JSON, and nothing else makes objects of it")
    void aBodyIsJsonAndNothingElse(String type) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/draft/items"))
                .header("Authorization", "Bearer " + ACME)
                .header("Content-Type", type)
                .PUT(BodyPublishers.ofString("{\"items\":{\"a\":\"1\"}}"))
                .build();

        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    @DisplayName("GHSA-4gr7-qw2q-jxh6: what a parameter says comes back as JSON only, never as a page")
    void whatAParameterSaysIsNoPage() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(center.uri("/api/v1/config-archives") + "?of=%3Cscript%3Ealert(1)%3C/script%3E"))
                .header("Authorization", "Bearer " + ACME)
                .header("Accept", "text/html,*/*")
                .build();

        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    @DisplayName("Nacos #15661: a search finds nothing of others, whatever it looks like")
    void aSearchIsText() throws Exception {
        desk.release(Map.of("a", "needle-of-nacos-faults"));

        Answer found = center.get("/api/v1/config-search?text=needle-of-nacos-faults", Center.GLOBEX);

        assertThat(found.body().toString()).doesNotContain(desk.application());
    }

    private static List<String> calls(RequestMappingInfo mapping) {
        return mapping.getPatternValues().stream()
                .flatMap(path -> mapping.getMethodsCondition().getMethods().stream()
                        .map(method -> method + " " + path.replaceAll("\\{[^}]*}", "x")))
                .toList();
    }

    private URI uri(String more) {
        return center.uri(desk.namespace() + more);
    }

    private String raw(String head) throws IOException {
        try (var socket = new Socket("127.0.0.1", uri("").getPort())) {
            socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
