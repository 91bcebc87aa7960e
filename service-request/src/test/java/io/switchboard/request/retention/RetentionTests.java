package io.switchboard.request.retention;

import static io.switchboard.request.Service.newKey;
import static io.switchboard.request.Service.open;
import static io.switchboard.request.Service.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentStatus.Refused;
import io.switchboard.contracts.scheduling.DeploymentStatus.Steady;
import io.switchboard.contracts.scheduling.DeploymentStatus.Stuck;
import io.switchboard.request.Neighbours;
import io.switchboard.request.RequestTest;
import io.switchboard.request.Service;
import io.switchboard.request.Service.Answer;
import io.switchboard.request.Service.As;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.TestConstructor;
import org.springframework.transaction.support.TransactionOperations;

@RequestTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class RetentionTests {

    private static final RetentionProperties KEPT =
            new RetentionProperties(true, Duration.ofDays(400), Duration.ofDays(400), Duration.ofHours(1), 2);

    private final Service service;
    private final Neighbours neighbours;
    private final JdbcTemplate jdbc;
    private final TransactionOperations transaction;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    RetentionTests(Service service, Neighbours neighbours, JdbcTemplate jdbc, TransactionOperations transaction) {
        this.service = service;
        this.neighbours = neighbours;
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    @Test
    void aDeletedInstanceGoesWithItsOrdersOnceItIsOldAndNothingElseDoes() {
        var acme = tenant("forgetting");
        var old = refused(acme, newKey(), "old");
        var recent = refused(acme, newKey(), "recent");
        var running = running(acme, "running");
        age(old.instanceId(), 401);
        age(recent.instanceId(), 399);
        age(running.instanceId(), 4_000);

        round(Duration.ZERO);
        assertThat(statusOf(acme, old)).as("its key is spent, nothing more yet").isEqualTo(200);

        round(Duration.ofHours(2));
        assertThat(statusOf(acme, old)).isEqualTo(404);
        assertThat(service.get(acme, "/api/v1/instances/" + old.instanceId()).status())
                .isEqualTo(404);
        assertThat(rows("timeline", "order_id", old.orderId())).isZero();
        assertThat(statusOf(acme, recent)).isEqualTo(200);
        assertThat(statusOf(acme, running)).isEqualTo(200);
        assertThat(rows("timeline", "order_id", running.orderId())).isPositive();
        assertThat(deleted("instances")).isEqualTo(1);
        assertThat(deleted("orders")).isEqualTo(1);
        assertThat(deleted("timeline")).isEqualTo(2);
    }

    @Test
    void anOldKeyOpensNothingAgainEvenAtTheMomentItsOrderGoes() {
        var acme = tenant("repeating");
        var key = newKey();
        var old = refused(acme, key, "desk");
        age(old.instanceId(), 401);
        round(Duration.ZERO);
        assertThat(service.order(acme, key, open("desk")).id()).isEqualTo(old.orderId());

        round(Duration.ofHours(2));
        assertThat(rows("orders", "id", old.orderId())).isZero();
        for (var body : List.of(open("desk"), open("another"))) {
            assertThat(service.order(acme, key, body))
                    .returns(409, Answer::status)
                    .returns("IDEMPOTENCY_KEY_SPENT", answer -> answer.text("code"));
        }
        assertThat(service.order(tenant("repeating-too"), key, open("desk")).status())
                .isEqualTo(202);
        assertThat(service.order(acme, newKey(), open("desk")).status()).isEqualTo(202);
    }

    @Test
    void anOldKeyOnAnInstanceThatIsGoneFindsNothing() {
        var acme = tenant("returning");
        var old = refused(acme, newKey(), "desk");
        var key = newKey();
        jdbc.update("""
                insert into orders (id, tenant, idempotency_key, request_hash, kind, state, instance_id, number, entries,
                    accepted_at, ended_at)
                values (gen_random_uuid(), 'returning', ?, '', 'RESTART', 'COMPLETED', ?, 2, 0, now(), now())
                """, key, old.instanceId());
        age(old.instanceId(), 401);
        round(Duration.ZERO);
        round(Duration.ofHours(2));
        assertThat(rows("orders", "instance_id", old.instanceId())).isZero();

        var restart = Map.of("kind", "RESTART", "instanceId", old.instanceId().toString());
        assertThat(service.order(acme, key, restart).status()).isEqualTo(404);
        // A late word about it changes nothing.
        var before = service.rows();
        neighbours.deployment(old, new Steady(2, "2 of 2 tasks ready."));
        assertThat(service.order(acme, newKey(), open("later")).status()).isEqualTo(202);
        assertThat(service.rows().getOrDefault("instances", 0L)).isEqualTo(before.getOrDefault("instances", 0L) + 1);
    }

    @Test
    void anInstanceWithAnOrderThatHasNotEndedStays() {
        var acme = tenant("waiting");
        var old = refused(acme, newKey(), "desk");
        age(old.instanceId(), 401);
        jdbc.update("update orders set ended_at = null where id = ?", old.orderId());
        round(Duration.ZERO);
        round(Duration.ofHours(2));

        assertThat(rows("orders", "id", old.orderId())).isEqualTo(1);
        assertThat(rows("instances", "id", old.instanceId())).isEqualTo(1);
    }

    @Test
    void moreThanABatchGoesInOneRound() {
        var acme = tenant("batching");
        var old = List.of("a", "b", "c", "d", "e").stream()
                .map(name -> refused(acme, newKey(), name))
                .toList();
        old.forEach(each -> age(each.instanceId(), 401));

        round(Duration.ZERO);
        round(Duration.ofHours(2));

        assertThat(old)
                .allSatisfy(each ->
                        assertThat(rows("instances", "id", each.instanceId())).isZero());
    }

    @Test
    void oldEntriesAboutALivingInstanceGoAndThoseOfItsOrdersStay() {
        var acme = tenant("noisy");
        var running = running(acme, "desk");
        neighbours.deployment(running, new Stuck(1, 2, "A task is gone and no node has room."));
        await().until(() -> besideOrders(running) == 1);
        neighbours.deployment(running, new Steady(2, "2 of 2 tasks ready."));
        await().until(() -> besideOrders(running) == 2);
        long ofOrder = rows("timeline", "order_id", running.orderId());
        jdbc.update(
                "update timeline set at = at - interval '401 days' where instance_id = ? and step = 'STUCK'",
                running.instanceId());

        round(Duration.ZERO);

        assertThat(besideOrders(running)).isEqualTo(1);
        assertThat(rows("timeline", "order_id", running.orderId())).isEqualTo(ofOrder);
    }

    @Test
    void lessThanADayIsRefusedAtTheStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetentionProperties(
                        true, Duration.ofHours(1), Duration.ofDays(400), Duration.ofHours(1), 500))
                .withMessageContaining("request.retention.deleted-instances");
    }

    /** An OPEN that failed, which leaves a deleted instance. */
    private OrderMessage refused(As tenant, String key, String name) {
        var opened = service.order(tenant, key, open(name));
        var order = received(UUID.fromString(opened.text("instanceId")));
        neighbours.deployment(order, new Refused("LOAD_TOO_LARGE", "Too much.", "Order less."));
        await().until(() -> service.get(tenant, "/api/v1/orders/" + order.orderId())
                .text("state")
                .equals("FAILED"));
        return order;
    }

    private OrderMessage running(As tenant, String name) {
        var opened = service.order(tenant, newKey(), open(name));
        var order = received(UUID.fromString(opened.text("instanceId")));
        neighbours.deployment(order, new Steady(2, "2 of 2 tasks ready."));
        neighbours.routed(order, 1, "http://" + name);
        await().until(() -> service.get(tenant, "/api/v1/orders/" + order.orderId())
                .text("state")
                .equals("COMPLETED"));
        return order;
    }

    private OrderMessage received(UUID instance) {
        await().until(() -> !neighbours.orders(instance).isEmpty());
        return neighbours.orders(instance).getFirst().order();
    }

    private void age(UUID instance, int days) {
        jdbc.update("update instances set changed_at = now() - make_interval(days => ?) where id = ?", days, instance);
    }

    private int statusOf(As tenant, OrderMessage order) {
        return service.get(tenant, "/api/v1/orders/" + order.orderId()).status();
    }

    private long besideOrders(OrderMessage order) {
        return count("select count(*) from timeline where order_id is null and instance_id = ?", order.instanceId());
    }

    private long rows(String table, String column, UUID value) {
        return count("select count(*) from " + table + " where " + column + " = ?", value);
    }

    private long count(String sql, UUID value) {
        var count = jdbc.queryForObject(sql, Long.class, value);
        return count == null ? 0 : count;
    }

    private double deleted(String table) {
        return meters.get("request.retention.deleted")
                .tag("table", table)
                .counter()
                .count();
    }

    private void round(Duration later) {
        var clock = Clock.fixed(Instant.now().plus(later), ZoneOffset.UTC);
        new Retention(jdbc, transaction, KEPT, clock, meters).round();
    }
}
