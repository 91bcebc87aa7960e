package io.switchboard.console.config;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.config.ReviewApi.StageRulesRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Another user's look at a draft, and whether the stage asks for it. */
@Controller
@RequestMapping(Namespace.ADDRESS)
class ReviewController {

    private final Configurations configurations;
    private final PublishPage page;

    ReviewController(Configurations configurations, PublishPage page) {
        this.configurations = configurations;
        this.page = page;
    }

    @PostMapping("/review")
    String submit(
            Namespace namespace,
            @RequestParam long revision,
            @RequestParam(defaultValue = "") String message,
            HttpServletResponse response,
            Model model) {
        return act(
                namespace, message, response, model, () -> configurations.submit(namespace, revision, message.strip()));
    }

    @PostMapping("/review/decision")
    String decide(
            Namespace namespace,
            @RequestParam long revision,
            @RequestParam boolean approved,
            @RequestParam(defaultValue = "") String message,
            HttpServletResponse response,
            Model model) {
        return act(
                namespace,
                message,
                response,
                model,
                () -> configurations.decide(namespace, revision, approved, message.strip()));
    }

    private String act(
            Namespace namespace, String message, HttpServletResponse response, Model model, Runnable action) {
        try {
            action.run();
            return "redirect:" + namespace.path() + "/publish";
        } catch (RemoteProblem problem) {
            return page.refused(problem, message, namespace, response, model);
        }
    }

    @GetMapping("/rules")
    String rules(Namespace namespace, Model model) {
        model.addAttribute("namespace", namespace);
        model.addAttribute("rules", configurations.rules(namespace));
        return "config/rules";
    }

    @PostMapping("/rules")
    String setRules(
            Namespace namespace,
            @RequestParam long version,
            @RequestParam(defaultValue = "false") boolean review,
            @RequestParam(defaultValue = "") String publishers,
            HttpServletResponse response,
            Model model) {
        try {
            configurations.setRules(namespace, new StageRulesRequest(review, names(publishers), version));
            return "redirect:" + namespace.path();
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return rules(namespace, model);
        }
    }

    /** One a line, or with commas between. */
    private static List<String> names(String typed) {
        return Stream.of(typed.split("[\\s,]+")).filter(name -> !name.isEmpty()).toList();
    }
}
