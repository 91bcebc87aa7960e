package io.switchboard.scheduling.measurement;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * With what a source of measurements lets us in; nothing is sent if all are absent.
 *
 * @param username for basic authentication, with the password
 * @param token for bearer authentication instead
 */
record Credentials(
        @Nullable String username,
        @Nullable String password,
        @Nullable String token) {

    static final Credentials NONE = new Credentials(null, null, null);

    /** @param timeLimit for the connection, and for each answer */
    RestClient.Builder client(Duration timeLimit) {
        var requests = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(timeLimit).build());
        requests.setReadTimeout(timeLimit);
        return RestClient.builder().requestFactory(requests).defaultHeaders(this::authenticate);
    }

    private void authenticate(HttpHeaders headers) {
        if (username != null && password != null) {
            headers.setBasicAuth(username, password, StandardCharsets.UTF_8);
        } else if (token != null) {
            headers.setBearerAuth(token);
        }
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "Credentials[%s]".formatted(username == null ? "" : username);
    }
}
