package io.switchboard.scheduling.deployment;

import io.switchboard.batching.GroupCommit;
import io.switchboard.batching.Pace;
import io.switchboard.batching.Rows;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.outbox.Outbox;
import io.switchboard.outbox.OutboxMessage;
import io.switchboard.scheduling.deployment.Deployment.Instance;
import io.switchboard.scheduling.deployment.Deployment.Order;
import io.switchboard.scheduling.deployment.Deployment.Told;
import io.switchboard.scheduling.deployment.Traffic.Draining;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** In PostgreSQL. Whatever is stored and what is said about it go into one transaction. */
final class JdbcDeployments implements Deployments, AutoCloseable {

    private static final int MOST_AT_ONCE = 128;
    private static final int MOST_WAITING = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pace PACE = new Pace(Duration.ofMillis(20));
    /** What changes about a deployment, and the arrays that hold it for many of them. */
    private static final String CHANGING =
            "goal, revision, wanted_tasks, cpu_millis, memory_mib, explanation, order_id, ordered_at, snapshot_sequence, "
                    + "snapshot_at, published, draining, event_sequence, status, progress_at, changed_at, settled";

    private static final String CHANGING_TYPES =
            "?::text[], ?::bigint[], ?::int[], ?::int[], ?::int[], ?::text[], ?::uuid[], ?::timestamptz[], ?::bigint[], "
                    + "?::timestamptz[], ?::jsonb[], ?::jsonb[], ?::bigint[], ?::jsonb[], ?::timestamptz[], "
                    + "?::timestamptz[], ?::boolean[]";

    private static final TypeReference<List<ServingTask>> TASKS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Draining>> DRAINING = new TypeReference<>() {};
    private static final TypeReference<List<PortSpec>> PORTS = new TypeReference<>() {};

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final Outbox outbox;
    private final JsonMapper json;
    private final GroupCommit<Change, Boolean> commits = new GroupCommit<>(
            "deployment-writer",
            1,
            MOST_AT_ONCE,
            MOST_WAITING,
            PACE,
            // The database is away, or was in each other's way; anything else is one change's own.
            failure -> failure instanceof DataAccessResourceFailureException
                    || failure instanceof TransientDataAccessException
                    || failure instanceof TransactionException,
            this::saveAll);

    /** What a deployment was and what it is to be. */
    private record Change(Deployment before, Deployment after) {

        UUID id() {
            return after.id();
        }
    }

