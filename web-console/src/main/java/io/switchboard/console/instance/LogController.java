package io.switchboard.console.instance;

import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.scheduling.SchedulerApi;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** What a task wrote last; the page follows it while it is open. */
@Controller
class LogController {

    private static final int LINES = 500;

    private final OrdersApi orders;
    private final SchedulerApi scheduler;

    LogController(OrdersApi orders, SchedulerApi scheduler) {
        this.orders = orders;
        this.scheduler = scheduler;
    }

    @GetMapping("/instances/{id}/tasks/{task}/log")
    String show(@PathVariable UUID id, @PathVariable String task, Model model) {
        model.addAttribute("instance", orders.instance(id, null));
        model.addAttribute("log", scheduler.log(id, task, LINES, null));
        return "instance/log";
    }
}
