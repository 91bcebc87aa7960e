package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What streams, which the contracts' clients don't. */
@RestController
class LogStreamsController {

    private static final int USUAL_LINES = 50;

    private final VisibleDeployments visible;
    private final LogStreams streams;
    private final RunningTasks tasks;
    private final Engine engine;

    LogStreamsController(VisibleDeployments visible, LogStreams streams, RunningTasks tasks, Engine engine) {
        this.visible = visible;
        this.streams = streams;
        this.tasks = tasks;
        this.engine = engine;
    }

    /**
     * Events named {@code line}, with {@code {"taskId":…,"line":…}} as data; in the end, if that is the task's or the
     * instance's, one named {@code end} with {@code {"message":…}}.
     *
     * @param task whose; of all tasks of the instance, also later ones, if it isn't said
     * @param lines of what was written before, 1 to 1,000; 50 if it isn't said
     */
    @GetMapping(path = "/api/v1/deployments/{instanceId}/log/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter follow(
            @PathVariable UUID instanceId,
            @RequestParam(required = false) @Nullable String task,
            @RequestParam(required = false) @Nullable Integer lines,
            Caller caller) {
        var deployment = visible.one(instanceId, caller);
        int most = Limits.entries("lines", lines, USUAL_LINES);
        if (!engine.capabilities().contains(Capability.KEEP_LOGS)) {
            throw new Problem(
                    RolloutProblem.NO_LOGS, "Engine '%s' keeps no logs of its tasks.".formatted(engine.name()));
        }
        if (task != null) {
            tasks.require(deployment, task);
        }
        return streams.follow(deployment, task, most, caller);
    }
}
