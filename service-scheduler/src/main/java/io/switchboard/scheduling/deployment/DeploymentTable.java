package io.switchboard.scheduling.deployment;

import io.switchboard.batching.Rows;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.scheduling.capacity.OrderedCapacity;
import io.switchboard.scheduling.deployment.Deployment.Desired;
import io.switchboard.scheduling.deployment.Deployment.Instance;
import io.switchboard.scheduling.deployment.Deployment.Order;
import io.switchboard.scheduling.deployment.Deployment.Told;
import io.switchboard.scheduling.deployment.Traffic.Draining;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables {@code deployment} and {@code revision}: values to rows and back. Transactions are the caller's. */
final class DeploymentTable {

    /** What changes about a deployment, and the arrays that hold it for many of them. */
    private static final String CHANGING =
            "goal, revision, wanted_tasks, cpu_millis, memory_mib, ordered, explanation, order_id, ordered_at, snapshot_sequence, "
                    + "snapshot_at, published, draining, event_sequence, status, progress_at, changed_at, settled, course";

    private static final String CHANGING_TYPES =
            "?::text[], ?::bigint[], ?::int[], ?::int[], ?::int[], ?::jsonb[], ?::text[], ?::uuid[], ?::timestamptz[], ?::bigint[], "
                    + "?::timestamptz[], ?::jsonb[], ?::jsonb[], ?::bigint[], ?::jsonb[], ?::timestamptz[], "
                    + "?::timestamptz[], ?::boolean[], ?::jsonb[]";

    private static final TypeReference<List<ServingTask>> TASKS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Draining>> DRAINING = new TypeReference<>() {};
    private static final TypeReference<List<PortSpec>> PORTS = new TypeReference<>() {};

    private final JdbcTemplate jdbc;
    private final JsonMapper json;

