package io.switchboard.console.config;

import io.switchboard.console.catalog.Parameter;
import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.ordering.CatalogApi;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrdersApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Look, edit the draft, see the difference, publish. */
@Controller
@RequestMapping("/instances/{id}/configuration")
class ConfigController {

    private static final int SCHEDULED_SHOWN = 10;

    private final OrdersApi orders;
    private final CatalogApi catalog;
    private final Configurations configurations;
    private final PublishPage publishing;
    private final MessageSource words;

    ConfigController(
            OrdersApi orders,
            CatalogApi catalog,
            Configurations configurations,
            PublishPage publishing,
            MessageSource words) {
        this.orders = orders;
        this.catalog = catalog;
        this.configurations = configurations;
        this.publishing = publishing;
        this.words = words;
    }

    @GetMapping
    String show(@PathVariable UUID id, Model model) {
        InstanceView instance = orders.instance(id, null);
        model.addAttribute("instance", instance);
        model.addAttribute("page", configurations.page(instance));
        model.addAttribute("inherited", configurations.inherited(instance));
        model.addAttribute("canary", configurations.canary(instance).orElse(null));
        model.addAttribute(
                "scheduled",
                configurations.scheduled(instance).stream()
                        .limit(SCHEDULED_SHOWN)
                        .toList());
        return "config/show";
    }

    @GetMapping("/edit")
    String edit(@PathVariable UUID id, Model model) {
        InstanceView instance = orders.instance(id, null);
        return edit(instance, DraftForm.of(configurations.read(instance)), null, model);
    }

    @PostMapping("/draft")
    String save(
            @PathVariable UUID id,
            @RequestParam long revision,
            @RequestParam Map<String, String> form,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        InstanceView instance = orders.instance(id, null);
        DraftForm draft = DraftForm.of(revision, form).checked(word -> words.getMessage(word, null, locale));
        if (draft.hasFaults()) {
            response.setStatus(400);
            return edit(instance, draft, null, model);
        }
        Map<String, @Nullable String> changes = draft.changes();
        Map<String, @Nullable String> comments = draft.comments();
        if (changes.isEmpty() && comments.isEmpty()) {
            return "redirect:/instances/" + id + "/configuration/publish";
        }
        try {
            configurations.change(instance, revision, changes, comments);
            return "redirect:/instances/" + id + "/configuration/publish";
        } catch (RemoteProblem problem) {
            response.setStatus(problem.status());
            DraftForm again = problem.isConflict()
                    ? draft.onTopOf(configurations.read(instance))
                    : draft.withFaults(byKey(problem));
            model.addAttribute("overtaken", problem.isConflict());
            return edit(instance, again, ProblemPage.of(problem), model);
        }
    }

    private static Map<String, String> byKey(RemoteProblem problem) {
        Map<String, String> faults = new HashMap<>();
        problem.faults()
                .forEach(fault -> faults.put(fault.field().replaceFirst("^(items|comments)\\.", ""), fault.message()));
        return faults;
    }

    private String edit(InstanceView instance, DraftForm form, @Nullable ProblemPage problem, Model model) {
        model.addAttribute("instance", instance);
        model.addAttribute("known", form.unused(Parameter.of(instance, catalog)));
        model.addAttribute("form", form);
        model.addAttribute("problem", problem);
        return "config/edit";
    }

    @GetMapping("/publish")
    String review(@PathVariable UUID id, Model model) {
        return publishing.show(orders.instance(id, null), model);
    }

