package io.switchboard.standalone.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** What a client reads whose credentials weren't taken: RFC 6749, section 5.2, and 429 for who guesses. */
final class ClientRefusal implements AuthenticationFailureHandler, AuthenticationEntryPoint {

    /** Who sends no credentials at all. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException none)
            throws IOException {
        onAuthenticationFailure(request, response, new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT));
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        var error = failure instanceof OAuth2AuthenticationException oauth
                ? oauth.getError().getErrorCode()
                : "invalid_request";
        var status = switch (error) {
            case "invalid_client" -> HttpStatus.UNAUTHORIZED;
            case "temporarily_unavailable" -> HttpStatus.SERVICE_UNAVAILABLE;
            case GuardedClientLogin.SLOW_DOWN -> HttpStatus.TOO_MANY_REQUESTS;
            default -> HttpStatus.BAD_REQUEST;
        };
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        var description = switch (status) {
            case TOO_MANY_REQUESTS -> {
                var seconds =
                        ((OAuth2AuthenticationException) failure).getError().getDescription();
                response.setHeader(HttpHeaders.RETRY_AFTER, seconds);
                yield "too many wrong secrets came for this client; wait " + seconds + " seconds and try again";
            }
            case SERVICE_UNAVAILABLE -> "credentials can't be checked now; try again";
            case UNAUTHORIZED -> {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"switchboard\"");
                yield "the client is not named or not known, or its secret is wrong";
            }
            default -> "the client's credentials are not sent as RFC 6749 says";
        };
        response.getWriter().write("{\"error\":\"" + error + "\",\"error_description\":\"" + description + "\"}");
    }
}
