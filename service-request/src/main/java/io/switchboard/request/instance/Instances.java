package io.switchboard.request.instance;

import io.switchboard.batching.Rows;
import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.Page;
import io.switchboard.request.tenant.Visibility;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The service instances of all tenants, in table {@code instances}. What it writes belongs to the caller's transaction. */
@Repository
public class Instances {

    private static final TypeReference<List<Address>> ADDRESSES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Object>> PARAMETERS = new TypeReference<>() {};

    private final JdbcTemplate jdbc;
    private final JsonMapper json;

    Instances(JdbcTemplate jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Stores new instances and answers the ids of those whose name was free. */
    public Set<UUID> open(Collection<Instance> opened) {
        if (opened.isEmpty()) {
            return Set.of();
        }
        var rows = new Rows<>(List.copyOf(opened));
        return new HashSet<>(jdbc.query(
                """
                insert into instances (
                    id, tenant, name, service_type, plan, image, parameters,
                    agents, calls_per_hour, average_handling_seconds, created_at, changed_at, message,
                    living, state, addresses, ready_tasks, wanted_tasks, orders,
                    deployment_sequence, route_sequence, steady_order, tasks_removed, route_removed)
                select *, true, 'OPENING', '[]', 0, 0, 1, 0, 0, 0, false, false
                from unnest(
                    ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::int[], ?::int[], ?::int[], ?::timestamptz[], ?::timestamptz[], ?::text[])
                on conflict (tenant, name) where living do nothing
                returning id
                """,
                (row, index) -> row.getObject("id", UUID.class),
                rows.column(Instance::id),
                rows.column(Instance::tenant),
                rows.column(Instance::name),
                rows.column(Instance::serviceType),
                rows.column(Instance::plan),
                rows.column(Instance::image),
                rows.column(each -> json.writeValueAsString(each.parameters())),
                rows.column(each -> each.loadProfile().agents()),
                rows.column(each -> each.loadProfile().callsPerHour()),
                rows.column(each -> each.loadProfile().averageHandlingSeconds()),
                rows.column(Instance::createdAt),
                rows.column(each -> each.condition().changedAt()),
                rows.column(each -> each.condition().message())));
    }

    /** The instances by id, locked until the transaction ends, always in the same order; unknown ones are missing. */
    public Map<UUID, Instance> lock(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        var found = new HashMap<UUID, Instance>();
        jdbc.query(
                """
                select *
                from instances
                where id = any (?::uuid[])
                order by id
                for update
                """,
                (ResultSet row) -> {
                    var instance = instance(row);
                    found.put(instance.id(), instance);
                },
                Rows.values(ids));
        return found;
    }

    /** Writes what can change about instances that {@link #lock} gave out. */
    public void save(Collection<Instance> changed) {
        if (changed.isEmpty()) {
            return;
        }
        var rows = new Rows<>(List.copyOf(changed));
        jdbc.update(
                """
                update instances
                set agents = t.agents, calls_per_hour = t.calls, average_handling_seconds = t.seconds, orders = t.orders,
                    living = t.living, state = t.state, message = t.message, addresses = t.addresses,
                    ready_tasks = t.ready, wanted_tasks = t.wanted,
                    deployment_sequence = t.deployment_sequence, route_sequence = t.route_sequence,
                    steady_order = t.steady, tasks_removed = t.tasks_removed, route_removed = t.route_removed,
                    changed_at = t.changed_at
                from unnest(
                    ?::uuid[], ?::int[], ?::int[], ?::int[], ?::int[], ?::boolean[], ?::text[], ?::text[], ?::text[],
                    ?::int[], ?::int[], ?::bigint[], ?::bigint[], ?::int[], ?::boolean[], ?::boolean[],
                    ?::timestamptz[])
                    as t (id, agents, calls, seconds, orders, living, state, message, addresses,
                    ready, wanted, deployment_sequence, route_sequence, steady, tasks_removed, route_removed,
                    changed_at)
                where instances.id = t.id
                """,
                rows.column(Instance::id),
                rows.column(each -> each.loadProfile().agents()),
                rows.column(each -> each.loadProfile().callsPerHour()),
                rows.column(each -> each.loadProfile().averageHandlingSeconds()),
                rows.column(Instance::orders),
                rows.column(each -> each.condition().living()),
                rows.column(each -> each.condition().state()),
                rows.column(each -> each.condition().message()),
                rows.column(each -> json.writeValueAsString(each.condition().addresses())),
                rows.column(each -> each.condition().readyTasks()),
                rows.column(each -> each.condition().wantedTasks()),
                rows.column(each -> each.condition().deploymentSequence()),
                rows.column(each -> each.condition().routeSequence()),
                rows.column(each -> each.condition().steadyOrder()),
                rows.column(each -> each.condition().tasksRemoved()),
                rows.column(each -> each.condition().routeRemoved()),
                rows.column(each -> each.condition().changedAt()));
    }

    public Optional<InstanceView> find(UUID id, Visibility visibility) {
        return jdbc.query("select * from instances where id = ?", (row, index) -> instance(row), id).stream()
                .filter(instance -> visibility.includes(instance.tenant()))
                .map(Instances::view)
                .findFirst();
    }

    /** Instances, deleted ones too, newest first. */
    public Page<InstanceView> page(Visibility visibility, Slice slice) {
        var query = new StringBuilder("select * from instances where id < :before");
        visibility.tenant().ifPresent(tenant -> query.append(" and tenant = :tenant"));
        query.append(" order by id desc limit :rows");
        var found = JdbcClient.create(jdbc)
                .sql(query.toString())
                .param("before", slice.before())
                .param("tenant", visibility.tenant().orElse(""))
                .param("rows", slice.limit() + 1)
                .query((row, index) -> view(instance(row)))
                .list();
        return slice.page(found, InstanceView::id);
    }

    private static InstanceView view(Instance instance) {
        var condition = instance.condition();
        return new InstanceView(
                instance.id(),
                instance.tenant(),
                instance.name(),
                instance.serviceType(),
                instance.plan(),
                condition.state(),
                condition.message(),
                instance.loadProfile(),
                instance.parameters(),
                condition.addresses(),
                condition.readyTasks(),
                condition.wantedTasks(),
                instance.createdAt(),
                condition.changedAt());
    }

    private Instance instance(ResultSet row) throws SQLException {
        return new Instance(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                row.getString("name"),
                row.getString("service_type"),
                row.getString("plan"),
                row.getString("image"),
                json.readValue(row.getString("parameters"), PARAMETERS),
                new LoadProfile(
                        row.getInt("agents"), row.getInt("calls_per_hour"), row.getInt("average_handling_seconds")),
                row.getInt("orders"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                new Condition(
                        row.getBoolean("living"),
                        InstanceView.State.valueOf(row.getString("state")),
                        row.getString("message"),
                        json.readValue(row.getString("addresses"), ADDRESSES),
                        row.getInt("ready_tasks"),
                        row.getInt("wanted_tasks"),
                        row.getLong("deployment_sequence"),
                        row.getLong("route_sequence"),
                        row.getInt("steady_order"),
                        row.getBoolean("tasks_removed"),
                        row.getBoolean("route_removed"),
                        row.getObject("changed_at", OffsetDateTime.class).toInstant()));
    }
}
