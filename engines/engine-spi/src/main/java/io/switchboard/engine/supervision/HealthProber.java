package io.switchboard.engine.supervision;

import io.switchboard.engine.Workload.Health;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Asks tasks for their health, each in a virtual thread of its own, so that a slow one holds up no other. */
final class HealthProber implements AutoCloseable {

    private final HttpClient client = HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .build();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("health-", 0).factory());
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();

    /** @param asked open until the first result was handed over */
    private record Watch(Future<?> running, CountDownLatch asked) {}

    /**
     * Asks at once and then every interval until {@link #unwatch}; a task that is watched already stays so.
     *
     * @param result gets an empty text for each check that passed, or why it failed
     */
    void watch(String taskId, URI uri, Health.Http health, Consumer<String> result) {
        watches.computeIfAbsent(taskId, id -> {
            CountDownLatch asked = new CountDownLatch(1);
            return new Watch(threads.submit(() -> askAgainAndAgain(uri, health, result, asked)), asked);
        });
    }

    private void askAgainAndAgain(URI uri, Health.Http health, Consumer<String> result, CountDownLatch asked) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                result.accept(check(uri, health));
                asked.countDown();
                Thread.sleep(health.interval());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the task's first result, if it is watched. */
    void awaitFirst(String taskId, Duration patience) {
        Watch watch = watches.get(taskId);
        if (watch == null) {
            return;
        }
        try {
            watch.asked().await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void unwatch(String taskId) {
        Watch watch = watches.remove(taskId);
        if (watch != null) {
            watch.running().cancel(true);
        }
    }

    private String check(URI uri, Health.Http health) throws InterruptedException {
        String what = "GET " + uri.getPath();
        // The client's own time limit ends with the headers of an answer; a body that never ends would go on for ever.
        CompletableFuture<HttpResponse<Void>> asked =
                client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
        try {
            int status = asked.get(health.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .statusCode();
            return status >= 200 && status < 300 ? "" : what + " answered " + status;
        } catch (TimeoutException e) {
            return what + " gave no answer within " + health.timeout().toMillis() + " ms";
        } catch (ExecutionException e) {
            return e.getCause() instanceof ConnectException
                    ? "nothing listens at port " + uri.getPort()
                    : what + " failed: the connection broke";
        } finally {
            asked.cancel(true);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        client.shutdownNow();
    }
}
