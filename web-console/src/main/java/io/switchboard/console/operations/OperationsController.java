package io.switchboard.console.operations;

import io.switchboard.console.instance.DeploymentPart;
import io.switchboard.console.order.OrderRow;
import io.switchboard.console.page.Tone;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.ordering.TenantsApi;
import io.switchboard.contracts.scheduling.SchedulerApi;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What operators see of all tenants. */
@Controller
@RequestMapping("/ops")
class OperationsController {

    private static final int ROWS = 50;

    /** What needs a person first, then what moves, then what is well. */
    private static final Comparator<DeploymentPart> BY_NEED = Comparator.comparing((DeploymentPart deployment) ->
                    List.of(Tone.BAD, Tone.BUSY, Tone.GOOD, Tone.QUIET).indexOf(deployment.tone()))
            .thenComparing(DeploymentPart::tenant)
            .thenComparing(DeploymentPart::instanceName);

    private final OrdersApi orders;
    private final SchedulerApi scheduler;
    private final TenantsApi tenants;

    OperationsController(OrdersApi orders, SchedulerApi scheduler, TenantsApi tenants) {
        this.orders = orders;
        this.scheduler = scheduler;
        this.tenants = tenants;
    }

    @GetMapping
    String deployments(@RequestParam(required = false) @Nullable String tenant, Model model) {
        String wanted = blankToNull(tenant);
        List<DeploymentPart> all = scheduler.deployments(null).stream()
                .map(DeploymentPart::of)
                .filter(deployment -> wanted == null || deployment.tenant().equals(wanted))
                .sorted(BY_NEED)
                .toList();
        model.addAttribute("deployments", all);
        model.addAttribute("summary", FleetSummary.of(all));
        model.addAttribute("tenant", wanted);
        return "operations/index";
    }

    @GetMapping("/orders")
    String orders(
            @RequestParam(required = false) @Nullable String tenant,
            @RequestParam(required = false) @Nullable OrderState state,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        String wanted = blankToNull(tenant);
        var page = orders.orders(wanted, null, state, blankToNull(cursor), ROWS, null);
        model.addAttribute("rows", page.items().stream().map(OrderRow::of).toList());
        model.addAttribute("next", page.next().orElse(null));
        model.addAttribute("tenant", wanted);
        model.addAttribute("state", state);
        model.addAttribute("states", OrderState.values());
        return "operations/orders";
    }

    @GetMapping("/tenants")
    String tenants(Model model) {
        model.addAttribute("tenants", tenants.tenants());
        return "operations/tenants";
    }

    private static @Nullable String blankToNull(@Nullable String typed) {
        return Optional.ofNullable(typed)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElse(null);
    }
}
