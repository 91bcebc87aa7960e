package io.switchboard.console.config;

import io.switchboard.console.catalog.Parameter;
import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.ordering.CatalogApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Look, edit the draft, see the difference, publish. */
@Controller
@RequestMapping(Namespace.ADDRESS)
class ConfigController {

    private final CatalogApi catalog;
    private final Configurations configurations;
    private final ShowPage showing;
    private final PublishPage publishing;
    private final MessageSource words;

    ConfigController(
            CatalogApi catalog,
            Configurations configurations,
            ShowPage showing,
            PublishPage publishing,
            MessageSource words) {
        this.catalog = catalog;
        this.configurations = configurations;
        this.showing = showing;
        this.publishing = publishing;
        this.words = words;
    }

    @GetMapping
    String show(Namespace namespace, Model model) {
        return showing.show(namespace, model);
    }

    @GetMapping("/edit")
    String edit(Namespace namespace, Model model) {
        return edit(namespace, DraftForm.of(configurations.read(namespace)), null, model);
    }

    @PostMapping("/draft")
    String save(
            Namespace namespace,
            @RequestParam long revision,
            @RequestParam Map<String, String> form,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        DraftForm draft = DraftForm.of(revision, form).checked(word -> words.getMessage(word, null, locale));
        if (draft.hasFaults()) {
            response.setStatus(400);
            return edit(namespace, draft, null, model);
        }
        Map<String, @Nullable String> changes = draft.changes();
        Map<String, @Nullable String> comments = draft.comments();
        if (changes.isEmpty() && comments.isEmpty()) {
            return "redirect:" + namespace.path() + "/publish";
        }
        try {
            configurations.change(namespace, revision, changes, comments);
            return "redirect:" + namespace.path() + "/publish";
        } catch (RemoteProblem problem) {
            response.setStatus(problem.status());
            DraftForm again = problem.isConflict()
                    ? draft.onTopOf(configurations.read(namespace))
                    : draft.withFaults(byKey(problem));
            model.addAttribute("overtaken", problem.isConflict());
            return edit(namespace, again, ProblemPage.of(problem), model);
        }
    }

    private static Map<String, String> byKey(RemoteProblem problem) {
        Map<String, String> faults = new HashMap<>();
        problem.faults()
                .forEach(fault -> faults.put(fault.field().replaceFirst("^(items|comments)\\.", ""), fault.message()));
        return faults;
    }

    private String edit(Namespace namespace, DraftForm form, @Nullable ProblemPage problem, Model model) {
        model.addAttribute("namespace", namespace);
        model.addAttribute("known", form.unused(Parameter.of(namespace.instance(), catalog)));
        model.addAttribute("form", form);
        model.addAttribute("problem", problem);
        return "config/edit";
    }

    @GetMapping("/publish")
    String review(Namespace namespace, Model model) {
        return publishing.show(namespace, model);
    }

    /** All changes, or only those that were ticked, while the others wait on. */
    @PostMapping("/publish")
    String publish(
            Namespace namespace,
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
        try {
            configurations.publish(namespace, revision, message.strip(), again, override, accept, only);
            return "redirect:" + namespace.path() + "?published";
        } catch (RemoteProblem problem) {
            model.addAttribute("overtaken", problem.code().equals("STALE_REVISION"));
            return publishing.refused(problem, message, namespace, response, model);
        }
    }

    /** What going back to an earlier release changes, before it is done. */
    @GetMapping("/rollback")
    String lookBack(Namespace namespace, @RequestParam long from, @RequestParam long to, Model model) {
        return rollback(namespace, from, to, model);
    }

    @PostMapping("/rollback")
    String rollBack(
            Namespace namespace,
            @RequestParam long from,
            @RequestParam long to,
            @RequestParam(defaultValue = "") String message,
            @RequestParam long revision,
            @RequestParam(defaultValue = "false") boolean discard,
            @RequestParam(required = false) @Nullable String override,
            HttpServletResponse response,
            Model model) {
        try {
            configurations.rollBack(namespace, from, to, message.strip(), discard ? revision : null, override);
            return "redirect:" + namespace.path() + "?published";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            model.addAttribute("message", message);
            return rollback(namespace, from, to, model);
        }
    }

    private String rollback(Namespace namespace, long from, long to, Model model) {
        model.addAttribute("namespace", namespace);
        model.addAttribute("from", from);
        model.addAttribute("to", to);
        model.addAttribute("revision", configurations.read(namespace).revision());
        model.addAttribute("changes", configurations.difference(namespace, String.valueOf(from), String.valueOf(to)));
        model.addAttribute("freeze", configurations.freeze(namespace).orElse(null));
        model.addAttribute("waiting", configurations.difference(namespace, String.valueOf(to), "draft"));
        return "config/rollback";
    }

    /** Any two of what was released, what is and what waits. */
    @GetMapping("/compare")
    String compare(
            Namespace namespace,
            @RequestParam(defaultValue = "current") String from,
            @RequestParam(defaultValue = "draft") String to,
            HttpServletResponse response,
            Model model) {
        model.addAttribute("namespace", namespace);
        model.addAttribute("from", from);
        model.addAttribute("to", to);
        model.addAttribute("releases", configurations.releases(namespace));
        try {
            model.addAttribute("changes", configurations.difference(namespace, from, to));
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            model.addAttribute("changes", List.of());
        }
        return "config/compare";
    }

    /** Puts the draft back to what clients read. */
    @PostMapping("/discard")
    String discard(Namespace namespace, @RequestParam long revision) {
        NamespaceView view = configurations.read(namespace);
        Map<String, @Nullable String> back = new HashMap<>();
        Map<String, @Nullable String> said = new HashMap<>();
        List<String> encryptedNew = new ArrayList<>();
        boolean kept = false;
        for (Change change : view.changes()) {
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
        long now = encryptedNew.isEmpty() ? revision : configurations.takeOut(namespace, encryptedNew, revision);
        if (!back.isEmpty() || !said.isEmpty()) {
            configurations.change(namespace, now, back, said);
        }
        return "redirect:" + namespace.path() + (kept ? "?kept" : "");
    }
}
