package io.switchboard.console.config;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.config.ReviewApi.StageRulesRequest;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrdersApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Another user's look at a draft, and whether the stage asks for it. */
@Controller
@RequestMapping("/instances/{id}/configuration")
class ReviewController {

    private final OrdersApi orders;
    private final Configurations configurations;
    private final PublishPage page;

    ReviewController(OrdersApi orders, Configurations configurations, PublishPage page) {
        this.orders = orders;
        this.configurations = configurations;
        this.page = page;
    }

    @PostMapping("/review")
    String submit(
            @PathVariable UUID id,
            @RequestParam long revision,
            @RequestParam(defaultValue = "") String message,
            HttpServletResponse response,
            Model model) {
        return act(
                id, message, response, model, instance -> configurations.submit(instance, revision, message.strip()));
    }

    @PostMapping("/review/decision")
    String decide(
            @PathVariable UUID id,
            @RequestParam long revision,
            @RequestParam boolean approved,
            @RequestParam(defaultValue = "") String message,
            HttpServletResponse response,
            Model model) {
        return act(
                id,
                message,
                response,
                model,
                instance -> configurations.decide(instance, revision, approved, message.strip()));
    }

    private String act(
            UUID id, String message, HttpServletResponse response, Model model, Consumer<InstanceView> action) {
        InstanceView instance = orders.instance(id, null);
        try {
            action.accept(instance);
            return "redirect:/instances/" + id + "/configuration/publish";
        } catch (RemoteProblem problem) {
            return page.refused(problem, message, instance, response, model);
        }
    }

    @GetMapping("/rules")
    String rules(@PathVariable UUID id, Model model) {
        return rules(orders.instance(id, null), model);
    }

    @PostMapping("/rules")
    String setRules(
            @PathVariable UUID id,
            @RequestParam long version,
            @RequestParam(defaultValue = "false") boolean review,
            @RequestParam(defaultValue = "") String publishers,
            HttpServletResponse response,
            Model model) {
        InstanceView instance = orders.instance(id, null);
        try {
            configurations.setRules(instance, new StageRulesRequest(review, names(publishers), version));
            return "redirect:/instances/" + id + "/configuration";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return rules(instance, model);
        }
    }

    /** One a line, or with commas between. */
    private static List<String> names(String typed) {
        return Stream.of(typed.split("[\\s,]+")).filter(name -> !name.isEmpty()).toList();
    }

    private String rules(InstanceView instance, Model model) {
        model.addAttribute("instance", instance);
        model.addAttribute("rules", configurations.rules(instance));
        return "config/rules";
    }
}
