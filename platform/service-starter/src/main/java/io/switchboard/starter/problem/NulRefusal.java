package io.switchboard.starter.problem;

import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.problem.RequestProblem.FieldProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses query parameters that hold the character NUL, which PostgreSQL takes in no text. In a path the web server refuses it.
 * Not a filter, so that whoever isn't logged in is told that first.
 */
final class NulRefusal implements HandlerInterceptor {

    private static final String NUL = "%00";

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        var query = request.getQueryString();
        if (query != null && query.contains(NUL)) {
            throw RequestProblem.invalid(withNul(query));
        }
        return true;
    }

    /** As they were sent, because asking for the parameters would read a form's body. */
    private static List<FieldProblem> withNul(String query) {
        return Arrays.stream(query.split("&"))
                .filter(parameter -> parameter.contains(NUL))
                .map(parameter -> parameter.split("=", 2)[0])
                .distinct()
                .map(name -> new FieldProblem(name, "must not hold the character NUL ('" + NUL + "')"))
                .toList();
    }
}