    /** All changes, or only those that were ticked, while the others wait on. */
    @PostMapping("/publish")
    String publish(
            @PathVariable UUID id,
            @RequestParam long revision,
            @RequestParam(defaultValue = "") String message,
            @RequestParam(defaultValue = "false") boolean again,
            @RequestParam(required = false) @Nullable String override,
            @RequestParam(required = false) @Nullable String accept,
            @RequestParam(defaultValue = "false") boolean part,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        // As a parameter of its own a key with commas would be several.
        Set<String> only = part ? Set.copyOf(form.getOrDefault("only", List.of())) : null;
        InstanceView instance = orders.instance(id, null);
        try {
            configurations.publish(instance, revision, message.strip(), again, override, accept, only);
            return "redirect:/instances/" + id + "/configuration?published";
        } catch (RemoteProblem problem) {
            model.addAttribute("overtaken", problem.code().equals("STALE_REVISION"));
            return publishing.refused(problem, message, instance, response, model);
        }
    }

    /** What going back to an earlier release changes, before it is done. */
    @GetMapping("/rollback")
    String lookBack(@PathVariable UUID id, @RequestParam long from, @RequestParam long to, Model model) {
        return rollback(orders.instance(id, null), from, to, model);
    }

    @PostMapping("/rollback")
    String rollBack(
            @PathVariable UUID id,
            @RequestParam long from,
            @RequestParam long to,
            @RequestParam(defaultValue = "") String message,
            @RequestParam long revision,
            @RequestParam(defaultValue = "false") boolean discard,
            @RequestParam(required = false) @Nullable String override,
            HttpServletResponse response,
            Model model) {
        InstanceView instance = orders.instance(id, null);
        try {
            configurations.rollBack(instance, from, to, message.strip(), discard ? revision : null, override);
            return "redirect:/instances/" + id + "/configuration?published";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            model.addAttribute("message", message);
            return rollback(instance, from, to, model);
        }
    }

    private String rollback(InstanceView instance, long from, long to, Model model) {
        model.addAttribute("instance", instance);
        model.addAttribute("from", from);
        model.addAttribute("to", to);
        model.addAttribute("revision", configurations.read(instance).revision());
        model.addAttribute("changes", configurations.difference(instance, String.valueOf(from), String.valueOf(to)));
        model.addAttribute("freeze", configurations.freeze(instance).orElse(null));
        model.addAttribute("waiting", configurations.difference(instance, String.valueOf(to), "draft"));
        return "config/rollback";
    }

    /** Any two of what was released, what is and what waits. */
    @GetMapping("/compare")
    String compare(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "current") String from,
            @RequestParam(defaultValue = "draft") String to,
            HttpServletResponse response,
            Model model) {
        InstanceView instance = orders.instance(id, null);
        model.addAttribute("instance", instance);
        model.addAttribute("from", from);
        model.addAttribute("to", to);
        model.addAttribute("releases", configurations.releases(instance));
        try {
            model.addAttribute("changes", configurations.difference(instance, from, to));
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            model.addAttribute("changes", List.of());
        }
        return "config/compare";
    }

    /** Puts the draft back to what clients read. */
    @PostMapping("/discard")
    String discard(@PathVariable UUID id, @RequestParam long revision) {
        InstanceView instance = orders.instance(id, null);
        NamespaceView namespace = configurations.read(instance);
        Map<String, @Nullable String> back = new HashMap<>();
        Map<String, @Nullable String> said = new HashMap<>();
        List<String> encryptedNew = new ArrayList<>();
        boolean kept = false;
        for (Change change : namespace.changes()) {
            if (change.comment().isPresent() && change.before().isPresent()) {
                said.put(change.key(), change.comment().get().before().orElse(null));
            }
            if (change.before().equals(change.after())) {
                continue;
            }
            if (change.encrypted().isEmpty()) {
                back.put(change.key(), change.before().orElse(null));
            } else if (change.before().isEmpty()) {
                encryptedNew.add(change.key());
            } else {
                // What was encrypted can't be given back by anybody here.
                kept = true;
            }
        }
        long now = encryptedNew.isEmpty() ? revision : configurations.takeOut(instance, encryptedNew, revision);
        if (!back.isEmpty() || !said.isEmpty()) {
            configurations.change(instance, now, back, said);
        }
        return "redirect:/instances/" + id + "/configuration" + (kept ? "?kept" : "");
    }
}
