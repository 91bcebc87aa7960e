package io.switchboard.standalone.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.ports.FreePorts;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The issuer as those meet it who guess, over HTTP. */
class LoginLimitTests {

    private static final String RIGHT = "a right password";

    @TempDir
    Path directory;

    private final CookieManager cookies = new CookieManager();
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(cookies).build();
    private HttpServer requestService;
    private ConfigurableApplicationContext identity;
    private String address;

    @BeforeEach
    void start() throws Exception {
        requestService = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        requestService.createContext("/internal/v1/credentials/verify", exchange -> {
            var asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var valid = asked.contains(RIGHT);
            var answer = ("{\"valid\":" + valid + ",\"tenant\":\"acme\",\"roles\":[" + (valid ? "\"TENANT\"" : "") + "]"
                            + (asked.contains("sbk-of-kim") ? ",\"user\":\"kim\"" : "") + "}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        requestService.start();
        int port = FreePorts.next();
        address = "http://127.0.0.1:" + port;
        var settings = Map.of(
                "server.port", Integer.toString(port),
                "server.address", "127.0.0.1",
                "identity.issuer", address,
                "identity.directory", directory.toString(),
                "identity.request-service",
                        "http://127.0.0.1:" + requestService.getAddress().getPort(),
                "identity.console-secret", "of the console",
                "identity.console-redirects[0]", "http://127.0.0.1/login/oauth2/code/switchboard",
                "identity.service-secret", "of services",
                "identity.operator-secret", "of operators");
        identity = IdentityApplication.application()
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        identity.close();
        requestService.stop(0);
    }

    @Test
    void whoGuessesAPasswordIsToldToWaitAndOthersAreNot() throws Exception {
        for (int guess = 1; guess <= 5; guess++) {
            assertThat(logIn("ada", "guess " + guess)).endsWith("/login?error");
        }

        // Not looked at: it would have been right.
        assertThat(logIn("ada", RIGHT)).matches(".*/login\\?wait=[1-9][0-9]*");
        assertThat(get("/login?wait=8").body())
                .contains("Too many wrong passwords")
                .contains("8 seconds");
        assertThat(logIn("bob", RIGHT)).doesNotContain("/login");
    }

    @Test
    void whoGuessesASecretGets429AndAMoment() throws Exception {
        assertThat(token("sbk-some-key", RIGHT).statusCode()).isEqualTo(200);
        for (int guess = 1; guess <= 5; guess++) {
            var refused = token("operator-cli", "guess " + guess);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).contains("\"error\":\"invalid_client\"");
            assertThat(token("sbk-some-key", "guess " + guess).statusCode()).isEqualTo(401);
        }

        for (var client : new String[] {"operator-cli", "sbk-some-key"}) {
            var limited = token(client, RIGHT);
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.headers().firstValue("Retry-After"))
                    .hasValueSatisfying(seconds -> assertThat(seconds).matches("[1-9][0-9]*"));
            assertThat(limited.body()).contains("slow_down").contains("try again");
        }
        assertThat(token("service", "of services").statusCode()).isEqualTo(200);
        assertThat(get("/login?wait=%3Cscript%3E").statusCode()).isEqualTo(400);
    }

    /** RFC 6749, section 5.2; however the program says what it accepts. */
    @Test
    void whoNamesNoClientIsRefusedAndNotSentToALoginPage() throws Exception {
        for (var accept : new String[] {"*/*", "text/html", "application/json"}) {
            for (var endpoint : new String[] {"token", "introspect", "revoke"}) {
                var refused = http.send(
                        HttpRequest.newBuilder(URI.create(address + "/oauth2/" + endpoint))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Accept", accept)
                                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                                .build(),
                        BodyHandlers.ofString());

                assertThat(refused.statusCode()).as(endpoint + " for " + accept).isEqualTo(401);
                assertThat(refused.body()).contains("\"error\":\"invalid_client\"");
                assertThat(refused.headers().firstValue("WWW-Authenticate"))
                        .hasValueSatisfying(scheme -> assertThat(scheme).startsWith("Basic "));
            }
        }
        assertThat(token("operator-cli", "a guess").headers().firstValue("WWW-Authenticate"))
                .isPresent();
    }

    @Test
    void theTokenOfAUsersApiKeySaysWhoseItIs() throws Exception {
        assertThat(claims("sbk-of-kim")).contains("\"sub\":\"sbk-of-kim\"", "\"api_key_user\":\"kim\"");
        assertThat(claims("sbk-of-a-machine")).doesNotContain("api_key_user");
    }

    private String claims(String client) throws Exception {
        var token = Pattern.compile("\"access_token\":\"[^.]+\\.([^.]+)")
                .matcher(token(client, RIGHT).body());
        assertThat(token.find()).isTrue();
        return new String(Base64.getUrlDecoder().decode(token.group(1)), StandardCharsets.UTF_8);
    }

    private HttpResponse<String> token(String client, String secret) throws Exception {
        var basic = Base64.getEncoder()
                .encodeToString((client + ":" + URLEncoder.encode(secret, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8));
        return http.send(
                HttpRequest.newBuilder(URI.create(address + "/oauth2/token"))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                        .build(),
                BodyHandlers.ofString());
    }

    private String logIn(String name, String password) throws Exception {
        var field = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"")
                .matcher(get("/login").body());
        assertThat(field.find()).isTrue();
        var form = Map.of("username", name, "password", password, "_csrf", field.group(1)).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var answer = http.send(
                HttpRequest.newBuilder(URI.create(address + "/login"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.discarding());
        return answer.headers().firstValue("Location").orElse("");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString());
    }
}
