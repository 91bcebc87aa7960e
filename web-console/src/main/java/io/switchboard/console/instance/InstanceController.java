package io.switchboard.console.instance;

import io.switchboard.console.catalog.Parameter;
import io.switchboard.console.instance.InstancePage.Looked;
import io.switchboard.console.order.OrderRow;
import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.scheduling.SchedulerApi;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

@Controller
class InstanceController {

    private static final int ROWS = 20;

    private final OrdersApi orders;
    private final SchedulerApi scheduler;
    private final CatalogApi catalog;

    InstanceController(OrdersApi orders, SchedulerApi scheduler, CatalogApi catalog) {
        this.orders = orders;
        this.scheduler = scheduler;
        this.catalog = catalog;
    }

    @GetMapping("/instances/{id}")
    String show(@PathVariable UUID id, Model model) {
        var instance = orders.instance(id, null);
        Looked<DeploymentPart> deployment = look(() -> DeploymentPart.of(scheduler.deployment(id, null)));
        Looked<List<OrderRow>> placed = look(() -> orders.orders(null, id, null, null, ROWS, null).items().stream()
                .map(OrderRow::of)
                .toList());
        model.addAttribute("page", InstancePage.of(instance, Parameter.of(instance, catalog), deployment, placed));
        return "instance/show";
    }

    private static <T> Looked<T> look(Supplier<T> question) {
        try {
            return new Looked<>(question.get(), null);
        } catch (RemoteProblem problem) {
            return new Looked<>(null, problem.isNotFound() ? null : ProblemPage.of(problem));
        }
    }
}
