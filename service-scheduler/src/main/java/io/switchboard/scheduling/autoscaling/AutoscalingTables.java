package io.switchboard.scheduling.autoscaling;

import io.switchboard.batching.Rows;
import io.switchboard.capacity.demand.DayShape;
import io.switchboard.capacity.scaling.Reading;
import io.switchboard.contracts.scheduling.AutoscalingApi.DecisionView;
import io.switchboard.contracts.scheduling.AutoscalingApi.Look;
import io.switchboard.contracts.scheduling.AutoscalingApi.Mode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables whose names begin with {@code autoscaling}. */
@Repository
class AutoscalingTables {

    private static final TypeReference<List<Double>> FACTORS = new TypeReference<>() {};

    private final JdbcTemplate jdbc;
    private final JsonMapper json;

    AutoscalingTables(JdbcTemplate jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Autoscaling of(UUID instanceId) {
        return jdbc
                .query("select * from autoscaling where instance_id = ?", (row, index) -> autoscaling(row), instanceId)
                .stream()
                .findFirst()
                .orElse(Autoscaling.OFF);
    }

    /** Instances that run and whose autoscaling isn't off. */
    List<UUID> active() {
        return jdbc.queryForList("""
                select instance_id
                from autoscaling
                join deployment using (instance_id)
                where mode <> 'OFF'
                  and goal = 'RUN'
                """, UUID.class);
    }

    private Autoscaling autoscaling(ResultSet row) throws SQLException {
        @Nullable String shape = row.getString("shape");
        return new Autoscaling(
                Mode.valueOf(row.getString("mode")),
                Optional.ofNullable(row.getObject("min_tasks", Integer.class)),
                Optional.ofNullable(row.getObject("max_tasks", Integer.class)),
                Optional.ofNullable(shape).map(text -> new DayShape(json.readValue(text, FACTORS))),
                ZoneId.of(row.getString("time_zone")),
                look(row));
    }

    private static Optional<Look> look(ResultSet row) throws SQLException {
        @Nullable Timestamp at = row.getTimestamp("looked_at");
        return at == null
                ? Optional.empty()
                : Optional.of(new Look(
                        at.toInstant(),
                        Optional.ofNullable(row.getObject("calls", Float.class)).map(Float::doubleValue),
                        Optional.ofNullable(row.getObject("needed", Float.class))
                                .map(Float::doubleValue),
                        row.getInt("tasks"),
                        row.getString("reason")));
    }

    /** Replaces what was said before; what the last look said stays until the next. */
    void save(UUID instanceId, Autoscaling said, Instant now) {
        jdbc.update(
                """
                insert into autoscaling (instance_id, mode, min_tasks, max_tasks, shape, time_zone, changed_at)
                values (?, ?, ?, ?, ?::jsonb, ?, ?)
                on conflict (instance_id) do update
                set mode = excluded.mode, min_tasks = excluded.min_tasks, max_tasks = excluded.max_tasks,
                    shape = excluded.shape, time_zone = excluded.time_zone, changed_at = excluded.changed_at
                """,
                instanceId,
                said.mode().name(),
                said.minTasks().orElse(null),
                said.maxTasks().orElse(null),
                said.shape()
                        .map(shape -> json.writeValueAsString(shape.factors()))
                        .orElse(null),
                said.timeZone().getId(),
                Timestamp.from(now));
    }

    void looked(UUID instanceId, Look look) {
        jdbc.update(
                """
                update autoscaling
                set looked_at = ?, calls = ?, needed = ?, tasks = ?, reason = ?
                where instance_id = ?
                """,
                Timestamp.from(look.at()),
                look.calls().orElse(null),
                look.needed().orElse(null),
                look.tasks(),
                look.reason(),
                instanceId);
    }

    void read(UUID instanceId, Reading reading) {
        jdbc.update(
                """
                with reading as (
                    insert into autoscaling_reading (instance_id, at, calls)
                    values (?, ?, ?)
                    on conflict do nothing
                )
                insert into autoscaling_half_hour (instance_id, begins, most)
                values (?, ?, ?)
                on conflict (instance_id, begins) do update
                set most = greatest(autoscaling_half_hour.most, excluded.most)
                """,
                instanceId,
                Timestamp.from(reading.at()),
                reading.calls(),
                instanceId,
                Timestamp.from(Foresight.halfHour(reading.at())),
                reading.calls());
    }

    /** Oldest first. */
    List<Reading> readings(UUID instanceId, Instant since) {
        return jdbc.query(
                """
                select at, calls
                from autoscaling_reading
                where instance_id = ?
                  and at >= ?
                order by at
                """,
                (row, index) -> new Reading(row.getTimestamp("at").toInstant(), row.getFloat("calls")),
                instanceId,
                Timestamp.from(since));
    }

    /** Of those of the half-hours, by their begins, in which calls were seen. */
    Map<Instant, Double> mostByHalfHour(UUID instanceId, Collection<Instant> halfHours) {
        var most = new HashMap<Instant, Double>();
        jdbc.query(
                """
                select begins, most
                from autoscaling_half_hour
                where instance_id = ?
                  and begins = any (?::timestamptz[])
                """,
                row -> {
                    most.put(row.getTimestamp("begins").toInstant(), (double) row.getFloat("most"));
                },
                instanceId,
                Rows.values(halfHours));
        return most;
    }

    /** Its id, to take it back by. */
    long decided(UUID instanceId, DecisionView decision) {
        return Objects.requireNonNull(jdbc.queryForObject(
                """
                insert into autoscaling_decision (instance_id, at, mode, tasks_before, tasks, calls, needed, reason)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                returning id
                """,
                Long.class,
                instanceId,
                Timestamp.from(decision.at()),
                decision.mode().name(),
                decision.tasksBefore(),
                decision.tasks(),
                decision.calls(),
                decision.needed(),
                decision.reason()));
    }

    /** For a decision that wasn't carried out: nothing changed then. */
    void takeBack(long decision) {
        jdbc.update("delete from autoscaling_decision where id = ?", decision);
    }

    /** When it was last decided to have other tasks; empty if it never was. */
    Optional<Instant> lastChange(UUID instanceId) {
        return jdbc.query("""
                        select at
                        from autoscaling_decision
                        where instance_id = ?
                          and mode = 'ACT'
                        order by id desc
                        limit 1
                        """, (row, index) -> row.getTimestamp("at").toInstant(), instanceId).stream()
                .findFirst();
    }

    /** Newest first. */
    List<DecisionView> decisions(UUID instanceId, int limit) {
        return jdbc.query(
                """
                select *
                from autoscaling_decision
                where instance_id = ?
                order by id desc
                limit ?
                """,
                (row, index) -> new DecisionView(
                        row.getTimestamp("at").toInstant(),
                        Mode.valueOf(row.getString("mode")),
                        row.getInt("tasks_before"),
                        row.getInt("tasks"),
                        row.getFloat("calls"),
                        row.getFloat("needed"),
                        row.getString("reason")),
                instanceId,
                limit);
    }

    void forget(Instant readings, Instant halfHours, Instant decisions) {
        jdbc.update("delete from autoscaling_reading where at < ?", Timestamp.from(readings));
        jdbc.update("delete from autoscaling_half_hour where begins < ?", Timestamp.from(halfHours));
        jdbc.update("delete from autoscaling_decision where at < ?", Timestamp.from(decisions));
    }
}
