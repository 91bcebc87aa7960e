package io.switchboard.console.config;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.config.CanaryApi.Choice;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Drafts that some clients get first. */
@Controller
@RequestMapping(Namespace.ADDRESS + "/canary")
class CanaryController {

    private final Configurations configurations;
    private final PublishPage publishing;
    private final ShowPage showing;

    CanaryController(Configurations configurations, PublishPage publishing, ShowPage showing) {
        this.configurations = configurations;
        this.publishing = publishing;
        this.showing = showing;
    }

    @PostMapping
    String start(
            Namespace namespace,
            @RequestParam long revision,
            @RequestParam String canary,
            @RequestParam String by,
            @RequestParam(defaultValue = "") String who,
            @RequestParam(defaultValue = "") String message,
            @RequestParam(defaultValue = "false") boolean again,
            @RequestParam(required = false) @Nullable String override,
            @RequestParam(required = false) @Nullable String accept,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        List<String> picked = picked(form);
        try {
            // The form's own name: sent twice, it is one canary.
            configurations.startCanary(
                    namespace,
                    canary,
                    revision,
                    choice(by, who.strip(), picked),
                    message.strip(),
                    again,
                    override,
                    accept);
            return back(namespace);
        } catch (RemoteProblem problem) {
            keep(by, who, picked, model);
            return publishing.refused(problem, message, namespace, response, model);
        }
    }

    @PostMapping("/{canary}/choice")
    String choose(
            Namespace namespace,
            @PathVariable String canary,
            @RequestParam String by,
            @RequestParam(defaultValue = "") String who,
            @RequestParam(required = false) @Nullable String override,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        List<String> picked = picked(form);
        try {
            configurations.chooseForCanary(namespace, canary, choice(by, who.strip(), picked), override);
            return back(namespace);
        } catch (RemoteProblem problem) {
            keep(by, who, picked, model);
            return showing.refused(problem, namespace, response, model);
        }
    }

    @PostMapping("/{canary}/promotion")
    String promote(
            Namespace namespace,
            @PathVariable String canary,
            @RequestParam(required = false) @Nullable String override,
            HttpServletResponse response,
            Model model) {
        try {
            configurations.promoteCanary(namespace, canary, override);
            return back(namespace);
        } catch (RemoteProblem problem) {
            return showing.refused(problem, namespace, response, model);
        }
    }

    @PostMapping("/{canary}/abandonment")
    String abandon(Namespace namespace, @PathVariable String canary, @RequestParam(defaultValue = "") String reason) {
        configurations.abandonCanary(namespace, canary, reason.strip());
        return back(namespace);
    }

    /** For the form, if it has to be shown again. */
    private static void keep(String by, String who, List<String> picked, Model model) {
        model.addAttribute("by", by);
        model.addAttribute("who", who);
        model.addAttribute("picked", picked);
    }

    // As a parameter of its own a name with commas would be several.
    private static List<String> picked(MultiValueMap<String, String> form) {
        return form.getOrDefault("picked", List.of());
    }

    /**
     * What can't be understood is left out, and the config center says what is missing.
     *
     * @param picked clients that were ticked: they are meant, whatever stands beside them, with those that are named
     */
    private static Choice choice(String by, String who, List<String> picked) {
        if (by.equals("instances") || !picked.isEmpty()) {
            Stream<String> named = by.equals("instances") ? Arrays.stream(who.split("[,\\s]+")) : Stream.empty();
            return Choice.ofInstances(Stream.concat(picked.stream(), named)
                    .filter(name -> !name.isEmpty())
                    .distinct()
                    .toList());
        }
        if (by.equals("label")) {
            return Choice.ofLabel(who);
        }
        return who.matches("[0-9]{1,3}") ? Choice.ofPercent(Integer.parseInt(who)) : new Choice(null, null, null);
    }

    private static String back(Namespace namespace) {
        return "redirect:" + namespace.path() + "#canary";
    }
}
