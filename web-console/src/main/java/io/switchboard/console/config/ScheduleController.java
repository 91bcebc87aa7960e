package io.switchboard.console.config;

import io.switchboard.console.remote.RemoteProblem;
import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Releases that are to be made later. */
@Controller
@RequestMapping(Namespace.ADDRESS + "/schedule")
class ScheduleController {

    private final Configurations configurations;
    private final PublishPage page;

    ScheduleController(Configurations configurations, PublishPage page) {
        this.configurations = configurations;
        this.page = page;
    }

    @PostMapping
    String schedule(
            Namespace namespace,
            @RequestParam long revision,
            @RequestParam String schedule,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime at,
            @RequestParam(defaultValue = "") String message,
            @RequestParam(defaultValue = "false") boolean again,
            @RequestParam(required = false) @Nullable String override,
            HttpServletResponse response,
            Model model) {
        try {
            // The form's own name: sent twice, it is one release; cancelled, the next form's is another.
            configurations.schedule(
                    namespace, schedule, at.toInstant(ZoneOffset.UTC), revision, message.strip(), again, override);
            return "redirect:" + namespace.path();
        } catch (RemoteProblem problem) {
            return page.refused(problem, message, namespace, response, model);
        }
    }

    @PostMapping("/{release}/cancel")
    String cancel(Namespace namespace, @PathVariable String release) {
        configurations.cancel(namespace, release);
        return "redirect:" + namespace.path();
    }
}
