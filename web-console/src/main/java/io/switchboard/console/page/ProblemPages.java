package io.switchboard.console.page;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.console.session.SignIn;
import io.switchboard.console.session.SignInNeeded;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.ProblemCode;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.MessageSource;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatusCode;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.ModelAndView;

/** Problems become pages here; services answer with problem documents, people don't read those. */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemPages {

    private static final Logger log = LoggerFactory.getLogger(ProblemPages.class);

    private final SignIn signIn;
    private final MessageSource words;
    private final LocaleResolver locales;

    ProblemPages(SignIn signIn, MessageSource words, LocaleResolver locales) {
        this.signIn = signIn;
        this.words = words;
        this.locales = locales;
    }

    @ExceptionHandler
    ModelAndView remote(RemoteProblem problem) {
        return page(ProblemPage.of(problem));
    }

    @ExceptionHandler
    ModelAndView own(Problem problem, HttpServletRequest request) {
        return page(ProblemPage.of(problem.code(), problem.detail(), requestId(request)));
    }

    @ExceptionHandler
    ModelAndView signInNeeded(SignInNeeded ended, HttpServletRequest request, HttpServletResponse response) {
        String start = signIn.again(request, response);
        if (request.getHeader("HX-Request") != null) {
            response.setHeader("HX-Refresh", "true");
            return empty(HttpStatusCode.valueOf(401));
        }
        return new ModelAndView("redirect:" + start);
    }

    /** An id that is none names nothing. */
    @ExceptionHandler
    ModelAndView noSuchAddress(MethodArgumentTypeMismatchException mistyped, HttpServletRequest request) {
        return page(words(RequestProblem.NOT_FOUND, request));
    }

    /** Spring Security answers these: with signing in, or with the page for what isn't allowed. */
    @ExceptionHandler
    ModelAndView notAllowed(AccessDeniedException denied) {
        throw denied;
    }

    @ExceptionHandler
    ModelAndView notAuthenticated(AuthenticationException failure) {
        throw failure;
    }

    @ExceptionHandler
    void nobodyListens(AsyncRequestNotUsableException gone) {
        log.debug("The browser left before the answer was sent: {}", gone.getMessage());
    }

    @ExceptionHandler
    ModelAndView anythingElse(Exception failure, HttpServletRequest request) {
        ProblemCode code = switch (failure) {
            case ErrorResponse response -> code(response.getStatusCode().value());
            // A form that Tomcat can't or won't read.
            case InvalidParameterException form -> code(form.getErrorCode());
            default -> RequestProblem.DEFECT;
        };
        if (code == RequestProblem.DEFECT) {
            log.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
        }
        return page(words(code, request));
    }

    /** The same for what failed before a controller was found; see {@link ProblemController}. */
    ModelAndView status(int status, HttpServletRequest request) {
        return page(words(code(status), request));
    }

    private ProblemPage words(ProblemCode code, HttpServletRequest request) {
        var locale = locales.resolveLocale(request);
        return new ProblemPage(
                code.status(),
                code.name(),
                words.getMessage("problem." + code.name() + ".detail", null, locale),
                words.getMessage("problem." + code.name() + ".remedy", null, locale),
                requestId(request).orElse(null));
    }

    static ProblemCode code(int status) {
        return switch (status) {
            case 400, 406, 413, 415 -> RequestProblem.INVALID_REQUEST;
            case 401 -> RequestProblem.UNAUTHENTICATED;
            case 403 -> RequestProblem.FORBIDDEN;
            case 404 -> RequestProblem.NOT_FOUND;
            case 405 -> RequestProblem.METHOD_NOT_ALLOWED;
            case 503 -> RequestProblem.UNAVAILABLE;
            default -> status < 500 ? RequestProblem.INVALID_REQUEST : RequestProblem.DEFECT;
        };
    }

    private static Optional<String> requestId(HttpServletRequest request) {
        return Optional.ofNullable(request.getAttribute("requestId")).map(String::valueOf);
    }

    private static ModelAndView empty(HttpStatusCode status) {
        ModelAndView nothing = new ModelAndView("problem/empty");
        nothing.setStatus(status);
        return nothing;
    }

    private static ModelAndView page(ProblemPage problem) {
        ModelAndView page = new ModelAndView("problem/show", "problem", problem);
        page.setStatus(HttpStatusCode.valueOf(problem.status()));
        return page;
    }
}
