package io.switchboard.standalone.identity;

import static io.switchboard.standalone.identity.RunningIssuer.RIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The issuer as those meet it who guess, over HTTP. */
class LoginLimitTests {

    @TempDir
    Path directory;

    private RunningIssuer issuer;

    @BeforeEach
    void start() throws Exception {
        // It stands still, or a busy machine would have waited long enough between two guesses.
        issuer = new RunningIssuer(directory, Clock.fixed(Instant.now(), ZoneOffset.UTC));
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void whoGuessesAPasswordIsToldToWaitAndOthersAreNot() throws Exception {
        for (int guess = 1; guess <= 5; guess++) {
            assertThat(issuer.logIn("ada", "guess " + guess)).endsWith("/login?error");
        }

        // Not looked at: it would have been right.
        assertThat(issuer.logIn("ada", RIGHT)).matches(".*/login\\?wait=[1-9][0-9]*");
        assertThat(issuer.get("/login?wait=8").body())
                .contains("Too many wrong passwords")
                .contains("8 seconds");
        assertThat(issuer.logIn("bob", RIGHT)).doesNotContain("/login");
    }

    @Test
    void whoGuessesASecretGets429AndAMoment() throws Exception {
        assertThat(issuer.token("sbk-some-key", RIGHT).statusCode()).isEqualTo(200);
        for (int guess = 1; guess <= 5; guess++) {
            var refused = issuer.token("operator-cli", "guess " + guess);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).contains("\"error\":\"invalid_client\"");
            assertThat(issuer.token("sbk-some-key", "guess " + guess).statusCode())
                    .isEqualTo(401);
        }

        for (var client : new String[] {"operator-cli", "sbk-some-key"}) {
            var limited = issuer.token(client, RIGHT);
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.headers().firstValue("Retry-After"))
                    .hasValueSatisfying(seconds -> assertThat(seconds).matches("[1-9][0-9]*"));
            assertThat(limited.body()).contains("slow_down").contains("try again");
        }
        assertThat(issuer.token("service", "of services").statusCode()).isEqualTo(200);
        assertThat(issuer.get("/login?wait=%3Cscript%3E").statusCode()).isEqualTo(400);
    }

    /** RFC 6749, section 5.2; however the program says what it accepts. */
    @Test
    void whoNamesNoClientIsRefusedAndNotSentToALoginPage() throws Exception {
        for (var accept : new String[] {"*/*", "text/html", "application/json"}) {
            for (var endpoint : new String[] {"token", "introspect", "revoke"}) {
                var refused = issuer.send(issuer.request("/oauth2/" + endpoint)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Accept", accept)
                        .POST(BodyPublishers.ofString("grant_type=client_credentials")));

                assertThat(refused.statusCode()).as(endpoint + " for " + accept).isEqualTo(401);
                assertThat(refused.body()).contains("\"error\":\"invalid_client\"");
                assertThat(refused.headers().firstValue("WWW-Authenticate"))
                        .hasValueSatisfying(scheme -> assertThat(scheme).startsWith("Basic "));
            }
        }
        assertThat(issuer.token("operator-cli", "a guess").headers().firstValue("WWW-Authenticate"))
                .isPresent();
    }

    @Test
    void theTokenOfAUsersApiKeySaysWhoseItIs() throws Exception {
        assertThat(claims("sbk-of-kim")).contains("\"sub\":\"sbk-of-kim\"", "\"api_key_user\":\"kim\"");
        assertThat(claims("sbk-of-a-machine")).doesNotContain("api_key_user");
    }

    private String claims(String client) throws Exception {
        var token = Pattern.compile("\"access_token\":\"[^.]+\\.([^.]+)")
                .matcher(issuer.token(client, RIGHT).body());
        assertThat(token.find()).isTrue();
        return new String(Base64.getUrlDecoder().decode(token.group(1)), StandardCharsets.UTF_8);
    }
}
