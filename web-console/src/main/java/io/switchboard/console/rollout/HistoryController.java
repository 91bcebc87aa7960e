package io.switchboard.console.rollout;

import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.scheduling.RolloutsApi;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What happened to an instance beside its orders, and why. */
@Controller
class HistoryController {

    private static final int MOST = 1_000;

    private final OrdersApi orders;
    private final RolloutsApi rollouts;

    HistoryController(OrdersApi orders, RolloutsApi rollouts) {
        this.orders = orders;
        this.rollouts = rollouts;
    }

    @GetMapping("/instances/{id}/history")
    String show(@PathVariable UUID id, @RequestParam(defaultValue = "100") int limit, Model model) {
        var entries = rollouts.history(id, limit, null);
        model.addAttribute("instance", orders.instance(id, null));
        model.addAttribute("entries", entries);
        model.addAttribute("more", entries.size() == limit && limit < MOST ? MOST : null);
        return "rollout/history";
    }
}
