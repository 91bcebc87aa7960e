package io.switchboard.console.config;

import io.switchboard.console.page.ProblemPage;
import io.switchboard.console.remote.RemoteProblem;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Encrypted items: set, never shown. */
@Controller
@RequestMapping(Namespace.ADDRESS + "/secrets")
class SecretsController {

    private final Configurations configurations;

    SecretsController(Configurations configurations) {
        this.configurations = configurations;
    }

    @GetMapping
    String show(Namespace namespace, Model model) {
        model.addAttribute("namespace", namespace);
        model.addAttribute("secrets", configurations.secrets(namespace));
        return "config/secrets";
    }

    @PostMapping
    String set(
            Namespace namespace,
            @RequestParam String key,
            @RequestParam String value,
            HttpServletResponse response,
            Model model) {
        try {
            configurations.encrypt(namespace, key.strip(), value);
            return "redirect:" + namespace.path() + "/publish";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            model.addAttribute("key", key);
            return show(namespace, model);
        }
    }

    @PostMapping("/removal")
    String remove(Namespace namespace, @RequestParam String key, HttpServletResponse response, Model model) {
        try {
            configurations.encrypt(namespace, key, null);
            return "redirect:" + namespace.path() + "/publish";
        } catch (RemoteProblem problem) {
            ProblemPage.explain(problem, response, model);
            return show(namespace, model);
        }
    }
}
