package io.switchboard.console.config;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.config.ApplicationsApi;
import io.switchboard.contracts.config.StagesApi;
import io.switchboard.contracts.config.StagesApi.DraftDifference;
import io.switchboard.contracts.config.StagesApi.ReplaceRequest;
import io.switchboard.contracts.config.StagesApi.SearchAnswer;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.ordering.Page;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The configuration of all that the tenant has, and had: what is where, another text everywhere, and what is left over. */
@Controller
@RequestMapping("/configuration")
class AllConfigurationController {

    private static final int INSTANCES_AT_ONCE = 100;

    private final OrdersApi orders;
    private final ApplicationsApi applications;
    private final StagesApi stages;

    AllConfigurationController(OrdersApi orders, ApplicationsApi applications, StagesApi stages) {
        this.orders = orders;
        this.applications = applications;
        this.stages = stages;
    }

    /** One change of one namespace, as the preview shows it. */
    record DifferenceRow(String name, long revision, List<ChangeRow> changes) {

        static DifferenceRow of(DraftDifference difference) {
            return new DifferenceRow(
                    String.join("/", difference.application(), difference.stage(), difference.namespace()),
                    difference.revision(),
                    difference.changes().stream().map(ChangeRow::of).toList());
        }
    }

    @GetMapping
    String all(
            @RequestParam(defaultValue = "") String text,
            @RequestParam(defaultValue = "") String after,
            @RequestParam(required = false) @Nullable Integer replaced,
            Model model) {
        Map<String, UUID> living = living();
        model.addAttribute("text", text);
        model.addAttribute("replaced", replaced);
        model.addAttribute(
                "applications",
                applications.applications(after.isEmpty() ? null : after, null, null).stream()
                        .map(view -> ApplicationRow.of(view, living.get(view.application())))
                        .toList());
        if (!text.isEmpty()) {
            SearchAnswer found = stages.search(text, null, null, null, null, null);
            List<HitRow> hits = found.hits().stream()
                    .map(hit -> HitRow.of(hit, living.get(hit.application())))
                    .toList();
            model.addAttribute("found", hits);
            model.addAttribute("replaceable", hits.stream().anyMatch(HitRow::isInDraft));
            model.addAttribute("more", found.cursor().isPresent());
        }
        return "config/all";
    }

    /** Instances by name; those that are being deleted still run. */
    private Map<String, UUID> living() {
        Map<String, UUID> living = new HashMap<>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<InstanceView> page = orders.instances(null, cursor.orElse(null), INSTANCES_AT_ONCE, null);
            page.items().stream()
                    .filter(instance -> instance.state() != InstanceView.State.DELETED)
                    .forEach(instance -> living.put(instance.name(), instance.id()));
            cursor = page.next();
        } while (cursor.isPresent());
        return living;
    }

    @PostMapping("/replacement")
    String replace(
            @RequestParam String find,
            @RequestParam(defaultValue = "") String replace,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        Map<String, Long> revisions = revisions(form);
        try {
            List<DraftDifference> changed = stages.replace(
                    new ReplaceRequest(find, replace, null, null, revisions.isEmpty() ? null : revisions), null, null);
            if (!revisions.isEmpty()) {
                return "redirect:/configuration?replaced=" + changed.size();
            }
            model.addAttribute(
                    "differences", changed.stream().map(DifferenceRow::of).toList());
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            model.addAttribute("differences", List.of());
        }
        model.addAttribute("find", find);
        model.addAttribute("replace", replace);
        return "config/replacement";
    }

    /** Fields {@code revision.APPLICATION/STAGE/NAMESPACE}, as the preview gave them. */
    private static Map<String, Long> revisions(Map<String, String> form) {
        Map<String, Long> revisions = new HashMap<>();
        form.forEach((field, value) -> {
            if (field.startsWith("revision.") && value.matches("[0-9]{1,18}")) {
                revisions.put(field.substring("revision.".length()), Long.valueOf(value));
            }
        });
        return revisions;
    }

    @GetMapping("/{application}/delete")
    String confirm(@PathVariable String application, Model model) {
        return confirm(application, false, model);
    }

    @PostMapping("/{application}/delete")
    String delete(
            @PathVariable String application,
            @RequestParam(defaultValue = "") String name,
            HttpServletResponse response,
            Model model) {
        if (!name.strip().equals(application)) {
            response.setStatus(400);
            return confirm(application, true, model);
        }
        try {
            applications.delete(application, null, null);
            return "redirect:/configuration";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return confirm(application, false, model);
        }
    }

    private static String confirm(String application, boolean otherName, Model model) {
        // Thymeleaf keeps the name "application" for itself.
        model.addAttribute("named", application);
        model.addAttribute("otherName", otherName);
        return "config/delete";
    }
}
