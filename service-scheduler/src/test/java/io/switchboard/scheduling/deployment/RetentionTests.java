package io.switchboard.scheduling.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.f4b6a3.uuid.UuidCreator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class RetentionTests {

    private static final Instant NOW = Instant.parse("2026-11-27T08:00:00Z");
    private static final RetentionProperties KEPT = new RetentionProperties(
            true, Duration.ofDays(30), Duration.ofDays(30), Duration.ofDays(30), Duration.ofHours(1), 2);

    private static EmbeddedPostgres postgres;
    private static JdbcTemplate jdbc;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        Flyway.configure()
                .dataSource(postgres.getPostgresDatabase())
                .schemas("scheduling")
                .locations("classpath:db/service-scheduler")
                .load()
                .migrate();
        jdbc = new JdbcTemplate(postgres.getDatabase("postgres", "postgres", Map.of("currentSchema", "scheduling")));
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void forgetEverything() {
        jdbc.execute("truncate handled_order, deployment cascade");
    }

    @Test
    void handledOrdersGoADayAfterALateRepetitionWouldBeRefused() {
        var refusedAndGone = handled(Duration.ofDays(31).plusSeconds(1));
        var refusedAndKept = handled(Duration.ofDays(31).minusSeconds(1));
        var recent = handled(Duration.ofDays(1));

        round();

        assertThat(handledOrders(refusedAndGone)).isZero();
        assertThat(handledOrders(refusedAndKept)).isEqualTo(1);
        assertThat(handledOrders(recent)).isEqualTo(1);
        assertThat(deleted("handled_order")).isEqualTo(1);
    }

    @Test
    void anOrderThatWaitedLongIsKeptFromWhenItWasHandled() {
        var id = UuidCreator.getTimeOrderedEpoch(NOW.minus(Duration.ofDays(90)));
        handled(id, NOW.minus(Duration.ofDays(29)));

        round();

        assertThat(handledOrders(id)).isEqualTo(1);
    }

    @Test
    void anOrderThatIsStillBeingCarriedOutIsNotForgotten() {
        var instance = deployment();
        jdbc.update("update deployment set settled = false");
        var id = UuidCreator.getTimeOrderedEpoch(NOW.minus(Duration.ofDays(60)));
        jdbc.update(
                "insert into handled_order (order_id, instance_id, handled_at) values (?, ?, ?)",
                id,
                instance,
                NOW.minus(Duration.ofDays(60)).atOffset(ZoneOffset.UTC));

        round();
        assertThat(handledOrders(id)).isEqualTo(1);

        jdbc.update("update deployment set settled = true");
        round();
        assertThat(handledOrders(id)).isZero();
    }

    @Test
    void moreThanABatchGoesInOneRound() {
        for (int days = 40; days < 47; days++) {
            handled(Duration.ofDays(days));
        }

        round();

        assertThat(jdbc.queryForObject("select count(*) from handled_order", Long.class))
                .isZero();
        assertThat(deleted("handled_order")).isEqualTo(7);
    }

    @Test
    void revisionsGoWhenTheyWereRetiredLongAgoAndLivingOnesNever() {
        var instance = deployment();
        revision(instance, 1, NOW.minus(Duration.ofDays(31)));
        revision(instance, 2, NOW.minus(Duration.ofDays(29)));
        revision(instance, 3, null);

        round();

        assertThat(jdbc.queryForList("select number from revision order by number", Long.class))
                .containsExactly(2L, 3L);
        assertThat(jdbc.queryForObject("select count(*) from deployment", Long.class))
                .isEqualTo(1);
        assertThat(deleted("revision")).isEqualTo(1);
    }

    @Test
    void notesGoWhenTheyWereWrittenLongAgo() {
        var instance = UUID.randomUUID();
        for (int days : new int[] {40, 35, 31, 29, 0}) {
            jdbc.update(
                    "insert into deployment_note (instance_id, at, note) values (?, ?, 'happened')",
                    instance,
                    NOW.minus(Duration.ofDays(days)).atOffset(ZoneOffset.UTC));
        }

        round();

        assertThat(jdbc.queryForObject(
                        "select count(*) from deployment_note where instance_id = ?", Long.class, instance))
                .isEqualTo(2);
        assertThat(deleted("deployment_note")).isEqualTo(3);
    }

    @Test
    void lessThanADayIsRefusedAtTheStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetentionProperties(
                        true, Duration.ofHours(23), Duration.ofDays(30), Duration.ofDays(30), Duration.ofHours(1), 500))
                .withMessageContaining("scheduler.retention.handled-orders");
    }

    private void round() {
        new Retention(jdbc, KEPT, Clock.fixed(NOW, ZoneOffset.UTC), meters).round();
    }

    private static UUID handled(Duration ago) {
        var at = NOW.minus(ago);
        var id = UuidCreator.getTimeOrderedEpoch(at);
        handled(id, at);
        return id;
    }

    private static void handled(UUID id, Instant at) {
        jdbc.update(
                "insert into handled_order (order_id, instance_id, handled_at) values (?, gen_random_uuid(), ?)",
                id,
                at.atOffset(ZoneOffset.UTC));
    }

    private static long handledOrders(UUID id) {
        var count = jdbc.queryForObject("select count(*) from handled_order where order_id = ?", Long.class, id);
        return count == null ? 0 : count;
    }

    private static UUID deployment() {
        var id = UUID.randomUUID();
        jdbc.update("""
                insert into deployment (
                    instance_id, tenant, instance_name, service_type, goal, revision, wanted_tasks, cpu_millis,
                    memory_mib, explanation, order_id, ordered_at, snapshot_sequence, snapshot_at, route_sequence,
                    published, draining, event_sequence, status, progress_at, changed_at, settled, course, version)
                values (?, 'acme', 'desk', 'acd', 'RUN', 3, 1, 100, 64, '', gen_random_uuid(), now(), 0, now(), 0,
                    '[]', '{}', 0, '{}', now(), now(), true, '{}', 0)
                """, id);
        return id;
    }

    private static void revision(UUID instance, long number, @Nullable Instant retiredAt) {
        jdbc.update(
                """
                insert into revision (
                    instance_id, number, workload, image, ports, parameters, cpu_millis, memory_mib, config_access,
                    created_at, retired_at)
                values (?, ?, ?, 'acd', '[]', '{}', 100, 64, false, now(), ?)
                """,
                instance,
                number,
                Revision.workloadName(instance, number),
                retiredAt == null ? null : retiredAt.atOffset(ZoneOffset.UTC));
    }

    private double deleted(String table) {
        return meters.get("scheduler.retention.deleted")
                .tag("table", table)
                .counter()
                .count();
    }
}
