package io.switchboard.scheduling.deployment;

import io.switchboard.batching.GroupCommit;
import io.switchboard.batching.Pace;
import io.switchboard.batching.Rows;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.outbox.Outbox;
import io.switchboard.outbox.OutboxMessage;
import io.switchboard.scheduling.leadership.LeadershipLost;
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
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** In PostgreSQL. Whatever is stored and what is said about it go into one transaction. */
final class JdbcDeployments implements Deployments, FencedDeployments, AutoCloseable {

    private static final int MOST_AT_ONCE = 128;
    private static final int MOST_WAITING = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pace PACE = new Pace(Duration.ofMillis(20));
    private final JdbcTemplate jdbc;
    private final DeploymentTable table;
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

    /**
     * What a deployment was and what it is to be.
     *
     * @param epoch of the leader who decided it; null for what needs no leader
     * @param notes what to note with it
     */
    private record Change(
            Deployment before, Deployment after, @Nullable Long epoch, List<Note> notes) {

        UUID id() {
            return after.id();
        }
    }

    JdbcDeployments(JdbcTemplate jdbc, TransactionTemplate transaction, Outbox outbox, JsonMapper json) {
        this.jdbc = jdbc;
        this.table = new DeploymentTable(jdbc, json);
        this.transaction = transaction;
        this.outbox = outbox;
        this.json = json;
    }

    @Override
    public List<Deployment> find(Collection<UUID> ids) {
        return ids.isEmpty() ? List.of() : table.read("where instance_id = any (?::uuid[])", Rows.values(ids));
    }

    /** Like {@link #find}, and no other writer gets at them until the transaction ends. */
    List<Deployment> lock(Collection<UUID> ids) {
        // Ordered, so that two transactions never wait for each other.
        return table.read("where instance_id = any (?::uuid[]) order by instance_id for update", Rows.values(ids));
    }

