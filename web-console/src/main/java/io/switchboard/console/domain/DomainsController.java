package io.switchboard.console.domain;

import io.switchboard.console.order.Faults;
import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.DomainsApi;
import io.switchboard.contracts.access.DomainsApi.DomainRequest;
import io.switchboard.contracts.ordering.OrdersApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Claims domains for an instance, says what DNS must show for each, and looks whether it does. */
@Controller
@RequestMapping("/instances/{id}/domains")
class DomainsController {

    private final OrdersApi orders;
    private final AccessApi routes;
    private final DomainsApi domains;

    DomainsController(OrdersApi orders, AccessApi routes, DomainsApi domains) {
        this.orders = orders;
        this.routes = routes;
        this.domains = domains;
    }

    @GetMapping
    String show(@PathVariable UUID id, Model model) {
        return page(id, Asked.NOTHING, Faults.none(), model);
    }

    /** What the form holds. */
    record Asked(String domain, String path) {

        static final Asked NOTHING = new Asked("", "");
    }

    @PostMapping
    String claim(
            @PathVariable UUID id,
            @RequestParam String domain,
            @RequestParam(defaultValue = "") String path,
            @RequestParam(defaultValue = "") String port,
            HttpServletResponse response,
            Model model) {
        var asked = new Asked(domain.strip(), path.strip());
        try {
            domains.claim(id, asked.domain(), new DomainRequest(said(port), said(asked.path())), null);
            return "redirect:/instances/" + id + "/domains";
        } catch (RemoteProblem problem) {
            var faults = Faults.of(problem, Set.of("domain", "path", "port"));
            if (faults.isEmpty()) {
                ProblemPage.explain(problem, response, model);
            } else {
                response.setStatus(problem.status());
            }
            return page(id, asked, faults, model);
        }
    }

    private static @Nullable String said(String text) {
        return text.isEmpty() ? null : text;
    }

    @PostMapping("/check")
    String check(@PathVariable UUID id, @RequestParam String domain, HttpServletResponse response, Model model) {
        return change(id, () -> domains.check(id, domain, null), response, model);
    }

    @PostMapping("/deletion")
    String delete(@PathVariable UUID id, @RequestParam String domain, HttpServletResponse response, Model model) {
        return change(id, () -> domains.delete(id, domain, null), response, model);
    }

    private String change(UUID id, Runnable change, HttpServletResponse response, Model model) {
        try {
            change.run();
            return "redirect:/instances/" + id + "/domains";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return page(id, Asked.NOTHING, Faults.none(), model);
        }
    }

    private String page(UUID id, Asked asked, Faults faults, Model model) {
        model.addAttribute("instance", orders.instance(id, null));
        model.addAttribute(
                "ports",
                routes.route(id, null).addresses().stream()
                        .map(address -> address.port())
                        .distinct()
                        .toList());
        model.addAttribute(
                "domains",
                domains.domains(null).stream()
                        .filter(view -> view.instanceId().equals(id))
                        .map(DomainRow::of)
                        .toList());
        model.addAttribute("events", domains.history(id, null));
        model.addAttribute("asked", asked);
        model.addAttribute("faults", faults);
        return "domain/show";
    }
}
