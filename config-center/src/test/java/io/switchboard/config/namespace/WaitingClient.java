package io.switchboard.config.namespace;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client over HTTP that holds the value of {@code routing.attempts} and asks again whatever the answer was. */
final class WaitingClient implements AutoCloseable {

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger attempts = new AtomicInteger();
    private final Desk desk;
    private final String credential;
    private final Thread thread;
    private String tag = "";

    @FunctionalInterface
    private interface Waiting {
        void wait(WaitingClient client) throws IOException, InterruptedException;
    }

    private WaitingClient(Desk desk, Waiting waiting) throws Exception {
        this.desk = desk;
        JsonNode access = desk.access();
        String user = access.get("SWITCHBOARD_CONFIG_USER").asString();
        String secret = access.get("SWITCHBOARD_CONFIG_SECRET").asString();
        credential =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
        thread = Thread.ofVirtual().start(() -> follow(waiting));
    }

    static WaitingClient polling(Desk desk) throws Exception {
        return new WaitingClient(desk, WaitingClient::poll);
    }

    static WaitingClient streaming(Desk desk) throws Exception {
        return new WaitingClient(desk, WaitingClient::stream);
    }

    int attempts() {
        return attempts.get();
    }

    private void follow(Waiting waiting) {
        try {
            while (true) {
                try {
                    waiting.wait(this);
                } catch (IOException e) {
                    // The center closed it.
                }
                // What is refused is asked for again, but not at once.
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void poll() throws IOException, InterruptedException {
        HttpRequest.Builder request = request("").header("Prefer", "wait=10");
        if (!tag.isEmpty()) {
            request.header("If-None-Match", tag);
        }
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
            take(answer.body());
            tag = answer.headers().firstValue("ETag").orElseThrow();
        }
    }

    private void stream() throws IOException, InterruptedException {
        HttpResponse<Stream<String>> answer = http.send(request("/events").build(), BodyHandlers.ofLines());
        if (answer.statusCode() != 200) {
            return;
        }
        try (Stream<String> lines = answer.body()) {
            lines.filter(line -> line.startsWith("data:"))
                    .map(line -> line.substring(5))
                    .filter(data -> data.contains("namespaces"))
                    .forEach(this::take);
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private HttpRequest.Builder request(String more) {
        return HttpRequest.newBuilder(desk.center().uri("/delivery/v1/prod" + more))
                .header("Authorization", credential);
    }

    private void take(String body) {
        attempts.set(Integer.parseInt(
                json.readTree(body).at("/namespaces/0/items/routing.attempts").asString()));
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
        http.shutdownNow();
    }
}
