package io.switchboard.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a tenant does with one service instance, from order to end. */
public final class Journey {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Installation installation;
    private final Api tenantApi;
    private final String tenant;
    private final String name;
    private final Consumer<String> timeline;

    private Journey(Installation installation, Api tenantApi, String tenant, String name, Consumer<String> timeline) {
        this.installation = installation;
        this.tenantApi = tenantApi;
        this.tenant = tenant;
        this.name = name;
        this.timeline = timeline;
    }

    /** Creates the tenant and an API key for it. */
    public static Journey of(Installation installation, String tenant, String name, Consumer<String> timeline)
            throws IOException, InterruptedException {
        var operator = Api.operator(installation);
        operator.put("request", "/api/v1/tenants/" + tenant, Map.of("title", "Demo " + tenant))
                .expect(200);
        var key = operator.post("request", "/api/v1/tenants/" + tenant + "/api-keys", Map.of("label", "demo"), Map.of())
                .expect(201);
        var api = new Api(
                installation, key.path("id").asString(), key.path("secret").asString());
        return new Journey(installation, api, tenant, name, timeline);
    }

    public Api api() {
        return tenantApi;
    }

    public String host() {
        return name + "." + tenant + ".switchboard.localhost";
    }

    /** Places the order; the same key may be used again. */
    public JsonNode place(Map<String, Object> order, String key) throws IOException, InterruptedException {
        return tenantApi
                .post("request", "/api/v1/orders", order, Map.of("Idempotency-Key", key))
                .expect(202);
    }

    public JsonNode open(int callsPerHour, String key) throws IOException, InterruptedException {
        return open("standard", callsPerHour, Map.of("strategy", "round-robin"), key);
    }

    public JsonNode open(String plan, int callsPerHour, Map<String, Object> parameters, String key)
            throws IOException, InterruptedException {
        return place(
                Map.of(
                        "kind",
                        "OPEN",
                        "serviceType",
                        "acd",
                        "plan",
                        plan,
                        "name",
                        name,
                        "loadProfile",
                        load(callsPerHour),
                        "parameters",
                        parameters),
                key);
    }

    public static Map<String, Object> load(int callsPerHour) {
        return Map.of("agents", 40, "callsPerHour", callsPerHour, "averageHandlingSeconds", 240);
    }

    /** Waits for the order's end, telling each timeline entry as it comes. */
    public JsonNode awaitCompleted(UUID order, Duration limit) throws IOException, InterruptedException {
        var deadline = Instant.now().plus(limit);
        int told = 0;
        var last = "nothing was said of it";
        while (true) {
            var seen = tenantApi.get("request", "/api/v1/orders/" + order).expect(200);
            var entries = seen.path("timeline");
            for (; told < entries.size(); told++) {
                last = entries.get(told).path("message").asString();
                timeline.accept(last);
            }
            switch (seen.path("state").asString()) {
                case "COMPLETED" -> {
                    return seen;
                }
                case "FAILED" -> throw new StepFailed("the order failed: " + last);
                default -> {
                    if (Instant.now().isAfter(deadline)) {
                        throw new StepFailed("the order is still %s after %d s: %s"
                                .formatted(seen.path("state").asString(), limit.toSeconds(), last));
                    }
                    TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
                }
            }
        }
    }

    public JsonNode instance(UUID id) throws IOException, InterruptedException {
        return tenantApi.get("request", "/api/v1/instances/" + id).expect(200);
    }

    public Api.Answer deployment(UUID id) throws IOException, InterruptedException {
        return tenantApi.get("scheduler", "/api/v1/deployments/" + id);
    }

    /** Ids of the tasks that the scheduler sees. */
    public Set<String> tasks(UUID id) throws IOException, InterruptedException {
        var tasks = new TreeSet<String>();
        deployment(id)
                .expect(200)
                .path("tasks")
                .forEach(task -> tasks.add(task.path("id").asString()));
        return tasks;
    }

    /** One answer of the instance through the balancer. */
    public Reply call() throws IOException {
        return call(installation, host());
    }

    /** One answer of whatever the balancer has for a host name; the name need not resolve here. */
    static Reply call(Installation installation, String host) throws IOException {
        try (var socket = new Socket()) {
            socket.setSoTimeout(5_000);
            socket.connect(new InetSocketAddress("127.0.0.1", installation.port("balancer")), 5_000);
            socket.getOutputStream()
                    .write(("GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var status = Integer.parseInt(text.split(" ", 3)[1]);
            var body = text.substring(text.indexOf("\r\n\r\n") + 4);
            return new Reply(status, status == 200 ? JSON.readTree(body) : JSON.createObjectNode());
        }
    }

    public record Reply(int status, JsonNode body) {}

    Traffic traffic(int requestsPerSecond) {
        return new Traffic(installation.port("balancer"), host(), requestsPerSecond);
    }

    /** The balancer's port for calls over TCP. */
    public int callsPort(UUID instance) throws IOException, InterruptedException {
        for (var address : instance(instance).path("addresses")) {
            if (address.path("port").asString().equals("calls")) {
                return URI.create(address.path("url").asString()).getPort();
            }
        }
        throw new StepFailed("the instance has no address for calls");
    }

    /** Changes one item of the instance's configuration and publishes it. */
    public void configure(String key, String value) throws IOException, InterruptedException {
        var namespace = "/api/v1/config/" + name + "/prod/application";
        var draft = tenantApi
                .put("config", namespace + "/draft/items", Map.of("items", Map.of(key, value)))
                .expect(200);
        tenantApi
                .post(
                        "config",
                        namespace + "/releases",
                        Map.of(
                                "message",
                                "demo",
                                "revision",
                                draft.path("revision").asLong()),
                        Map.of())
                .expect(201);
    }
}
