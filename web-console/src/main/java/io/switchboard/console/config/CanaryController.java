package io.switchboard.console.config;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.config.CanaryApi.Choice;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrdersApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Drafts that some clients get first. */
@Controller
@RequestMapping("/instances/{id}/configuration/canary")
class CanaryController {

    private final OrdersApi orders;
    private final Configurations configurations;
    private final PublishPage page;

    CanaryController(OrdersApi orders, Configurations configurations, PublishPage page) {
        this.orders = orders;
        this.configurations = configurations;
        this.page = page;
    }

    @PostMapping
    String start(
            @PathVariable UUID id,
            @RequestParam long revision,
            @RequestParam String canary,
            @RequestParam String by,
            @RequestParam(defaultValue = "") String who,
            @RequestParam(defaultValue = "") String message,
            @RequestParam(defaultValue = "false") boolean again,
            @RequestParam(required = false) @Nullable String override,
            @RequestParam(required = false) @Nullable String accept,
            HttpServletResponse response,
            Model model) {
        InstanceView instance = orders.instance(id, null);
        try {
            // The form's own name: sent twice, it is one canary.
            configurations.startCanary(
                    instance, canary, revision, choice(by, who.strip()), message.strip(), again, override, accept);
            return back(id);
        } catch (RemoteProblem problem) {
            model.addAttribute("by", by);
            model.addAttribute("who", who);
            return page.refused(problem, message, instance, response, model);
        }
    }

    @PostMapping("/{canary}/choice")
    String choose(
            @PathVariable UUID id,
            @PathVariable String canary,
            @RequestParam String by,
            @RequestParam(defaultValue = "") String who) {
        configurations.chooseForCanary(orders.instance(id, null), canary, choice(by, who.strip()));
        return back(id);
    }

    @PostMapping("/{canary}/promotion")
    String promote(@PathVariable UUID id, @PathVariable String canary) {
        configurations.promoteCanary(orders.instance(id, null), canary);
        return back(id);
    }

    @PostMapping("/{canary}/abandonment")
    String abandon(@PathVariable UUID id, @PathVariable String canary, @RequestParam(defaultValue = "") String reason) {
        configurations.abandonCanary(orders.instance(id, null), canary, reason.strip());
        return back(id);
    }

    /** What can't be understood is left out, and the config center says what is missing. */
    private static Choice choice(String by, String who) {
        return switch (by) {
            case "percent" ->
                who.matches("[0-9]{1,3}") ? Choice.ofPercent(Integer.parseInt(who)) : new Choice(null, null, null);
            case "label" -> Choice.ofLabel(who);
            default ->
                Choice.ofInstances(Arrays.stream(who.split("[,\\s]+"))
                        .filter(name -> !name.isEmpty())
                        .toList());
        };
    }

    private static String back(UUID id) {
        return "redirect:/instances/" + id + "/configuration#canary";
    }
}