    DeploymentTable(JdbcTemplate jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** The rows that a where clause, and what follows it, picks; with their living revisions. */
    List<Deployment> read(String clauses, Object... arguments) {
        var bare = jdbc.query("select * from deployment\n" + clauses, (row, index) -> deployment(row), arguments);
        if (bare.isEmpty()) {
            return bare;
        }
        var revisions = revisions(bare.stream().map(Deployment::id).toList());
        return bare.stream()
                .map(one -> one.withRevisions(revisions.getOrDefault(one.id(), List.of())))
                .toList();
    }

    private Map<UUID, List<Revision>> revisions(Collection<UUID> ids) {
        record Owned(UUID instanceId, Revision revision) {}
        return jdbc
                .query(
                        """
                        select *
                        from revision
                        where instance_id = any (?::uuid[])
                          and retired_at is null
                        order by instance_id, number
                        """,
                        (row, index) -> new Owned(row.getObject("instance_id", UUID.class), revision(row)),
                        Rows.values(ids))
                .stream()
                .collect(Collectors.groupingBy(
                        Owned::instanceId, Collectors.mapping(Owned::revision, Collectors.toList())));
    }

    List<Deployments.Kept> history(UUID instanceId) {
        return jdbc.query(
                """
                select *
                from revision
                where instance_id = ?
                order by number desc
                """,
                (row, index) -> {
                    @Nullable Timestamp retired = row.getTimestamp("retired_at");
                    return new Deployments.Kept(
                            revision(row),
                            instant(row, "created_at"),
                            Optional.ofNullable(retired).map(Timestamp::toInstant));
                },
                instanceId);
    }

    private Deployment deployment(ResultSet row) throws SQLException {
        return new Deployment(
                new Instance(
                        row.getObject("instance_id", UUID.class),
                        row.getString("tenant"),
                        row.getString("instance_name"),
                        row.getString("service_type")),
                new Desired(
                        Goal.valueOf(row.getString("goal")),
                        row.getLong("revision"),
                        row.getInt("wanted_tasks"),
                        new Resources(row.getInt("cpu_millis"), row.getInt("memory_mib")),
                        ordered(row.getString("ordered")),
                        row.getString("explanation")),
                new Order(row.getObject("order_id", UUID.class), instant(row, "ordered_at")),
                json.readValue(row.getString("course"), Course.class),
                new Traffic(
                        row.getLong("snapshot_sequence"),
                        instant(row, "snapshot_at"),
                        row.getLong("route_sequence"),
                        instant(row, "route_at"),
                        json.readValue(row.getString("published"), TASKS),
                        json.readValue(row.getString("draining"), DRAINING)),
                new Told(
                        row.getLong("event_sequence"),
                        json.readValue(row.getString("status"), DeploymentStatus.class),
                        row.getBoolean("settled"),
                        instant(row, "progress_at"),
                        instant(row, "changed_at")),
                List.of(),
                row.getLong("version"));
    }

    private Optional<OrderedCapacity> ordered(@Nullable String text) {
        return Optional.ofNullable(text).map(known -> json.readValue(known, OrderedCapacity.class));
    }

    private Revision revision(ResultSet row) throws SQLException {
        return new Revision(
                row.getLong("number"),
                row.getString("workload"),
                row.getString("image"),
                json.readValue(row.getString("ports"), PORTS),
                row.getString("parameters"),
                new Resources(row.getInt("cpu_millis"), row.getInt("memory_mib")),
                row.getBoolean("config_access"),
                row.getBoolean("secret"));
    }

    void insert(List<Deployment> added) {
        if (added.isEmpty()) {
            return;
        }
        var rows = new Rows<>(added);
        jdbc.update(
                """
                insert into deployment (
                    instance_id, version, tenant, instance_name, service_type, route_sequence, %s)
                select *
                from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[], %s)
                """.formatted(CHANGING, CHANGING_TYPES),
                Stream.concat(
                                Stream.of(
                                        rows.column(Deployment::id),
                                        rows.column(Deployment::version),
                                        rows.column(one -> one.instance().tenant()),
                                        rows.column(one -> one.instance().name()),
                                        rows.column(one -> one.instance().serviceType()),
                                        rows.column(one -> 0)),
                                changing(rows))
                        .toArray());
    }

    /** Answers which of them were stored; those that another writer had changed before are left as they are. */
    Set<UUID> update(List<Deployment> changed) {
        return update(changed, Map.of());
    }

    /**
     * Like {@link #update(List)}; and one with an epoch is left as it is if a later epoch has begun. No later one begins
     * before the transaction ends.
     */
    Set<UUID> update(List<Deployment> changed, Map<UUID, Long> epochs) {
        if (changed.isEmpty()) {
            return Set.of();
        }
        var rows = new Rows<>(changed);
        // Locked in order, so that two transactions never wait for each other.
        return Set.copyOf(jdbc.query(
                """
                with leadership as (
                    select epoch
                    from leadership
                    for share
                )
                update deployment
                set (%1$s) = (%2$s), version = deployment.version + 1
                from (
                    select t.*
                    from unnest(?::uuid[], ?::bigint[], ?::bigint[], %3$s) as t (id, version, epoch, %1$s)
                    join deployment on instance_id = id
                    order by id
                    for update of deployment
                ) as t
                where deployment.instance_id = t.id
                  and deployment.version = t.version
                  and (t.epoch is null or t.epoch = (select epoch from leadership))
                returning deployment.instance_id
                """.formatted(
                        CHANGING,
                        Stream.of(CHANGING.split(", ")).map("t."::concat).collect(Collectors.joining(", ")),
                        CHANGING_TYPES),
                (row, index) -> row.getObject("instance_id", UUID.class),
                Stream.concat(
                                Stream.of(
                                        rows.column(Deployment::id),
                                        rows.column(Deployment::version),
                                        rows.column(one -> epochs.get(one.id()))),
                                changing(rows))
                        .toArray()));
    }

    /** The columns of {@link #CHANGING}. */
    private Stream<Object> changing(Rows<Deployment> rows) {
        return Stream.of(
                rows.column(Deployment::goal),
                rows.column(one -> one.desired().revision()),
                rows.column(one -> one.desired().tasks()),
                rows.column(one -> one.desired().perTask().cpuMillis()),
                rows.column(one -> one.desired().perTask().memoryMib()),
                rows.column(one ->
                        one.desired().ordered().map(json::writeValueAsString).orElse(null)),
                rows.column(one -> one.desired().explanation()),
                rows.column(one -> one.order().id()),
                rows.column(one -> one.order().acceptedAt()),
                rows.column(one -> one.traffic().sequence()),
                rows.column(one -> one.traffic().publishedAt()),
                rows.column(one -> json.writeValueAsString(one.traffic().tasks())),
                rows.column(one -> json.writeValueAsString(one.traffic().draining())),
                rows.column(one -> one.told().sequence()),
                rows.column(one -> json.writerFor(DeploymentStatus.class)
                        .writeValueAsString(one.told().status())),
                rows.column(one -> one.told().progressAt()),
                rows.column(one -> one.told().changedAt()),
                rows.column(one -> one.told().settled()),
                rows.column(one -> json.writeValueAsString(one.course())));
    }

    /** The epoch of who leads now. */
    long epoch() {
        return Objects.requireNonNull(jdbc.queryForObject("select epoch from leadership", Long.class));
    }

    /** A note, and whose it is. */
    record Noted(UUID instanceId, Note note) {}

    void note(List<Noted> noted) {
        if (noted.isEmpty()) {
            return;
        }
        var rows = new Rows<>(noted);
        jdbc.update(
                """
                insert into deployment_note (instance_id, at, note)
                select *
                from unnest(?::uuid[], ?::timestamptz[], ?::text[])
                """,
                rows.column(Noted::instanceId),
                rows.column(each -> each.note().at()),
                rows.column(each -> each.note().text()));
    }

    List<Note> notes(UUID instanceId, int limit) {
        return jdbc.query("""
                select *
                from deployment_note
                where instance_id = ?
                order by id desc
                limit ?
                """, (row, index) -> new Note(instant(row, "at"), row.getString("note")), instanceId, limit);
    }

    /** A revision that is new, and whose it is. */
    record Added(Deployment owner, Revision revision) {}

    void insertRevisions(List<Added> added) {
        if (added.isEmpty()) {
            return;
        }
        var rows = new Rows<>(added);
        jdbc.update(
                """
                insert into revision (
                    instance_id, number, workload, image, ports, parameters, cpu_millis, memory_mib, config_access,
                    secret, created_at)
                select *
                from unnest(
                    ?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::jsonb[], ?::text[], ?::int[], ?::int[],
                    ?::boolean[], ?::boolean[], ?::timestamptz[])
                """,
                rows.column(each -> each.owner().id()),
                rows.column(each -> each.revision().number()),
                rows.column(each -> each.revision().workload()),
                rows.column(each -> each.revision().image()),
                rows.column(each -> json.writeValueAsString(each.revision().ports())),
                rows.column(each -> each.revision().parameters()),
                rows.column(each -> each.revision().perTask().cpuMillis()),
                rows.column(each -> each.revision().perTask().memoryMib()),
                rows.column(each -> each.revision().configAccess()),
                rows.column(each -> each.revision().secret()),
                rows.column(each -> each.owner().told().changedAt()));
    }

    /** Marks the revisions that a deployment no longer has. */
    void retire(Deployment before, Deployment after) {
        var gone = before.revisions().stream()
                .map(Revision::number)
                .filter(number -> after.revisions().stream().noneMatch(left -> left.number() == number))
                .toArray(Long[]::new);
        if (gone.length > 0) {
            jdbc.update("""
                    update revision
                    set retired_at = ?
                    where instance_id = ?
                      and number = any (?)
                    """, Timestamp.from(after.told().progressAt()), after.id(), gone);
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        @Nullable Timestamp at = row.getTimestamp(column);
        if (at == null) {
            throw new SQLException(column + " is null");
        }
        return at.toInstant();
    }
}
