package io.switchboard.console.config;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrdersApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Encrypted items: set, never shown. */
@Controller
@RequestMapping("/instances/{id}/configuration/secrets")
class SecretsController {

    private final OrdersApi orders;
    private final Configurations configurations;

    SecretsController(OrdersApi orders, Configurations configurations) {
        this.orders = orders;
        this.configurations = configurations;
    }

    @GetMapping
    String show(@PathVariable UUID id, Model model) {
        return page(orders.instance(id, null), model);
    }

    @PostMapping
    String set(
            @PathVariable UUID id,
            @RequestParam String key,
            @RequestParam String value,
            HttpServletResponse response,
            Model model) {
        InstanceView instance = orders.instance(id, null);
        try {
            configurations.encrypt(instance, key.strip(), value);
            return "redirect:/instances/" + id + "/configuration/publish";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            model.addAttribute("key", key);
            return page(instance, model);
        }
    }

    @PostMapping("/removal")
    String remove(@PathVariable UUID id, @RequestParam String key, HttpServletResponse response, Model model) {
        InstanceView instance = orders.instance(id, null);
        try {
            configurations.encrypt(instance, key, null);
            return "redirect:/instances/" + id + "/configuration/publish";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return page(instance, model);
        }
    }

    private String page(InstanceView instance, Model model) {
        model.addAttribute("instance", instance);
        model.addAttribute("secrets", configurations.secrets(instance));
        return "config/secrets";
    }
}
