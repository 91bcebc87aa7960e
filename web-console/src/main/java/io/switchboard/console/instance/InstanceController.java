package io.switchboard.console.instance;

import io.switchboard.console.catalog.Parameter;
import io.switchboard.console.order.OrderRow;
import io.switchboard.console.rollout.RolloutPart;
import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.scheduling.RolloutsApi;
import io.switchboard.contracts.scheduling.SchedulerApi;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

@Controller
class InstanceController {

    private static final int ROWS = 20;

    private final OrdersApi orders;
    private final SchedulerApi scheduler;
    private final RolloutsApi rollouts;
    private final CatalogApi catalog;

    InstanceController(OrdersApi orders, SchedulerApi scheduler, RolloutsApi rollouts, CatalogApi catalog) {
        this.orders = orders;
        this.scheduler = scheduler;
        this.rollouts = rollouts;
        this.catalog = catalog;
    }

    @GetMapping("/instances/{id}")
    String show(@PathVariable UUID id, Model model) {
        var instance = orders.instance(id, null);
        Looked<DeploymentPart> deployment = Looked.at(() -> DeploymentPart.of(scheduler.deployment(id, null)));
        Looked<RolloutPart> rollout = Looked.at(() -> RolloutPart.of(rollouts.rollout(id, null)));
        Looked<List<OrderRow>> placed = Looked.at(() -> orders.orders(null, id, null, null, ROWS, null).items().stream()
                .map(OrderRow::of)
                .toList());
        model.addAttribute(
                "page", InstancePage.of(instance, Parameter.of(instance, catalog), deployment, rollout, placed));
        return "instance/show";
    }
}
