package io.switchboard.console.config;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** The page that says what is in a namespace, and on which its canary is given to others, promoted or abandoned. */
@Component
class ShowPage {

    private static final int SCHEDULED_SHOWN = 10;

    private final Configurations configurations;
    private final Neighbours neighbours;

    ShowPage(Configurations configurations, Neighbours neighbours) {
        this.configurations = configurations;
        this.neighbours = neighbours;
    }

    String show(Namespace namespace, Model model) {
        model.addAttribute("namespace", namespace);
        Namespace.addPatterns(model);
        model.addAttribute("chooser", neighbours.chooser(namespace));
        model.addAttribute("page", configurations.page(namespace));
        model.addAttribute("effective", configurations.effective(namespace));
        model.addAttribute("canary", configurations.canary(namespace).orElse(null));
        model.addAttribute(
                "scheduled",
                configurations.scheduled(namespace).stream()
                        .limit(SCHEDULED_SHOWN)
                        .toList());
        return "config/show";
    }

    /** Once more after a refusal. */
    String refused(RemoteProblem problem, Namespace namespace, HttpServletResponse response, Model model) {
        ProblemPage.explain(problem, response, model);
        return show(namespace, model);
    }
}
