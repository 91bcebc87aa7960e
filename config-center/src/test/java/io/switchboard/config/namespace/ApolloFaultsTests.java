package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What gave Apollo's clients too much is tried on the config center ({@code docs/explanation/lessons-from-others-vulnerabilities.md}). */
class ApolloFaultsTests {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Center center = Center.get();
    private final Desk desk = Desk.next("apollo-faults");

    ApolloFaultsTests() throws Exception {}

    @Test
    @DisplayName("CVE-2026-59954: no spelling of an application's name gets past its credential, on no way to read")
    void noSpellingOfANameGetsPastACredential() throws Exception {
        desk.release(Map.of("a", "secret-of-apollo-faults"));
        Desk other = Desk.next("apollo-faults");
        JsonNode others = other.access();
        other.release(Map.of("a", "another's"));
        String secret = others.get("SWITCHBOARD_CONFIG_SECRET").asString();
        String user = "acme." + desk.application();

        for (String spelling : List.of(
                user,
                user + "/",
                user + " ",
                " " + user,
                user + "\u0000",
                user.toUpperCase(Locale.ROOT),
                "acme." + other.application() + "/../" + desk.application(),
                "acme." + desk.application() + "%2F",
                "acme.." + desk.application())) {
            for (String read : List.of(
                    "/delivery/v1/prod",
                    "/delivery/v1/prod/",
                    "/delivery/v1/prod?namespaces=application",
                    "/delivery/v1/prod/events",
                    "/delivery/v1/prod/application")) {
                assertThat(status(read, basic(spelling, secret)))
                        .as("%s of '%s'", read, spelling)
                        .isIn(400, 401, 404);
            }
        }
    }

    @Test
    @DisplayName("CVE-2025-32781: a release is asked for below its owner, never by its number alone")
    void aReleaseIsItsOwners() throws Exception {
        desk.release(Map.of("a", "1"));

        for (String what : List.of("/releases/1", "/draft/diff", "/releases")) {
            String path = desk.namespace() + what;
            assertThat(center.get(path + "?tenant=acme", GLOBEX).status())
                    .as(path)
                    .isEqualTo(404);
            assertThat(center.get(path, GLOBEX).body().toString()).doesNotContain("\"1\"");
        }
        assertThat(center.get(desk.namespace() + "/releases/1", GLOBEX).status())
                .isEqualTo(404);
        assertThat(center.get(desk.namespace() + "/releases/1", ACME).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("Apollo #5442: a stage has one name, and no other leads to it")
    void aStageHasOneName() throws Exception {
        desk.release(Map.of("a", "1"));

        for (String alias : List.of("PROD", "Prod", "pro", "prod%20", "prod.", "production")) {
            var answer =
                    center.get("/api/v1/config/" + desk.application() + "/" + alias + "/application/releases", ACME);
            assertThat(answer.status() >= 400 || answer.body().isEmpty())
                    .as(alias)
                    .isTrue();
        }
    }

    private int status(String path, String authorization) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(center.uri(path))
                                .header("Authorization", authorization)
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static String basic(String user, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }
}
