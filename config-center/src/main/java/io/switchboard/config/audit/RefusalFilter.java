package io.switchboard.config.audit;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Writes down what was refused before it came to a mapping: for the roles of who sent it, or because there is no such call. Who isn't known
 * has no entry; anybody could fill the audit with those.
 */
final class RefusalFilter extends OncePerRequestFilter {

    private final Trail trail;
    private final Clock clock;

    RefusalFilter(Trail trail, Clock clock) {
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        int status = response.getStatus();
        JwtAuthenticationToken by = by(request);
        if (by != null
                && status >= 400
                && status < 500
                && trail.isPresent()
                && request.getAttribute(AuditInterceptor.ENTRY) == null) {
            Actions.Match meant = Actions.meant(request.getMethod(), request.getRequestURI());
            if (Actions.changes(request.getMethod()) || !meant.action().equals(Actions.UNKNOWN)) {
                trail.refused(
                        Call.of(request, by, meant.action(), meant.variables(), clock.instant()),
                        Result.of(status, code(request)));
            }
        }
    }

    /** The security filters have forgotten it by now, but for the request. */
    private static @Nullable JwtAuthenticationToken by(HttpServletRequest request) {
        Object context = request.getAttribute(RequestAttributeSecurityContextRepository.DEFAULT_REQUEST_ATTR_NAME);
        return context instanceof SecurityContext known ? Call.by(known.getAuthentication()) : null;
    }

    /** Of the problem that was the answer. */
    static @Nullable String code(HttpServletRequest request) {
        return request.getAttribute("problemCode") instanceof String code ? code : null;
    }
}
