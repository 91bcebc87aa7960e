package io.switchboard.scheduling.task;

import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Revision;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * On a task's {@code http} port, with the task's secret as a bearer token (RFC 6750); what answers 404 isn't understood
 * by the task.
 *
 * <ul>
 *   <li>{@code POST /switchboard/drain} (202): no new calls from now on.
 *   <li>{@code GET /switchboard/drain}: {@code {"draining":true,"activeCalls":3,"meanCallSeconds":184.5}}, the last one
 *       may be left out.
 *   <li>{@code GET /switchboard/quality}: the figures of {@link Quality}.
 * </ul>
 */
public final class HttpTaskProtocol implements TaskProtocol {

    private static final String DRAIN = "/switchboard/drain";
    private static final String QUALITY = "/switchboard/quality";
    /** Bytes of an answer; it comes from a tenant's program. */
    private static final int LONGEST = 64 << 10;
    /** Above it a figure isn't believed: the figures of many tasks are added up. */
    private static final double LARGEST = 1e15;

    private final HttpClient http;
    private final Duration timeout;
    private final TaskSecrets secrets;
    private final JsonMapper json;

    private sealed interface Answer {

        record Read(String body) implements Answer {}

        /** The task has no such port or path. */
        record Absent() implements Answer {}

        record Silent(String reason) implements Answer {}
    }

    /** @param timeout for connecting and for each answer as a whole */
    public HttpTaskProtocol(Duration timeout, TaskSecrets secrets, JsonMapper json) {
        this.timeout = timeout;
        this.secrets = secrets;
        this.json = json;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    @Override
    public Drained drain(Revision revision, Task task) {
        var told = send(revision, task, DRAIN, true);
        return switch (told instanceof Answer.Read ? send(revision, task, DRAIN, false) : told) {
            case Answer.Absent() -> new Drained.NotAsked();
            case Answer.Silent(String reason) -> new Drained.Silent(reason);
            case Answer.Read(String body) ->
                read(body, Progress.class)
                        .map(HttpTaskProtocol::drained)
                        .orElseGet(() -> new Drained.Silent("its answer can't be read"));
        };
    }

    private static Drained drained(Progress progress) {
        if (!progress.draining()) {
            return new Drained.Silent("it does not drain");
        }
        int active = progress.active();
        return active > 0 ? new Drained.Busy(active) : new Drained.Idle();
    }

    @Override
    public Calls calls(Revision revision, Task task) {
        return send(revision, task, DRAIN, false) instanceof Answer.Read(String body)
                ? read(body, Progress.class).<Calls>map(Progress::calls).orElseGet(Calls.Unknown::new)
                : new Calls.Unknown();
    }

    @Override
    public Optional<Quality> quality(Revision revision, Task task) {
        return send(revision, task, QUALITY, false) instanceof Answer.Read(String body)
                ? read(body, Quality.class)
                        .filter(told -> told.requests() <= LARGEST
                                && told.requestSeconds() <= LARGEST
                                && told.callSetups() <= LARGEST)
                : Optional.empty();
    }

    /** Empty if it is none. */
    private <T> Optional<T> read(String body, Class<T> type) {
        try {
            return Optional.of(json.readValue(body, type));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private Answer send(Revision revision, Task task, String path, boolean post) {
        var port = task.ports().get("http");
        if (port == null) {
            return new Answer.Absent();
        }
        // An address of IPv6 stands in brackets.
        var host = task.host().contains(":") ? "[" + task.host() + "]" : task.host();
        var request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
                .header("Accept", "application/json");
        secrets.of(revision).ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        try {
            var answer = send(post ? request.POST(BodyPublishers.noBody()).build() : request.build());
            return switch (answer.statusCode()) {
                case 200, 202, 204 -> new Answer.Read(answer.body());
                case 404 -> new Answer.Absent();
                default -> new Answer.Silent("it answered " + answer.statusCode());
            };
        } catch (TimeoutException e) {
            return new Answer.Silent("it gave no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            return new Answer.Silent(
                    e.getCause() instanceof ShortBody.TooLong ? "its answer is too long" : "it can't be reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Silent("the scheduler is stopping");
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

    private record Progress(
            boolean draining, int activeCalls, @Nullable Double meanCallSeconds) {

        int active() {
            return Math.clamp(activeCalls, 0, Calls.MOST);
        }

        Calls calls() {
            boolean told = meanCallSeconds != null && meanCallSeconds > 0 && Double.isFinite(meanCallSeconds);
            return new Calls.Counted(active(), told ? meanCallSeconds : Calls.USUAL_SECONDS);
        }
    }
}
