package io.switchboard.console.rollout;

import io.switchboard.console.order.Faults;
import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.scheduling.RolloutsApi;
import io.switchboard.contracts.scheduling.RolloutsApi.RollbackRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What ran before, and running it again. */
@Controller
@RequestMapping("/instances/{id}/revisions")
class RevisionsController {

    private final OrdersApi orders;
    private final RolloutsApi rollouts;
    private final MessageSource words;

    RevisionsController(OrdersApi orders, RolloutsApi rollouts, MessageSource words) {
        this.orders = orders;
        this.rollouts = rollouts;
        this.words = words;
    }

    @GetMapping
    String index(@PathVariable UUID id, Model model) {
        model.addAttribute("instance", orders.instance(id, null));
        model.addAttribute("revisions", revisions(id));
        return "rollout/revisions";
    }

    @GetMapping("/{number}/run")
    String run(@PathVariable UUID id, @PathVariable long number, Model model) {
        return ask(id, number, TrialInput.none(), Faults.none(), model);
    }

    @PostMapping("/{number}/run")
    String run(
            @PathVariable UUID id,
            @PathVariable long number,
            @RequestParam Map<String, String> form,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        TrialInput trial = TrialInput.of(form);
        Faults faults = trial.faults(word -> words.getMessage(word, null, locale));
        if (!faults.isEmpty()) {
            response.setStatus(400);
            return ask(id, number, trial, faults, model);
        }
        try {
            var request = new RollbackRequest(number, trial.canary().orElse(null));
            if (rollouts.rollBack(id, request, null).underWay()) {
                return "redirect:/instances/" + id + "#rollout";
            }
            model.addAttribute("same", true);
            return ask(id, number, trial, faults, model);
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return ask(id, number, trial, Faults.of(problem, TrialInput.FIELDS), model);
        }
    }

    private String ask(UUID id, long number, TrialInput trial, Faults faults, Model model) {
        model.addAttribute("instance", orders.instance(id, null));
        model.addAttribute("number", number);
        model.addAttribute(
                "revision",
                revisions(id).stream()
                        .filter(one -> one.number() == number)
                        .findFirst()
                        .orElse(null));
        model.addAttribute("trial", trial);
        model.addAttribute("faults", faults);
        return "rollout/run";
    }

    private List<RevisionRow> revisions(UUID id) {
        return rollouts.revisions(id, null).stream().map(RevisionRow::of).toList();
    }
}