    /** Answers which of the orders were not handled before; from now on they are. */
    Set<UUID> claim(Collection<OrderMessage> orders, Instant now) {
        var rows = new Rows<>(orders.stream()
                .sorted(Comparator.comparing(OrderMessage::orderId))
                .toList());
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
                rows.column(OrderMessage::orderId),
                rows.column(OrderMessage::instanceId)));
    }

    /** Stores new and changed deployments and appends the events; within the caller's transaction. */
    void store(Map<UUID, Deployment> before, Collection<Deployment> after, Collection<DeploymentEvent> events) {
        var added = after.stream().filter(one -> !before.containsKey(one.id())).toList();
        var changed = after.stream().filter(one -> before.containsKey(one.id())).toList();
        table.insert(added);
        var stored = table.update(changed);
        changed.stream()
                .map(Deployment::id)
                .filter(id -> !stored.contains(id))
                .findFirst()
                .ifPresent(id -> {
                    throw new StaleDeployment(id);
                });
        var revisions = new ArrayList<DeploymentTable.Added>();
        for (var one : after) {
            var known = Optional.ofNullable(before.get(one.id()))
                    .map(Deployment::revisions)
                    .orElse(List.of());
            one.revisions().stream()
                    .filter(revision -> !known.contains(revision))
                    .forEach(revision -> revisions.add(new DeploymentTable.Added(one, revision)));
        }
        table.insertRevisions(revisions);
        outbox.append(events.stream().map(this::message).toList());
    }

    @Override
    public Deployment save(Deployment before, Deployment after, List<Note> notes) {
        return save(new Change(before, after, null, List.copyOf(notes)));
    }

    private Deployment save(Change change) {
        if (!commits.commit(change, PATIENCE)) {
            var epoch = change.epoch();
            if (epoch != null && table.epoch() != epoch) {
                throw new LeadershipLost(epoch, "a later one has begun");
            }
            throw new StaleDeployment(change.id());
        }
        return change.after().versioned(change.after().version() + 1);
    }

    @Override
    public Deployments under(long epoch) {
        return new OfOneEpoch(this, epoch);
    }

    @Override
    public void note(UUID instanceId, List<Note> notes) {
        table.note(notes.stream()
                .map(note -> new DeploymentTable.Noted(instanceId, note))
                .toList());
    }

    @Override
    public List<Note> notes(UUID instanceId, int limit) {
        return table.notes(instanceId, limit);
    }

    /** Writes what waits, and takes nothing more. */
    @Override
    public void close() {
        commits.close();
    }

    /**
     * Stores a deployment with revisions that it may have got, together with the event that the change holds.
     *
     * @throws StaleDeployment if another writer came first
     */
    Deployment change(Deployment before, Deployment after, Note note) {
        transaction.executeWithoutResult(status -> {
            store(
                    Map.of(before.id(), before),
                    List.of(after),
                    after.told().sequence() > before.told().sequence() ? List.of(after.event(before)) : List.of());
            note(after.id(), List.of(note));
        });
        return after.versioned(after.version() + 1);
    }

    @Override
    public List<Kept> history(UUID instanceId) {
        return table.history(instanceId);
    }

    /** For each change whether it was stored: not if another writer, or another change of these, came first. */
    private List<Boolean> saveAll(List<Change> changes) {
        var first = new LinkedHashMap<UUID, Change>();
        changes.forEach(change -> first.putIfAbsent(change.id(), change));
        var stored = Objects.requireNonNull(transaction.execute(status -> {
            var epochs = new HashMap<UUID, Long>();
            first.values().forEach(change -> {
                if (change.epoch() != null) {
                    epochs.put(change.id(), change.epoch());
                }
            });
            var updated =
                    table.update(first.values().stream().map(Change::after).toList(), epochs);
            var messages = new ArrayList<OutboxMessage>();
            var noted = new ArrayList<DeploymentTable.Noted>();
            for (var change : first.values()) {
                if (updated.contains(change.id())) {
                    change.notes().forEach(note -> noted.add(new DeploymentTable.Noted(change.id(), note)));
                    table.retire(change.before(), change.after());
                    messages.addAll(messages(change.before(), change.after()));
                }
            }
            table.note(noted);
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
            messages.add(message(after.event(before)));
        }
        return messages;
    }

    @Override
    public void routed(Map<UUID, Long> sequences, Instant at) {
        var sorted = new TreeMap<>(sequences);
        jdbc.update(
                """
                update deployment
                set route_sequence = seen.sequence, route_at = ?
                from (
                    select instance_id, seen.sequence
                    from deployment
                    join unnest(?::uuid[], ?::bigint[]) as seen (id, sequence) on seen.id = instance_id
                    order by instance_id
                    for update of deployment
                ) as seen
                where deployment.instance_id = seen.instance_id
                  and deployment.route_sequence < seen.sequence
                """,
                Timestamp.from(at),
                Rows.values(sorted.keySet()),
                sorted.values().toArray(Long[]::new));
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
                Rows.values(workloads));
        return owners;
    }

    @Override
    public Map<String, Resources> sizes(Set<String> workloads) {
        var sizes = new HashMap<String, Resources>();
        jdbc.query(
                """
                select workload, cpu_millis, memory_mib
                from revision
                where workload = any (?)
                  and retired_at is null
                """,
                row -> {
                    sizes.put(
                            row.getString("workload"),
                            new Resources(row.getInt("cpu_millis"), row.getInt("memory_mib")));
                },
                Rows.values(workloads));
        return sizes;
    }

    @Override
    public List<Deployment> living(Optional<String> tenant) {
        var living = """
                where revision > 0
                  and status ->> 'state' <> 'REMOVED'
                  %s
                order by tenant, instance_name, instance_id
                """;
        return tenant.isPresent()
                ? table.read(living.formatted("and tenant = ?"), tenant.get())
                : table.read(living.formatted(""));
    }

    @Override
    public List<TaskSnapshot> snapshots() {
        return table.read("""
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

    private OutboxMessage message(DeploymentEvent event) {
        return OutboxMessage.toTopic(DeploymentEvent.TOPIC, json.writeValueAsString(event));
    }

    private OutboxMessage message(TaskSnapshot snapshot) {
        return OutboxMessage.toTopic(TaskSnapshot.TOPIC, json.writeValueAsString(snapshot));
    }

    /** See {@link #under}. */
    private record OfOneEpoch(JdbcDeployments all, long epoch) implements Deployments {

        @Override
        public Deployment save(Deployment before, Deployment after, List<Note> notes) {
            return all.save(new Change(before, after, epoch, List.copyOf(notes)));
        }

        @Override
        public void note(UUID instanceId, List<Note> notes) {
            all.note(instanceId, notes);
        }

        @Override
        public List<Deployment> find(Collection<UUID> ids) {
            return all.find(ids);
        }

        @Override
        public void routed(Map<UUID, Long> sequences, Instant at) {
            all.routed(sequences, at);
        }

        @Override
        public List<UUID> unsettled(Optional<UUID> after, int limit) {
            return all.unsettled(after, limit);
        }

        @Override
        public List<UUID> settled(Optional<UUID> after, int limit) {
            return all.settled(after, limit);
        }

        @Override
        public Map<String, UUID> owners(Set<String> workloads) {
            return all.owners(workloads);
        }

        @Override
        public Map<String, Resources> sizes(Set<String> workloads) {
            return all.sizes(workloads);
        }

        @Override
        public List<Kept> history(UUID instanceId) {
            return all.history(instanceId);
        }

        @Override
        public List<Note> notes(UUID instanceId, int limit) {
            return all.notes(instanceId, limit);
        }

        @Override
        public List<Deployment> living(Optional<String> tenant) {
            return all.living(tenant);
        }

        @Override
        public List<TaskSnapshot> snapshots() {
            return all.snapshots();
        }
    }
}
