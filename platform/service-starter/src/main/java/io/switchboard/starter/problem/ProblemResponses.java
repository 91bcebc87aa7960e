package io.switchboard.starter.problem;

import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.ProblemCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/** A problem in its wire form. */
public final class ProblemResponses {

    /** Attribute of a request under which the code stands that it was answered with, for whoever keeps a record of calls. */
    private static final String CODE = "problemCode";

    /** Seconds a caller waits before it repeats a call that met {@link Fault#BUSY}. */
    private static final String RETRY_AFTER = "2";

    private final JsonMapper json;

    ProblemResponses(JsonMapper json) {
        this.json = json;
    }

    static ProblemDetail detail(Problem problem, HttpServletRequest request) {
        ProblemCode code = problem.code();
        request.setAttribute(CODE, code.name());
        var detail = ProblemDetail.forStatusAndDetail(HttpStatus.valueOf(code.status()), problem.detail());
        detail.setTitle(code.title());
        detail.setProperty("code", code.name());
        detail.setProperty("fault", code.fault().name());
        detail.setProperty("remedy", code.remedy());
        if (request.getAttribute(RequestIdFilter.KEY) instanceof String id) {
            detail.setProperty("requestId", id);
        }
        problem.properties().forEach(detail::setProperty);
        return detail;
    }

    static HttpHeaders headers(ProblemCode code) {
        var headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (code.fault() == Fault.BUSY) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
        }
        return headers;
    }

    /** Writes the problem as the whole answer, for filters that stand before the controllers. */
    public void write(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        response.setStatus(problem.code().status());
        headers(problem.code()).forEach((name, values) -> values.forEach(value -> response.setHeader(name, value)));
        json.writeValue(response.getOutputStream(), detail(problem, request));
    }
}
