package io.switchboard.starter.client;

import io.switchboard.starter.security.SecurityProperties;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClient;

/** Puts this service's own access token on each call; gets a new one shortly before the old one ends. */
final class ServiceToken implements ClientHttpRequestInterceptor {

    /** A token is replaced this long before it ends, so that none ends on its way. */
    private static final Duration EARLY = Duration.ofSeconds(30);

    /** Long enough for all who waited for an issuer that is silent, so that they don't wait one after another. */
    private static final Duration REMEMBERED = Duration.ofSeconds(1);

    private final SecurityProperties security;
    private final Clock clock;
    private final RestClient tokens;
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile @Nullable Token current;
    private @Nullable Failure failure;

    ServiceToken(SecurityProperties security, Clock clock) {
        this.security = security;
        this.clock = clock;
        var requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(Duration.ofSeconds(2));
        requests.setReadTimeout(Duration.ofSeconds(5));
        this.tokens = RestClient.builder().requestFactory(requests).build();
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        if (!security.hasClient() || request.getHeaders().containsHeader("Authorization")) {
            return execution.execute(request, body);
        }
        request.getHeaders().setBearerAuth(token());
        var response = execution.execute(request, body);
        if (response.getStatusCode().isSameCodeAs(HttpStatus.UNAUTHORIZED)) {
            // The issuer may have changed its key; the next call asks for a new token.
            current = null;
        }
        return response;
    }

    private String token() {
        var known = current;
        return (known != null && stillGood(known) ? known : renewed()).value();
    }

    /** One caller asks; the others wait for its answer, whatever it is. */
    private Token renewed() {
        renewing.lock();
        try {
            var known = current;
            if (known != null && stillGood(known)) {
                return known;
            }
            var failed = failure;
            if (failed != null && clock.instant().isBefore(failed.until())) {
                throw failed.cause();
            }
            try {
                var renewed = request();
                current = renewed;
                return renewed;
            } catch (RuntimeException e) {
                failure = new Failure(e, clock.instant().plus(REMEMBERED));
                throw e;
            }
        } finally {
            renewing.unlock();
        }
    }

    private boolean stillGood(Token token) {
        return !clock.instant().isAfter(token.until());
    }

    private Token request() {
        var form = new LinkedMultiValueMap<String, String>();
        form.add("grant_type", "client_credentials");
        var answer = tokens.post()
                .uri(security.issuer() + "/oauth2/token")
                .headers(headers -> headers.setBasicAuth(
                        Objects.requireNonNull(security.clientId()), Objects.requireNonNull(security.clientSecret())))
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(form)
                .retrieve()
                .body(Map.class);
        if (answer == null
                || !(answer.get("access_token") instanceof String value)
                || !(answer.get("expires_in") instanceof Number seconds)) {
            throw new IllegalStateException("the issuer's answer holds no access token");
        }
        return new Token(value, clock.instant().plusSeconds(seconds.longValue()).minus(EARLY));
    }

    private record Failure(RuntimeException cause, Instant until) {}

    private record Token(String value, Instant until) {

        @Override
        public String toString() {
            return "Token[until=" + until + "]";
        }
    }
}
