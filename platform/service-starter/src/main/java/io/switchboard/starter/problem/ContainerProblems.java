package io.switchboard.starter.problem;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.ProblemCode;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers what was refused before any controller was found: by the firewall of Spring Security, or by a filter. */
@RestController
class ContainerProblems implements ErrorController {

    private final ProblemResponses responses;

    ContainerProblems(ProblemResponses responses) {
        this.responses = responses;
    }

    @RequestMapping("${server.error.path:/error}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer known ? known : 404;
        responses.write(request, response, problem(status));
    }

    static Problem problem(int status) {
        ProblemCode code = status == 400 ? RequestProblem.MALFORMED_REQUEST : ProblemAdvice.code(status);
        return new Problem(
                code,
                switch (code.fault()) {
                    case CALLER ->
                        code == RequestProblem.MALFORMED_REQUEST
                                ? "The address or a header can't be read, or is none that any call has."
                                : "The request was refused with status %d before it reached any call."
                                        .formatted(status);
                    case BUSY -> "The request can't be taken at the moment.";
                    case PLATFORM -> "This request met a defect of ours.";
                });
    }
}
