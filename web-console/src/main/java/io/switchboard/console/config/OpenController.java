package io.switchboard.console.config;

import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrdersApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The way to a namespace: the one that tasks read, or one by its name. */
@Controller
@RequestMapping("/instances/{id}/configuration")
class OpenController {

    private final OrdersApi orders;
    private final Neighbours neighbours;

    OpenController(OrdersApi orders, Neighbours neighbours) {
        this.orders = orders;
        this.neighbours = neighbours;
    }

    @GetMapping
    String main(@PathVariable UUID id) {
        return "redirect:" + Namespace.path(id, Namespace.MAIN_STAGE, Namespace.MAIN);
    }

    /** Goes where it says, also to what isn't there yet; asks again for what can't be a name. */
    @GetMapping("/open")
    String open(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable String stage,
            @RequestParam(defaultValue = "") String namespace,
            HttpServletResponse response,
            Model model) {
        InstanceView instance = orders.instance(id, null);
        String inStage = stage == null ? Namespace.MAIN_STAGE : stage.strip();
        String name = namespace.strip();
        boolean isStage = Namespace.isStage(inStage);
        if (stage != null && isStage && name.isEmpty()) {
            return "redirect:" + neighbours.first(instance, inStage).path();
        }
        if (stage != null && isStage && Namespace.isName(name)) {
            return "redirect:" + new Namespace(instance, inStage, name).path();
        }
        if (stage != null) {
            response.setStatus(400);
            model.addAttribute("wrong", isStage ? "namespace" : "stage");
        }
        Namespace.addPatterns(model);
        model.addAttribute("instance", instance);
        model.addAttribute("stage", inStage);
        model.addAttribute("name", name);
        return "config/open";
    }
}
