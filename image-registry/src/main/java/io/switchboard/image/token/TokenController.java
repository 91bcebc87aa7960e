package io.switchboard.image.token;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClientException;

/**
 * The registry's token server. Answers in the registry's own form, errors too, because docker, skopeo and containerd
 * show people only that one.
 */
@RestController
class TokenController {

    private static final Logger log = LoggerFactory.getLogger(TokenController.class);

    private final Login login;
    private final RegistryTokens tokens;
    private final TokenProperties properties;

    TokenController(Login login, RegistryTokens tokens, TokenProperties properties) {
        this.login = login;
        this.tokens = tokens;
        this.properties = properties;
    }

    /** Parameters are taken from the request as they are: Spring would cut a scope at its commas. */
    @GetMapping("/token")
    ResponseEntity<Object> token(HttpServletRequest request) {
        if (!List.of(properties.service()).equals(parameters(request, "service"))) {
            return error(HttpStatus.BAD_REQUEST, "INVALID_SERVICE", "service must be " + properties.service());
        }
        List<Scope> asked;
        try {
            asked = Scope.parse(parameters(request, "scope"));
        } catch (Scope.MalformedScope e) {
            return error(HttpStatus.BAD_REQUEST, "INVALID_SCOPE", String.valueOf(e.getMessage()));
        }
        var basic = BasicCredential.of(request.getHeader(HttpHeaders.AUTHORIZATION));
        if (basic.isEmpty()) {
            return unauthorized();
        }
        return answer(basic.get(), asked, request.getRemoteAddr());
    }

    private ResponseEntity<Object> answer(BasicCredential basic, List<Scope> asked, String address) {
        try {
            return switch (login.check(basic.name(), basic.secret(), address)) {
                case Login.Outcome.Valid(Holder holder) ->
                    ResponseEntity.ok()
                            .header(HttpHeaders.CACHE_CONTROL, "no-store")
                            .body(TokenView.of(tokens.issue(basic.name(), holder.grant(asked))));
                case Login.Outcome.Invalid invalid -> unauthorized();
                case Login.Outcome.TooManyFailures(Duration delay) ->
                    error(
                            HttpStatus.TOO_MANY_REQUESTS,
                            Optional.of(delay),
                            "TOOMANYREQUESTS",
                            "too many wrong passwords");
            };
        } catch (RestClientException | IllegalStateException e) {
            // An unknown service name is an IllegalStateException of the load balancer.
            log.warn("credentials can't be checked: {}", e.getMessage());
            return error(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    Optional.of(Duration.ofSeconds(5)),
                    "UNAVAILABLE",
                    "credentials can't be checked now");
        }
    }

    private static List<String> parameters(HttpServletRequest request, String name) {
        var values = request.getParameterValues(name);
        return values == null ? List.of() : List.of(values);
    }

    private static ResponseEntity<Object> unauthorized() {
        return ResponseEntity.status(HttpStatus.UNAUTHORIZED)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"switchboard registry\", charset=\"UTF-8\"")
                .body(Errors.of("UNAUTHORIZED", "log in with an API key (id and secret) or as a user"));
    }

    private static ResponseEntity<Object> error(HttpStatus status, String code, String message) {
        return error(status, Optional.empty(), code, message);
    }

    private static ResponseEntity<Object> error(
            HttpStatus status, Optional<Duration> wait, String code, String message) {
        var answer = ResponseEntity.status(status);
        wait.ifPresent(time -> answer.header(HttpHeaders.RETRY_AFTER, Long.toString(time.toSeconds() + 1)));
        return answer.body(Errors.of(code, message));
    }

    record TokenView(
            String token,
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("expires_in") long expiresIn,
            @JsonProperty("issued_at") Instant issuedAt) {

        static TokenView of(RegistryTokens.Token token) {
            return new TokenView(token.value(), token.value(), token.lifetime().toSeconds(), token.issuedAt());
        }

        @Override
        public String toString() {
            return "TokenView[" + issuedAt + "]";
        }
    }

    record Errors(List<Entry> errors) {

        static Errors of(String code, String message) {
            return new Errors(List.of(new Entry(code, message)));
        }

        record Entry(String code, String message) {}
    }
}
