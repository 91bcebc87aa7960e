package io.switchboard.standalone.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What the issuer hands out, as its own endpoints and another service take it. */
class AccessTokenTests {

    private static final String VERIFIER = "a-verifier-that-has-at-least-forty-three-characters";

    private final JsonMapper json = new JsonMapper();

    @TempDir
    Path directory;

    private RunningIssuer issuer;
    private ServletWebServerApplicationContext service;

    @BeforeEach
    void start() throws Exception {
        issuer = new RunningIssuer(directory, Clock.systemUTC());
        service = (ServletWebServerApplicationContext) new SpringApplicationBuilder(AService.class)
                .properties(
                        // Of all libraries on this class path it needs the same few as the issuer.
                        "spring.config.name=identity",
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "switchboard.security.issuer=" + issuer.address)
                .run();
    }

    @AfterEach
    void stop() {
        service.close();
        issuer.close();
    }

    @Test
    void whoLogsInHasAnAccessTokenThatCountsAndAnIdTokenThatDoesNot() throws Exception {
        var tokens = json.readTree(tokensOfALogIn());
        var access = tokens.get("access_token").asString();
        var id = tokens.get("id_token").asString();

        // Signed by the same key, of the same issuer, with the same roles.
        assertThat(part(id, 1)).contains("\"roles\":[\"tenant\"]", "\"iss\":\"" + issuer.address + "\"");
        assertThat(part(access, 0)).contains("\"typ\":\"at+jwt\"");
        assertThat(part(id, 0)).doesNotContain("at+jwt");
        assertThat(ofService(access)).isEqualTo(200);
        assertThat(ofService(id)).isEqualTo(401);
        assertThat(ofIssuer("/userinfo", access)).isEqualTo(200);
        assertThat(ofIssuer("/userinfo", id)).isEqualTo(401);
        // A path that there isn't: the token is looked at first.
        assertThat(ofIssuer("/api/v1/none", access)).isNotEqualTo(401);
        assertThat(ofIssuer("/api/v1/none", id)).isEqualTo(401);
    }

    @Test
    void tokensOfClientsAndApiKeysAndTheIssuersOwnCount() throws Exception {
        var client = json.readTree(issuer.token("operator-cli", "of operators").body());
        var apiKey =
                json.readTree(issuer.token("sbk-of-kim", RunningIssuer.RIGHT).body());

        assertThat(ofService(client.get("access_token").asString())).isEqualTo(200);
        assertThat(ofService(apiKey.get("access_token").asString())).isEqualTo(200);
        assertThat(issuer.shown).isNotEmpty().allSatisfy(header -> {
            assertThat(header).startsWith("Bearer ");
            assertThat(ofService(header.substring("Bearer ".length()))).isEqualTo(200);
        });
    }

    private String tokensOfALogIn() throws Exception {
        var challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
        issuer.send(issuer.request("/oauth2/authorize?"
                        + RunningIssuer.form(Map.of(
                                "response_type", "code",
                                "client_id", "console",
                                "redirect_uri", RunningIssuer.CONSOLE,
                                "scope", "openid",
                                "code_challenge", challenge,
                                "code_challenge_method", "S256")))
                .header("Accept", "text/html"));
        var next = URI.create(issuer.logIn("ann", RunningIssuer.RIGHT));
        var back = issuer.send(HttpRequest.newBuilder(next).header("Accept", "text/html"))
                .headers()
                .firstValue("Location")
                .orElseThrow();
        return issuer.token(
                        "console",
                        RunningIssuer.CONSOLE_SECRET,
                        Map.of(
                                "grant_type",
                                "authorization_code",
                                "code",
                                back.replaceAll(".*[?&]code=([^&]+).*", "$1"),
                                "redirect_uri",
                                RunningIssuer.CONSOLE,
                                "code_verifier",
                                VERIFIER))
                .body();
    }

    private static String part(String token, int number) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[number]), StandardCharsets.UTF_8);
    }

    private int ofIssuer(String path, String token) throws Exception {
        return issuer.send(issuer.request(path).header("Authorization", "Bearer " + token))
                .statusCode();
    }

    private int ofService(String token) throws Exception {
        int port = Objects.requireNonNull(service.getWebServer()).getPort();
        return issuer.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/things"))
                        .header("Authorization", "Bearer " + token))
                .statusCode();
    }

    @EnableAutoConfiguration
    @RestController
    static class AService {

        @GetMapping("/api/v1/things")
        String things() {
            return "[]";
        }
    }
}
