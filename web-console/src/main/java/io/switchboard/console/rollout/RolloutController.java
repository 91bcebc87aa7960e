package io.switchboard.console.rollout;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.scheduling.RolloutsApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** A hand on what is under way. What is refused is explained beside how far it is. */
@Controller
@RequestMapping("/instances/{id}")
class RolloutController {

    private final OrdersApi orders;
    private final RolloutsApi rollouts;

    RolloutController(OrdersApi orders, RolloutsApi rollouts) {
        this.orders = orders;
        this.rollouts = rollouts;
    }

    @GetMapping("/rollout")
    String show(@PathVariable UUID id, Model model) {
        return page("rollout/show", id, model);
    }

    @PostMapping("/rollout/pause")
    String pause(@PathVariable UUID id, HttpServletResponse response, Model model) {
        return intervene(id, () -> rollouts.pause(id, null), response, model);
    }

    @PostMapping("/rollout/resume")
    String resume(@PathVariable UUID id, HttpServletResponse response, Model model) {
        return intervene(id, () -> rollouts.resume(id, null), response, model);
    }

    @GetMapping("/rollout/abort")
    String abort(@PathVariable UUID id, Model model) {
        return page("rollout/abort", id, model);
    }

    @PostMapping("/rollout/abort")
    String abort(@PathVariable UUID id, HttpServletResponse response, Model model) {
        return intervene(id, () -> rollouts.abort(id, null), response, model);
    }

    @PostMapping("/rollout/promote")
    String promote(@PathVariable UUID id, HttpServletResponse response, Model model) {
        return intervene(id, () -> rollouts.promote(id, null), response, model);
    }

    @GetMapping("/rollout/force")
    String force(@PathVariable UUID id, Model model) {
        return page("rollout/force", id, model);
    }

    @PostMapping("/rollout/force")
    String force(@PathVariable UUID id, HttpServletResponse response, Model model) {
        return intervene(id, () -> rollouts.force(id, null), response, model);
    }

    @PostMapping("/tasks/{task}/restart")
    String replace(@PathVariable UUID id, @PathVariable String task, HttpServletResponse response, Model model) {
        return intervene(id, () -> rollouts.restart(id, task, null), response, model);
    }

    private String intervene(UUID id, Runnable intervention, HttpServletResponse response, Model model) {
        try {
            intervention.run();
            return "redirect:/instances/" + id + "#rollout";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return page("rollout/show", id, model);
        }
    }

    private String page(String page, UUID id, Model model) {
        model.addAttribute("instance", orders.instance(id, null));
        model.addAttribute("rollout", RolloutPart.of(rollouts.rollout(id, null)));
        return page;
    }
}
