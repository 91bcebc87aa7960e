package io.switchboard.config.audit;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Stands before every mapping, so that none has its effect without an entry. */
@Component
class AuditInterceptor implements HandlerInterceptor {

    /** Attribute of a request that has an entry: a {@link Trail.Open}. */
    static final String ENTRY = AuditInterceptor.class.getName();

    private final Trail trail;
    private final Clock clock;

    AuditInterceptor(Trail trail, Clock clock) {
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    @SuppressWarnings("unchecked")
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!trail.isPresent()
                // Files and what isn't there have mappings too.
                || !(handler instanceof HandlerMethod)
                || request.getDispatcherType() != DispatcherType.REQUEST
                || !(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String pattern)) {
            return true;
        }
        Optional<String> action = Actions.of(request.getMethod(), pattern);
        if (action.isPresent()) {
            JwtAuthenticationToken by =
                    Call.by(SecurityContextHolder.getContext().getAuthentication());
            if (by == null) {
                throw new Problem(RequestProblem.UNAUTHENTICATED, "This call needs an access token.");
            }
            Map<String, String> variables =
                    request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> found
                            ? (Map<String, String>) found
                            : Map.of();
            request.setAttribute(ENTRY, trail.begin(Call.of(request, by, action.get(), variables, clock.instant())));
        }
        return true;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (request.getAttribute(ENTRY) instanceof Trail.Open open) {
            int status = failure == null ? response.getStatus() : HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
            trail.end(open, Result.of(status, RefusalFilter.code(request)));
        }
    }
}
