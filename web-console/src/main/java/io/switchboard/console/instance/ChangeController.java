package io.switchboard.console.instance;

import io.switchboard.console.order.Faults;
import io.switchboard.console.order.LoadInput;
import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.console.rollout.TrialInput;
import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderRequest;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.scheduling.SchedulerApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Extend, upgrade, restart, delete: a page that says what will happen, then an order. */
@Controller
class ChangeController {

    private final OrdersApi orders;
    private final CatalogApi catalog;
    private final SchedulerApi scheduler;
    private final MessageSource words;

    ChangeController(OrdersApi orders, CatalogApi catalog, SchedulerApi scheduler, MessageSource words) {
        this.orders = orders;
        this.catalog = catalog;
        this.scheduler = scheduler;
        this.words = words;
    }

    @GetMapping("/instances/{id}/extend")
    String extend(@PathVariable UUID id, Model model) {
        InstanceView instance = orders.instance(id, null);
        return extend(instance, LoadInput.of(instance.loadProfile()), Faults.none(), newKey(), model);
    }

    @PostMapping("/instances/{id}/extend")
    String extend(
            @PathVariable UUID id,
            @RequestParam String key,
            @RequestParam Map<String, String> form,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        LoadInput typed = LoadInput.of(form);
        Optional<LoadProfile> load = typed.profile();
        if (load.isEmpty()) {
            response.setStatus(400);
            Faults faults = typed.faults(word -> words.getMessage(word, null, locale));
            return extend(orders.instance(id, null), typed, faults, key, model);
        }
        try {
            return placed(key, new OrderRequest.Extend(id, load.get()));
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return extend(
                    orders.instance(id, null), typed, Faults.of(problem, LoadInput.FIELDS), next(key, problem), model);
        }
    }

    private static String extend(InstanceView instance, LoadInput load, Faults faults, String key, Model model) {
        model.addAttribute("instance", instance);
        model.addAttribute("load", load);
        model.addAttribute("faults", faults);
        model.addAttribute("traffic", load.profile().orElse(null));
        model.addAttribute("key", key);
        return "instance/extend";
    }

    @GetMapping("/instances/{id}/upgrade")
    String upgrade(@PathVariable UUID id, Model model) {
        return upgrade(id, TrialInput.none(), Faults.none(), newKey(), model);
    }

    @PostMapping("/instances/{id}/upgrade")
    String upgrade(
            @PathVariable UUID id,
            @RequestParam String key,
            @RequestParam Map<String, String> form,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        TrialInput trial = TrialInput.of(form);
        Faults faults = trial.faults(word -> words.getMessage(word, null, locale));
        if (!faults.isEmpty()) {
            response.setStatus(400);
            return upgrade(id, trial, faults, key, model);
        }
        try {
            return placed(key, new OrderRequest.Upgrade(id, trial.canary().orElse(null)));
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return upgrade(id, trial, Faults.of(problem, TrialInput.FIELDS), next(key, problem), model);
        }
    }

    private String upgrade(UUID id, TrialInput trial, Faults faults, String key, Model model) {
        InstanceView instance = orders.instance(id, null);
        Looked<String> runs = Looked.at(() -> scheduler.deployment(id, null).image());
        Looked<String> offered = Looked.at(
                () -> catalog.serviceType(instance.serviceType()).image().orElse(null));
        model.addAttribute("instance", instance);
        model.addAttribute("runs", runs.found());
        model.addAttribute("offered", offered.found());
        model.addAttribute("trial", trial);
        model.addAttribute("faults", faults);
        model.addAttribute("key", key);
        return "instance/upgrade";
    }

    @GetMapping("/instances/{id}/restart")
    String restart(@PathVariable UUID id, Model model) {
        return ask("instance/restart", id, newKey(), model);
    }

    @PostMapping("/instances/{id}/restart")
    String restart(@PathVariable UUID id, @RequestParam String key, HttpServletResponse response, Model model) {
        try {
            return placed(key, new OrderRequest.Restart(id));
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return ask("instance/restart", id, next(key, problem), model);
        }
    }

    @GetMapping("/instances/{id}/delete")
    String delete(@PathVariable UUID id, Model model) {
        model.addAttribute("faults", Faults.none());
        return ask("instance/delete", id, newKey(), model);
    }

    @PostMapping("/instances/{id}/delete")
    String delete(
            @PathVariable UUID id,
            @RequestParam String key,
            @RequestParam(defaultValue = "") String name,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        model.addAttribute("faults", Faults.none());
        if (!orders.instance(id, null).name().equals(name.strip())) {
            response.setStatus(400);
            String fault = words.getMessage("delete.other-name", null, locale);
            model.addAttribute("faults", new Faults(Map.of("name", fault), List.of()));
            return ask("instance/delete", id, key, model);
        }
        try {
            return placed(key, new OrderRequest.Delete(id));
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return ask("instance/delete", id, next(key, problem), model);
        }
    }

    private String ask(String page, UUID id, String key, Model model) {
        model.addAttribute("instance", orders.instance(id, null));
        model.addAttribute("key", key);
        return page;
    }

    private String placed(String key, OrderRequest order) {
        var answer = orders.place(key, order, null).getBody();
        return "redirect:/orders/"
                + Objects.requireNonNull(answer, "an accepted order has a body").id();
    }

    /** A refused order was not stored, so the next try is another order; after silence it may be the same one. */
    private static String next(String key, RemoteProblem problem) {
        return problem.isRefusal() ? newKey() : key;
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }
}
