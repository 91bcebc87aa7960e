package io.switchboard.console.config;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** The page on which a draft is reviewed, published and scheduled. */
@Component
class PublishPage {

    private final Configurations configurations;

    PublishPage(Configurations configurations) {
        this.configurations = configurations;
    }

    String show(Namespace namespace, Model model) {
        model.addAttribute("namespace", namespace);
        model.addAttribute("page", configurations.page(namespace));
        model.addAttribute("check", CheckPart.of(configurations.check(namespace)));
        return "config/publish";
    }

    /** Once more after a refusal, with the message that was typed. */
    String refused(
            RemoteProblem problem, String message, Namespace namespace, HttpServletResponse response, Model model) {
        ProblemPage.explain(problem, response, model);
        model.addAttribute("message", message);
        return show(namespace, model);
    }
}
