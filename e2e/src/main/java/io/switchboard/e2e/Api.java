package io.switchboard.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API with one credential; gets a new token when the old one ends. */
public final class Api {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Installation installation;
    private final String client;
    private final String secret;
    private @Nullable String token;
    private Instant until = Instant.MIN;

    public Api(Installation installation, String client, String secret) {
        this.installation = installation;
        this.client = client;
        this.secret = secret;
    }

    public static Api operator(Installation installation) {
        return new Api(installation, "operator-cli", installation.secret("operator-cli-secret"));
    }

    /** The token itself, for calls this class has no method for. */
    public synchronized String token() throws IOException, InterruptedException {
        var known = token;
        if (known == null || Instant.now().isAfter(until)) {
            var basic = Base64.getEncoder()
                    .encodeToString((encoded(client) + ":" + encoded(secret)).getBytes(StandardCharsets.UTF_8));
            var answer = send(HttpRequest.newBuilder(URI.create(installation.address("identity") + "/oauth2/token"))
                    .header("Authorization", "Basic " + basic)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("grant_type=client_credentials")));
            known = answer.expect(200).path("access_token").asString();
            until = Instant.now().plusSeconds(answer.body().path("expires_in").asLong() - 30);
            token = known;
        }
        return known;
    }

    public Answer get(String service, String path) throws IOException, InterruptedException {
        return send(request(service, path).GET());
    }

    public Answer put(String service, String path, Object body) throws IOException, InterruptedException {
        return send(request(service, path).PUT(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    public Answer post(String service, String path, Object body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = request(service, path).POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
        headers.forEach(request::header);
        return send(request);
    }

    private HttpRequest.Builder request(String service, String path) throws IOException, InterruptedException {
        return HttpRequest.newBuilder(URI.create(installation.address(service) + path))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json");
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
        var text = answer.body();
        JsonNode body = text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
        return new Answer(answer.request().uri(), answer.statusCode(), body);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** @param body an empty object where there was none */
    public record Answer(URI uri, int status, JsonNode body) {

        /** The body, if the status is as expected; otherwise a failure that tells what the platform said. */
        public JsonNode expect(int wanted) {
            if (status != wanted) {
                throw new StepFailed(uri.getPath() + " answered " + status + " instead of " + wanted + ": "
                        + body.path("detail").asString(body.toString()) + " "
                        + body.path("remedy").asString(""));
            }
            return body;
        }
    }
}
