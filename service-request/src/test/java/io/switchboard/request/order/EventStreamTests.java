package io.switchboard.request.order;

import static io.switchboard.request.Service.newKey;
import static io.switchboard.request.Service.open;
import static io.switchboard.request.Service.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentStatus.Planned;
import io.switchboard.contracts.scheduling.DeploymentStatus.Steady;
import io.switchboard.contracts.scheduling.DeploymentStatus.Stuck;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.request.Neighbours;
import io.switchboard.request.RequestTest;
import io.switchboard.request.Service;
import io.switchboard.request.Service.As;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestConstructor;

@RequestTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class EventStreamTests {

    private static final As ACME = tenant("watching");

    private final Service service;
    private final Neighbours neighbours;

    EventStreamTests(Service service, Neighbours neighbours) {
        this.service = service;
        this.neighbours = neighbours;
    }

    @Test
    void anOrdersStreamTellsEveryEntryAndEndsWithIt() throws Exception {
        var opened = service.order(ACME, newKey(), open("watched"));
        var order = received(UUID.fromString(opened.text("instanceId")));
        try (var watch = new Watch(service.request(ACME, "/api/v1/orders/" + opened.id() + "/events"))) {
            watch.awaitIds("1");

            neighbours.deployment(order, new Planned(2, new Resources(400, 512), "2 tasks."));
            watch.awaitIds("1", "2");
            neighbours.routed(order, 1, "http://watched");
            watch.awaitIds("1", "2", "3");
            neighbours.deployment(order, new Steady(2, "2 of 2 tasks ready."));

            watch.awaitIds("1", "2", "3", "4");
            await().until(watch::ended);
            assertThat(watch.lines)
                    .contains("event:timeline")
                    .anyMatch(line -> line.contains("\"state\":\"COMPLETED\""));
        }

        try (var resumed = new Watch(service.request(ACME, "/api/v1/orders/" + opened.id() + "/events")
                .header("Last-Event-ID", "2"))) {
            await().until(resumed::ended);
            assertThat(resumed.ids()).containsExactly("3", "4");
        }
    }

    @Test
    void theTenantsStreamTellsAllItsChangesAndResumes() throws Exception {
        List<String> seen;
        try (var watch = new Watch(service.request(ACME, "/api/v1/events"));
                var foreign = new Watch(service.request(tenant("elsewhere"), "/api/v1/events"))) {
            watch.awaitOpen();
            foreign.awaitOpen();
            var opened = service.order(ACME, newKey(), open("feed"));
            var order = received(UUID.fromString(opened.text("instanceId")));
            neighbours.deployment(order, new Steady(2, "2 of 2 tasks ready."));
            neighbours.routed(order, 1, "http://feed");
            await().until(() -> watch.count(order.orderId()) == 3);
            neighbours.deployment(order, new Stuck(1, 2, "A task is gone and no node has room."));
            await().until(() -> watch.lines.contains("event:instance"));
            seen = watch.ids();
            assertThat(foreign.ids()).isEmpty();
        }

        try (var resumed =
                new Watch(service.request(ACME, "/api/v1/events").header("Last-Event-ID", seen.getFirst()))) {
            resumed.awaitIds(seen.subList(1, seen.size()).toArray(String[]::new));
        }
    }

    @Test
    void aStreamEndsWithTheTokenItWasOpenedWithAndGoesOnWithAnother() throws Exception {
        var opened = service.order(ACME, newKey(), open("outlived"));
        var order = received(UUID.fromString(opened.text("instanceId")));
        var path = "/api/v1/orders/" + opened.id() + "/events";
        String last;
        try (var ofOrder = new Watch(service.request(ACME, path, Duration.ofSeconds(3)));
                var ofAll = new Watch(service.request(ACME, "/api/v1/events", Duration.ofSeconds(3)))) {
            ofOrder.awaitIds("1");
            ofAll.awaitOpen();

            await().atMost(Duration.ofSeconds(60)).until(() -> ofOrder.ended() && ofAll.ended());
            // Ended as a stream ends that is complete, not cut.
            assertThat(ofOrder.lines).doesNotContain("cut");
            assertThat(ofAll.lines).doesNotContain("cut");
            last = ofOrder.ids().getLast();
        }

        neighbours.deployment(order, new Planned(2, new Resources(400, 512), "2 tasks."));
        try (var renewed = new Watch(service.request(ACME, path).header("Last-Event-ID", last))) {
            renewed.awaitIds("2");
        }
    }

    private OrderMessage received(UUID instance) {
        await().until(() -> !neighbours.orders(instance).isEmpty());
        return neighbours.orders(instance).getFirst().order();
    }

    /** Reads a stream on a thread of its own. */
    private final class Watch implements AutoCloseable {

        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final InputStream stream;
        private volatile boolean ended;

        Watch(HttpRequest.Builder request) throws IOException, InterruptedException {
            this.stream = service.stream(request.header("Accept", "text/event-stream"));
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("cut");
            }
            ended = true;
        }

        boolean ended() {
            return ended;
        }

        List<String> ids() {
            return lines.stream()
                    .filter(line -> line.startsWith("id:"))
                    .map(line -> line.substring(3))
                    .toList();
        }

        long count(UUID order) {
            return lines.stream()
                    .filter(line -> line.startsWith("data:") && line.contains("\"orderId\":\"" + order))
                    .count();
        }

        void awaitIds(String... ids) {
            await().untilAsserted(() -> assertThat(ids()).containsExactly(ids));
        }

        void awaitOpen() {
            await().until(() -> !lines.isEmpty());
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
