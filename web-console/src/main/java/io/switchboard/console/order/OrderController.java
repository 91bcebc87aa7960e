package io.switchboard.console.order;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.console.session.Viewer;
import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrderRequest;
import io.switchboard.contracts.ordering.OrderView;
import io.switchboard.contracts.ordering.OrdersApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@Controller
class OrderController {

    private static final int ROWS = 50;

    /** As many as a page of the request service holds at most. */
    private static final int MOST_OTHERS = 200;

    /** How often the page loads itself again where no script follows the events. */
    private static final int SECONDS_WITHOUT_SCRIPT = 5;

    private final OrdersApi orders;
    private final CatalogApi catalog;
    private final LiveOrders live;
    private final MessageSource words;

    OrderController(OrdersApi orders, CatalogApi catalog, LiveOrders live, MessageSource words) {
        this.orders = orders;
        this.catalog = catalog;
        this.live = live;
        this.words = words;
    }

    @GetMapping("/orders")
    String index(@RequestParam(required = false) @Nullable String cursor, Model model) {
        var page = orders.orders(null, null, null, cursor, ROWS, null);
        model.addAttribute("rows", page.items().stream().map(OrderRow::of).toList());
        model.addAttribute("next", page.next().orElse(null));
        return "order/index";
    }

    @GetMapping("/orders/new")
    String form(
            @RequestParam(required = false) @Nullable String serviceType,
            @RequestParam Map<String, String> form,
            Model model) {
        if (serviceType == null) {
            return "redirect:/catalog";
        }
        var type = catalog.serviceType(serviceType);
        boolean begun = form.containsKey("key");
        OpenForm shown = begun ? OpenForm.withAnotherPlan(type, form) : OpenForm.empty(type, form.get("plan"));
        return form(shown, Faults.none(), null, model);
    }

    /** What the typed load means, while it is being typed. */
    @GetMapping("/orders/traffic")
    String traffic(@RequestParam Map<String, String> form, Model model) {
        model.addAttribute("traffic", LoadInput.of(form).profile().orElse(null));
        return "order/_traffic :: traffic";
    }

    @PostMapping("/orders")
    String place(
            @RequestParam String serviceType,
            @RequestParam Map<String, String> form,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        OpenForm filled = OpenForm.filled(catalog.serviceType(serviceType), form);
        Optional<OrderRequest.Open> order = filled.order();
        if (order.isEmpty()) {
            response.setStatus(400);
            return form(filled, filled.faults(key -> words.getMessage(key, null, locale)), null, model);
        }
        try {
            return "redirect:/orders/" + placed(filled.key(), order.get()).id();
        } catch (RemoteProblem problem) {
            response.setStatus(problem.status());
            // A refused order was not stored, so the corrected one is another; after silence it may be the same one.
            OpenForm again = problem.isRefusal() ? filled.withNewKey() : filled;
            return form(again, Faults.of(problem, filled.fields()), ProblemPage.of(problem), model);
        }
    }

    private OrderView placed(String key, OrderRequest order) {
        return Objects.requireNonNull(orders.place(key, order, null).getBody(), "an accepted order has a body");
    }

    private String form(OpenForm form, Faults faults, @Nullable ProblemPage problem, Model model) {
        model.addAttribute("form", form);
        model.addAttribute("load", form.load());
        model.addAttribute("faults", faults);
        model.addAttribute("problem", problem);
        model.addAttribute("traffic", form.load().profile().orElse(null));
        model.addAttribute("others", others());
        return "order/new";
    }

    /** What a new instance of the viewer's tenant can depend on. */
    private List<InstanceView> others() {
        boolean ofOneTenant = Viewer.current().flatMap(Viewer::tenant).isPresent();
        return ofOneTenant
                ? orders.instances(null, null, MOST_OTHERS, null).items().stream()
                        .filter(OpenForOrders::is)
                        .sorted(Comparator.comparing(InstanceView::name))
                        .toList()
                : List.of();
    }

    @GetMapping("/orders/{id}")
    String show(@PathVariable UUID id, Model model) {
        OrderPage order = OrderPage.of(orders.order(id, null));
        model.addAttribute("order", order);
        if (!order.isEnded()) {
            model.addAttribute("refresh", SECONDS_WITHOUT_SCRIPT);
        }
        return "order/show";
    }

    /** The part of the order's page that moves. */
    @GetMapping("/orders/{id}/progress")
    String progress(@PathVariable UUID id, Model model) {
        model.addAttribute("order", OrderPage.of(orders.order(id, null)));
        return "order/_progress :: progress";
    }

    /** @param after sequence of the last entry that the page shows; a reconnecting browser sends a later one itself */
    @GetMapping("/orders/{id}/events")
    SseEmitter events(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "0") int after,
            @RequestHeader(value = "Last-Event-ID", required = false) @Nullable String last) {
        return live.follow(id, last != null ? last : String.valueOf(after));
    }
}
