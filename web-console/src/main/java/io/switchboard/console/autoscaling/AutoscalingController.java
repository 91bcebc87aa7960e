package io.switchboard.console.autoscaling;

import io.switchboard.console.order.Faults;
import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.scheduling.AutoscalingApi;
import jakarta.servlet.http.HttpServletResponse;
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

@Controller
@RequestMapping("/instances/{id}/autoscaling")
class AutoscalingController {

    private static final int DECISIONS = 50;

    private final OrdersApi orders;
    private final AutoscalingApi autoscaling;
    private final MessageSource words;

    AutoscalingController(OrdersApi orders, AutoscalingApi autoscaling, MessageSource words) {
        this.orders = orders;
        this.autoscaling = autoscaling;
        this.words = words;
    }

    @GetMapping
    String show(@PathVariable UUID id, Model model) {
        var view = autoscaling.autoscaling(id, null);
        return page(id, AutoscalingInput.of(view), Faults.none(), model);
    }

    @PostMapping
    String save(
            @PathVariable UUID id,
            @RequestParam Map<String, String> form,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        var typed = AutoscalingInput.of(form);
        var faults = typed.faults(word -> words.getMessage(word, null, locale));
        if (!faults.isEmpty()) {
            response.setStatus(400);
            return page(id, typed, faults, model);
        }
        try {
            autoscaling.autoscale(id, typed.request(), null);
            return "redirect:/instances/" + id + "/autoscaling";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return page(id, typed, Faults.of(problem, AutoscalingInput.FIELDS), model);
        }
    }

    private String page(UUID id, AutoscalingInput input, Faults faults, Model model) {
        model.addAttribute("instance", orders.instance(id, null));
        model.addAttribute("autoscaling", autoscaling.autoscaling(id, null));
        model.addAttribute("decisions", autoscaling.decisions(id, DECISIONS, null));
        model.addAttribute("modes", AutoscalingApi.Mode.values());
        model.addAttribute("input", input);
        model.addAttribute("faults", faults);
        return "autoscaling/show";
    }
}
