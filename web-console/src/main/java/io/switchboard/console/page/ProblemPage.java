package io.switchboard.console.page;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.problem.ProblemCode;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;

/**
 * What a page says when something went wrong.
 *
 * @param requestId names the request in the service's log; null if no service was asked
 */
public record ProblemPage(
        int status,
        String code,
        String detail,
        String remedy,
        @Nullable String requestId) {

    public static ProblemPage of(RemoteProblem problem) {
        return new ProblemPage(
                problem.status(),
                problem.code(),
                problem.detail(),
                problem.remedy(),
                problem.requestId().orElse(null));
    }

    /** Has the page that is about to be shown say what was refused, with the status of the refusal. */
    public static void explain(RemoteProblem problem, HttpServletResponse response, Model model) {
        response.setStatus(problem.status());
        model.addAttribute("problem", of(problem));
    }

    static ProblemPage of(ProblemCode code, String detail, Optional<String> requestId) {
        return new ProblemPage(code.status(), code.name(), detail, code.remedy(), requestId.orElse(null));
    }
}
