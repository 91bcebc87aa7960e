package io.switchboard.request.order;

import static io.switchboard.request.Service.load;
import static io.switchboard.request.Service.newKey;
import static io.switchboard.request.Service.open;
import static io.switchboard.request.Service.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.ordering.OrderKind;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.Canary;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.DeploymentStatus.Planned;
import io.switchboard.contracts.scheduling.DeploymentStatus.Refused;
import io.switchboard.contracts.scheduling.DeploymentStatus.Removed;
import io.switchboard.contracts.scheduling.DeploymentStatus.RolledBack;
import io.switchboard.contracts.scheduling.DeploymentStatus.RollingOut;
import io.switchboard.contracts.scheduling.DeploymentStatus.Steady;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.request.Neighbours;
import io.switchboard.request.RequestTest;
import io.switchboard.request.Service;
import io.switchboard.request.Service.Answer;
import io.switchboard.request.Service.As;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestConstructor;
import tools.jackson.databind.JsonNode;

/** Orders from the call to their end. */
@RequestTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class OrderJourneyTests {

    private static final As ACME = tenant("journey");

    private final Service service;
    private final Neighbours neighbours;

    OrderJourneyTests(Service service, Neighbours neighbours) {
        this.service = service;
        this.neighbours = neighbours;
    }

    @Test
    void anInstanceIsOpenedExtendedRestartedAndDeleted() {
        var opened = service.order(ACME, newKey(), open("front-desk"));

        assertThat(opened.status()).isEqualTo(202);
        assertThat(opened.headers()).containsEntry("location", "/api/v1/orders/" + opened.id());
        assertThat(opened.text("state")).isEqualTo("ACCEPTED");
        assertThat(opened.json().at("/timeline/0/step").asString()).isEqualTo("ACCEPTED");
        var instance = UUID.fromString(opened.text("instanceId"));

        var open = received(instance, 1);
        assertThat(open.kind()).isEqualTo(OrderKind.OPEN);
        var ordered = open.service().orElseThrow();
        assertThat(ordered.image()).isEqualTo("platform/acd");
        assertThat(ordered.parameters()).isEqualTo(Map.of("acd.queue.name", "support", "acd.routing.wrap-up", 15));
        assertThat(ordered.consumption().maxCallsPerTask()).isEqualTo(146);

        neighbours.deployment(open, new Planned(2, new Resources(400, 512), "2 tasks of 0.4 core."));
        neighbours.deployment(open, new RollingOut(1, 2, "1 of 2 tasks ready."));
        neighbours.deployment(open, new Steady(2, "2 of 2 tasks ready."));
        awaitStep(opened.id(), "STEADY");
        assertThat(order(opened.id()).path("state").asString()).isEqualTo("IN_PROGRESS");
        neighbours.routed(open, 7, "http://front-desk.journey.switchboard.localhost:8000");

        awaitState(opened.id(), "COMPLETED");
        assertThat(order(opened.id()).path("timeline"))
                .extracting(entry -> entry.path("step").asString())
                .containsExactly("ACCEPTED", "PLANNED", "ROLLING_OUT", "STEADY", "ROUTED");
        assertThat(order(opened.id()).path("timeline"))
                .extracting(entry -> entry.path("sequence").asInt())
                .containsExactly(1, 2, 3, 4, 5);
        var running = instance(instance);
        assertThat(running.path("state").asString()).isEqualTo("RUNNING");
        assertThat(running.path("readyTasks").asInt()).isEqualTo(2);
        assertThat(running.at("/addresses/0/url").asString()).contains("front-desk.journey");

        var extended = service.order(
                ACME, newKey(), Map.of("kind", "EXTEND", "instanceId", instance, "loadProfile", load(1200)));
        assertThat(extended.status()).isEqualTo(202);
        var extend = received(instance, 2);
        assertThat(extend.service().orElseThrow().loadProfile().callsPerHour()).isEqualTo(1200);
        neighbours.deployment(extend, new RollingOut(2, 3, "2 of 3 tasks ready."));
        await().until(() -> instance(instance).path("state").asString().equals("CHANGING"));
        assertThat(instance(instance).at("/loadProfile/callsPerHour").asInt()).isEqualTo(600);
        neighbours.deployment(extend, new Steady(3, "3 of 3 tasks ready."));
        awaitState(extended.id(), "COMPLETED");
        assertThat(instance(instance).at("/loadProfile/callsPerHour").asInt()).isEqualTo(1200);

        var restarted = service.order(ACME, newKey(), Map.of("kind", "RESTART", "instanceId", instance));
        var restart = received(instance, 3);
        assertThat(restart.service()).isEmpty();
        neighbours.deployment(restart, new Steady(3, "3 of 3 tasks ready."));
        awaitState(restarted.id(), "COMPLETED");

        var upgraded = service.order(
                ACME,
                newKey(),
                Map.of("kind", "UPGRADE", "instanceId", instance, "canary", Map.of("tasks", 1, "minutes", 5)));
        var upgrade = received(instance, 4);
        assertThat(upgrade.canary()).hasValue(new Canary(1, 5));
        assertThat(upgrade.service().orElseThrow().loadProfile().callsPerHour()).isEqualTo(1200);
        neighbours.deployment(upgrade, new RolledBack(1, "Worse than before."));
        awaitState(upgraded.id(), "FAILED");

        var deleted = service.order(ACME, newKey(), Map.of("kind", "DELETE", "instanceId", instance));
        var delete = received(instance, 5);
        assertThat(instance(instance).path("state").asString()).isEqualTo("DELETING");
        assertThat(service.order(ACME, newKey(), Map.of("kind", "RESTART", "instanceId", instance)))
                .returns(409, Answer::status)
                .returns("INSTANCE_DELETING", answer -> answer.text("code"));
        neighbours.unrouted(delete, 8);
        awaitStep(deleted.id(), "UNROUTED");
        neighbours.deployment(delete, new Removed("No task is left."));
        awaitState(deleted.id(), "COMPLETED");
        assertThat(instance(instance).path("state").asString()).isEqualTo("DELETED");
        assertThat(service.order(ACME, newKey(), Map.of("kind", "DELETE", "instanceId", instance)))
                .returns(409, Answer::status)
                .returns("INSTANCE_DELETED", answer -> answer.text("code"));
        assertThat(service.order(ACME, newKey(), open("front-desk")).status()).isEqualTo(202);
    }

    @Test
    void anUpgradeIsForTheLoadThatIsUnderWay() {
        var opened = service.order(ACME, newKey(), open("growing"));
        var instance = UUID.fromString(opened.text("instanceId"));
        service.order(ACME, newKey(), Map.of("kind", "EXTEND", "instanceId", instance, "loadProfile", load(900)));
        service.order(ACME, newKey(), Map.of("kind", "EXTEND", "instanceId", instance, "loadProfile", load(1200)));

        service.order(ACME, newKey(), Map.of("kind", "UPGRADE", "instanceId", instance));

        assertThat(received(instance, 4).service().orElseThrow().loadProfile().callsPerHour())
                .isEqualTo(1200);
        assertThat(instance(instance).at("/loadProfile/callsPerHour").asInt()).isEqualTo(600);
    }

    @Test
    void aRefusedOpenTellsTheRemedyAndFreesTheName() {
        var opened = service.order(ACME, newKey(), open("too-big"));
        var order = received(UUID.fromString(opened.text("instanceId")), 1);

        neighbours.deployment(
                order, new Refused("NO_CAPACITY", "No node has 2 cores free.", "Order a smaller load profile."));

        awaitState(opened.id(), "FAILED");
        assertThat(order(opened.id()).at("/timeline/1/message").asString())
                .isEqualTo("No node has 2 cores free. Order a smaller load profile.");
        assertThat(service.order(ACME, newKey(), open("too-big")).status()).isEqualTo(202);
    }

    @Test
    void oldRepeatedAndUnreadableNewsChangesNothing() {
        var opened = service.order(ACME, newKey(), open("steadfast"));
        var order = received(UUID.fromString(opened.text("instanceId")), 1);
        neighbours.tellRaw(DeploymentEvent.TOPIC, "{\"instanceId\": 4");
        neighbours.tellRaw(DeploymentEvent.TOPIC, "{}");
        neighbours.deployment(order, 5, new RollingOut(1, 2, "1 of 2 tasks ready."));
        neighbours.deployment(order, 5, new RollingOut(1, 2, "1 of 2 tasks ready."));
        neighbours.deployment(order, 4, new Planned(2, new Resources(400, 512), "2 tasks."));

        neighbours.deployment(order, 6, new Steady(2, "2 of 2 tasks ready."));

        awaitStep(opened.id(), "STEADY");
        assertThat(order(opened.id()).path("timeline"))
                .extracting(entry -> entry.path("step").asString())
                .containsExactly("ACCEPTED", "ROLLING_OUT", "STEADY");
    }

    private OrderMessage received(UUID instance, int count) {
        await().until(() -> neighbours.orders(instance).size() == count);
        var last = neighbours.orders(instance).getLast();
        assertThat(last.group()).isEqualTo(instance.toString());
        return last.order();
    }

    private JsonNode order(UUID id) {
        return service.get(ACME, "/api/v1/orders/" + id).json();
    }

    private JsonNode instance(UUID id) {
        return service.get(ACME, "/api/v1/instances/" + id).json();
    }

    private void awaitState(UUID id, String state) {
        await().untilAsserted(
                        () -> assertThat(order(id).path("state").asString()).isEqualTo(state));
    }

    private void awaitStep(UUID id, String step) {
        await().untilAsserted(() -> assertThat(order(id).path("timeline"))
                .extracting(entry -> entry.path("step").asString())
                .contains(step));
    }
}
