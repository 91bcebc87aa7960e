package io.switchboard.console.config;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.config.CanaryApi.Choice;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Drafts that some clients get first. */
@Controller
@RequestMapping(Namespace.ADDRESS + "/canary")
class CanaryController {

    private final Configurations configurations;
    private final PublishPage page;

    CanaryController(Configurations configurations, PublishPage page) {
        this.configurations = configurations;
        this.page = page;
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
            HttpServletResponse response,
            Model model) {
        try {
            // The form's own name: sent twice, it is one canary.
            configurations.startCanary(
                    namespace, canary, revision, choice(by, who.strip()), message.strip(), again, override, accept);
            return back(namespace);
        } catch (RemoteProblem problem) {
            model.addAttribute("by", by);
            model.addAttribute("who", who);
            return page.refused(problem, message, namespace, response, model);
        }
    }

    @PostMapping("/{canary}/choice")
    String choose(
            Namespace namespace,
            @PathVariable String canary,
            @RequestParam String by,
            @RequestParam(defaultValue = "") String who) {
        configurations.chooseForCanary(namespace, canary, choice(by, who.strip()));
        return back(namespace);
    }

    @PostMapping("/{canary}/promotion")
    String promote(Namespace namespace, @PathVariable String canary) {
        configurations.promoteCanary(namespace, canary);
        return back(namespace);
    }

    @PostMapping("/{canary}/abandonment")
    String abandon(Namespace namespace, @PathVariable String canary, @RequestParam(defaultValue = "") String reason) {
        configurations.abandonCanary(namespace, canary, reason.strip());
        return back(namespace);
    }

    /** What can't be understood is left out, and the config center says what is missing. */
    private static Choice choice(String by, String who) {
        return switch (by) {
            case "percent" ->
                who.matches("[0-9]{1,3}") ? Choice.ofPercent(Integer.parseInt(who)) : new Choice(null, null, null);
            case "label" -> Choice.ofLabel(who);
            default ->
                Choice.ofInstances(Arrays.stream(who.split("[,\\s]+"))
                        .filter(name -> !name.isEmpty())
                        .toList());
        };
    }

    private static String back(Namespace namespace) {
        return "redirect:" + namespace.path() + "#canary";
    }
}
