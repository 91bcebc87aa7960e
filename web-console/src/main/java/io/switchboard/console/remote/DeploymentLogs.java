package io.switchboard.console.remote;

import java.io.InputStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** The scheduler's server-sent events, beside its {@code SchedulerApi}. */
@HttpExchange
public interface DeploymentLogs {

    /**
     * What tasks write, one server-sent event per line, whose data is {@code {"taskId":…,"line":…}}. The caller reads
     * the stream and closes it.
     *
     * @param task whose; of all tasks of the instance, also later ones, if absent
     * @param lines of what each task wrote before, 1 to 1,000
     */
    @GetExchange(url = "/api/v1/deployments/{instanceId}/log/events", accept = "text/event-stream")
    InputStream follow(
            @PathVariable UUID instanceId,
            @RequestParam(required = false) @Nullable String task,
            @RequestParam int lines);
}
