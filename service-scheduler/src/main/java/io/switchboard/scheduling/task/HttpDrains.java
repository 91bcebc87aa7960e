package io.switchboard.scheduling.task;

import io.switchboard.engine.Task;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The drain protocol on a task's {@code http} port: {@code POST /switchboard/drain} (202, no new calls from now on),
 * then {@code GET} of the same, which answers {@code {"draining":true,"activeCalls":3}}. A task without that port, or
 * that answers 404, knows nothing of it.
 */
public final class HttpDrains implements Drains {

    private static final String PATH = "/switchboard/drain";
    /** Bytes of an answer; it comes from a tenant's program. */
    private static final int LONGEST = 64 << 10;

    private final HttpClient http;
    private final Duration timeout;
    private final JsonMapper json;

    /** @param timeout for connecting and for each answer as a whole */
    public HttpDrains(Duration timeout, JsonMapper json) {
        this.timeout = timeout;
        this.json = json;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    @Override
    public Drained ask(Task task) {
        var port = task.ports().get("http");
        if (port == null) {
            return new Drained.NotAsked();
        }
        var request = HttpRequest.newBuilder(URI.create("http://" + task.host() + ":" + port + PATH))
                .header("Accept", "application/json");
        try {
            var told = send(request.POST(BodyPublishers.noBody()).build());
            if (told.statusCode() == 404) {
                return new Drained.NotAsked();
            }
            if (told.statusCode() / 100 != 2) {
                return new Drained.Silent("it answered " + told.statusCode());
            }
            return read(send(request.GET().build()));
        } catch (TimeoutException e) {
            return new Drained.Silent("it gave no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            return new Drained.Silent(
                    e.getCause() instanceof ShortBody.TooLong ? "its answer is too long" : "it can't be reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Drained.Silent("the scheduler is stopping");
        }
    }

    private Drained read(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            return new Drained.Silent("it answered " + answer.statusCode());
        }
        try {
            var progress = json.readValue(answer.body(), Progress.class);
            if (!progress.draining()) {
                return new Drained.Silent("it does not drain");
            }
            return progress.activeCalls() > 0 ? new Drained.Busy(progress.activeCalls()) : new Drained.Idle();
        } catch (JacksonException e) {
            return new Drained.Silent("its answer can't be read");
        }
    }

    /** The client's own time limit ends with an answer's headers, so this one is around all of it. */
    private HttpResponse<String> send(HttpRequest request)
            throws InterruptedException, ExecutionException, TimeoutException {
        var answer = http.sendAsync(request, headers -> new ShortBody(LONGEST));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            answer.cancel(true);
        }
    }

    private record Progress(boolean draining, int activeCalls) {}
}
