package io.switchboard.console.config;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrdersApi;
import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Releases that are to be made later. */
@Controller
@RequestMapping("/instances/{id}/configuration/schedule")
class ScheduleController {

    private final OrdersApi orders;
    private final Configurations configurations;
    private final PublishPage page;

    ScheduleController(OrdersApi orders, Configurations configurations, PublishPage page) {
        this.orders = orders;
        this.configurations = configurations;
        this.page = page;
    }

    @PostMapping
    String schedule(
            @PathVariable UUID id,
            @RequestParam long revision,
            @RequestParam String schedule,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime at,
            @RequestParam(defaultValue = "") String message,
            @RequestParam(defaultValue = "false") boolean again,
            @RequestParam(required = false) @Nullable String override,
            HttpServletResponse response,
            Model model) {
        InstanceView instance = orders.instance(id, null);
        try {
            // The form's own name: sent twice, it is one release; cancelled, the next form's is another.
            configurations.schedule(
                    instance,
                    schedule,
                    configurations.toSchedule(
                            at.toInstant(ZoneOffset.UTC), revision, message.strip(), again, override));
            return "redirect:/instances/" + id + "/configuration";
        } catch (RemoteProblem problem) {
            return page.refused(problem, message, instance, response, model);
        }
    }

    @PostMapping("/{release}/cancel")
    String cancel(@PathVariable UUID id, @PathVariable String release) {
        configurations.cancel(orders.instance(id, null), release);
        return "redirect:/instances/" + id + "/configuration";
    }
}