    JdbcDeployments(JdbcTemplate jdbc, TransactionTemplate transaction, Outbox outbox, JsonMapper json) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.outbox = outbox;
        this.json = json;
    }

    @Override
    public List<Deployment> find(Collection<UUID> ids) {
        return ids.isEmpty() ? List.of() : read("where instance_id = any (?::uuid[])", (Object) array(ids));
    }

    /** Like {@link #find}, and no other writer gets at them until the transaction ends. */
    List<Deployment> lock(Collection<UUID> ids) {
        // Ordered, so that two transactions never wait for each other.
        return read("where instance_id = any (?::uuid[]) order by instance_id for update", (Object) array(ids));
    }

    /** Answers which of the orders were not handled before; from now on they are. */
    Set<UUID> claim(Collection<OrderMessage> orders, Instant now) {
        var sorted = orders.stream()
                .sorted(Comparator.comparing(OrderMessage::orderId))
                .toList();
        return Set.copyOf(jdbc.query(
                """
                insert into handled_order (order_id, instance_id, handled_at)
                select id, instance, ?
                from unnest(?::uuid[], ?::uuid[]) as orders (id, instance)
                on conflict (order_id) do nothing
                returning order_id
                """,
                (row, index) -> row.getObject("order_id", UUID.class),
                Timestamp.from(now),
                array(sorted.stream().map(OrderMessage::orderId).toList()),
                array(sorted.stream().map(OrderMessage::instanceId).toList())));
    }

    /** Stores new and changed deployments and appends the events; within the caller's transaction. */
    void store(Map<UUID, Deployment> before, Collection<Deployment> after, Collection<DeploymentEvent> events) {
        var added = after.stream().filter(one -> !before.containsKey(one.id())).toList();
        var changed = after.stream().filter(one -> before.containsKey(one.id())).toList();
        insert(added);
        var stored = update(changed);
        changed.stream()
                .map(Deployment::id)
                .filter(id -> !stored.contains(id))
                .findFirst()
                .ifPresent(id -> {
                    throw new StaleDeployment(id);
                });
        var revisions = new ArrayList<Added>();
        for (var one : after) {
            var known = Optional.ofNullable(before.get(one.id()))
                    .map(Deployment::revisions)
                    .orElse(List.of());
            one.revisions().stream()
                    .filter(revision -> !known.contains(revision))
                    .forEach(revision -> revisions.add(new Added(one, revision)));
        }
        insertRevisions(revisions);
        outbox.append(events.stream().map(this::message).toList());
    }

    @Override
    public Deployment save(Deployment before, Deployment after) {
        if (!commits.commit(new Change(before, after), PATIENCE)) {
            throw new StaleDeployment(after.id());
        }
        return after.versioned(after.version() + 1);
    }

    /** Writes what waits, and takes nothing more. */
    @Override
    public void close() {
        commits.close();
    }

    /** For each change whether it was stored: not if another writer, or another change of these, came first. */
    private List<Boolean> saveAll(List<Change> changes) {
        var first = new LinkedHashMap<UUID, Change>();
        changes.forEach(change -> first.putIfAbsent(change.id(), change));
        var stored = Objects.requireNonNull(transaction.execute(status -> {
            var updated = update(first.values().stream().map(Change::after).toList());
            var messages = new ArrayList<OutboxMessage>();
            for (var change : first.values()) {
                if (updated.contains(change.id())) {
                    retire(change.before(), change.after());
                    messages.addAll(messages(change.before(), change.after()));
                }
            }
            outbox.append(messages);
            return updated;
        }));
        return changes.stream()
                .map(change -> first.get(change.id()) == change && stored.contains(change.id()))
                .toList();
    }

    private List<OutboxMessage> messages(Deployment before, Deployment after) {
        var messages = new ArrayList<OutboxMessage>();
        if (after.traffic().sequence() > before.traffic().sequence()) {
            messages.add(message(after.snapshot()));
        }
        if (after.told().sequence() > before.told().sequence()) {
            messages.add(message(after.event()));
        }
        return messages;
    }

    @Override
    public void routed(Map<UUID, Long> sequences) {
        var sorted = new TreeMap<>(sequences);
        jdbc.update("""
                update deployment
                set route_sequence = seen.sequence
                from (
                    select instance_id, seen.sequence
                    from deployment
                    join unnest(?::uuid[], ?::bigint[]) as seen (id, sequence) on seen.id = instance_id
                    order by instance_id
                    for update of deployment
                ) as seen
                where deployment.instance_id = seen.instance_id
                  and deployment.route_sequence < seen.sequence
                """, array(sorted.keySet()), sorted.values().toArray(Long[]::new));
    }

    @Override
    public List<UUID> unsettled(Optional<UUID> after, int limit) {
        return page("not settled", after, limit);
    }

    @Override
    public List<UUID> settled(Optional<UUID> after, int limit) {
        return page("settled and goal = 'RUN'", after, limit);
    }

    private List<UUID> page(String condition, Optional<UUID> after, int limit) {
        return jdbc.query(
                """
                select instance_id
                from deployment
                where %s
                  and instance_id > ?
                order by instance_id
                limit ?
                """.formatted(condition),
                (row, index) -> row.getObject("instance_id", UUID.class),
                after.orElse(new UUID(0, 0)),
                limit);
    }

    @Override
    public Map<String, UUID> owners(Set<String> workloads) {
        var owners = new HashMap<String, UUID>();
        jdbc.query(
                """
                select workload, instance_id
                from revision
                where workload = any (?)
                  and retired_at is null
                """,
                row -> {
                    owners.put(row.getString("workload"), row.getObject("instance_id", UUID.class));
                },
                (Object) workloads.toArray(String[]::new));
        return owners;
    }

    @Override
    public List<Deployment> living(Optional<String> tenant) {
        var living = """
                where revision > 0
                  and status ->> 'state' <> 'REMOVED'
                  %s
                order by tenant, instance_name, instance_id
                """;
        return tenant.isPresent() ? read(living.formatted("and tenant = ?"), tenant.get()) : read(living.formatted(""));
    }

    @Override
    public List<TaskSnapshot> snapshots() {
        return read("""
                        where snapshot_sequence > 0
                          and status ->> 'state' <> 'REMOVED'
                        order by instance_id
                        """).stream().map(Deployment::snapshot).toList();
    }

    double stuck() {
        var count = jdbc.queryForObject("""
                select count(*)
                from deployment
                where not settled
                  and status ->> 'state' = 'STUCK'
                """, Long.class);
        return count == null ? 0 : count;
    }

    private List<Deployment> read(String clauses, Object... arguments) {
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
                .query("""
                        select *
                        from revision
                        where instance_id = any (?::uuid[])
                          and retired_at is null
                        order by instance_id, number
                        """, (row, index) -> new Owned(row.getObject("instance_id", UUID.class), revision(row)), (Object)
                        array(ids))
                .stream()
                .collect(Collectors.groupingBy(
                        Owned::instanceId, Collectors.mapping(Owned::revision, Collectors.toList())));
    }

    private Deployment deployment(ResultSet row) throws SQLException {
        return new Deployment(
                new Instance(
                        row.getObject("instance_id", UUID.class),
                        row.getString("tenant"),
                        row.getString("instance_name"),
                        row.getString("service_type")),
                Goal.valueOf(row.getString("goal")),
                row.getLong("revision"),
                row.getInt("wanted_tasks"),
                new Resources(row.getInt("cpu_millis"), row.getInt("memory_mib")),
                row.getString("explanation"),
                new Order(row.getObject("order_id", UUID.class), instant(row, "ordered_at")),
                new Traffic(
                        row.getLong("snapshot_sequence"),
                        instant(row, "snapshot_at"),
                        row.getLong("route_sequence"),
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

    private Revision revision(ResultSet row) throws SQLException {
        return new Revision(
                row.getLong("number"),
                row.getString("workload"),
                row.getString("image"),
                json.readValue(row.getString("ports"), PORTS),
                row.getString("parameters"),
                new Resources(row.getInt("cpu_millis"), row.getInt("memory_mib")),
                row.getBoolean("config_access"));
    }

    private void insert(List<Deployment> added) {
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
    private Set<UUID> update(List<Deployment> changed) {
        if (changed.isEmpty()) {
            return Set.of();
        }
        var rows = new Rows<>(changed);
        // Locked in order, so that two transactions never wait for each other.
        return Set.copyOf(jdbc.query(
                """
                update deployment
                set (%1$s) = (%2$s), version = deployment.version + 1
                from (
                    select t.*
                    from unnest(?::uuid[], ?::bigint[], %3$s) as t (id, version, %1$s)
                    join deployment on instance_id = id
                    order by id
                    for update of deployment
                ) as t
                where deployment.instance_id = t.id
                  and deployment.version = t.version
                returning deployment.instance_id
                """.formatted(
                        CHANGING,
                        Stream.of(CHANGING.split(", ")).map("t."::concat).collect(Collectors.joining(", ")),
                        CHANGING_TYPES),
                (row, index) -> row.getObject("instance_id", UUID.class),
                Stream.concat(Stream.of(rows.column(Deployment::id), rows.column(Deployment::version)), changing(rows))
                        .toArray()));
    }

    /** The columns of {@link #CHANGING}. */
    private Stream<Object> changing(Rows<Deployment> rows) {
        return Stream.of(
                rows.column(Deployment::goal),
                rows.column(Deployment::revision),
                rows.column(Deployment::wantedTasks),
                rows.column(one -> one.perTask().cpuMillis()),
                rows.column(one -> one.perTask().memoryMib()),
                rows.column(Deployment::explanation),
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
                rows.column(one -> one.told().settled()));
    }

    /** A revision that is new, and whose it is. */
    private record Added(Deployment owner, Revision revision) {}

    private void insertRevisions(List<Added> added) {
        if (added.isEmpty()) {
            return;
        }
        var rows = new Rows<>(added);
        jdbc.update(
                """
                insert into revision (
                    instance_id, number, workload, image, ports, parameters, cpu_millis, memory_mib, config_access,
                    created_at)
                select *
                from unnest(
                    ?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::jsonb[], ?::text[], ?::int[], ?::int[],
                    ?::boolean[], ?::timestamptz[])
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
                rows.column(each -> each.owner().told().changedAt()));
    }

    private void retire(Deployment before, Deployment after) {
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

    private OutboxMessage message(DeploymentEvent event) {
        return OutboxMessage.toTopic(DeploymentEvent.TOPIC, json.writeValueAsString(event));
    }

    private OutboxMessage message(TaskSnapshot snapshot) {
        return OutboxMessage.toTopic(TaskSnapshot.TOPIC, json.writeValueAsString(snapshot));
    }

    /** As text, because the driver knows no arrays of UUIDs. */
    private static String[] array(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        @Nullable Timestamp at = row.getTimestamp(column);
        if (at == null) {
            throw new SQLException(column + " is null");
        }
        return at.toInstant();
    }
}
