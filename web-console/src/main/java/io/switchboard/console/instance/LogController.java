package io.switchboard.console.instance;

import io.switchboard.console.live.LiveStreams;
import io.switchboard.console.remote.DeploymentLogs;
import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.scheduling.SchedulerApi;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What a task or all tasks of an instance wrote last; the page follows it while it is open. */
@Controller
class LogController {

    /** Of one task, and of each where all are shown. */
    private static final int LINES = 500;

    private static final int LINES_OF_EACH = 100;

    /** How often the page loads itself again where no script follows the lines. */
    private static final int SECONDS_WITHOUT_SCRIPT = 5;

    private final OrdersApi orders;
    private final SchedulerApi scheduler;
    private final DeploymentLogs logs;
    private final LiveStreams streams;

    LogController(OrdersApi orders, SchedulerApi scheduler, DeploymentLogs logs, LiveStreams streams) {
        this.orders = orders;
        this.scheduler = scheduler;
        this.logs = logs;
        this.streams = streams;
    }

    @GetMapping("/instances/{id}/tasks/{task}/log")
    String ofOne(@PathVariable UUID id, @PathVariable String task, Model model) {
        return page(new LogPage(orders.instance(id, null), task, lines(id, task, LINES)), model);
    }

    @GetMapping("/instances/{id}/log")
    String ofAll(@PathVariable UUID id, Model model) {
        var lines = scheduler.deployment(id, null).tasks().stream()
                .flatMap(task -> linesIfThere(id, task.id()))
                .toList();
        return page(new LogPage(orders.instance(id, null), null, lines), model);
    }

    private static String page(LogPage page, Model model) {
        model.addAttribute("page", page);
        model.addAttribute("refresh", SECONDS_WITHOUT_SCRIPT);
        return "instance/log";
    }

    private List<LogPage.Line> lines(UUID id, String task, int most) {
        return scheduler.log(id, task, most, null).lines().stream()
                .map(line -> new LogPage.Line(task, line))
                .toList();
    }

    /** A task may have ended since it was listed. */
    private Stream<LogPage.Line> linesIfThere(UUID id, String task) {
        try {
            return lines(id, task, LINES_OF_EACH).stream();
        } catch (RemoteProblem problem) {
            if (problem.isNotFound()) {
                return Stream.empty();
            }
            throw problem;
        }
    }

    /**
     * Begins with what was written before, so that a browser that comes again misses nothing; after an event named {@code
     * end} it need not.
     */
    @GetMapping("/instances/{id}/log/events")
    SseEmitter events(@PathVariable UUID id, @RequestParam(required = false) @Nullable String task) {
        var lines = logs.follow(id, task, task == null ? LINES_OF_EACH : LINES);
        return streams.follow("log-" + id, lines, (event, browser) -> {
            browser.send(SseEmitter.event().name(event.name()).data(event.data()));
            return !event.name().equals("end");
        });
    }
}
