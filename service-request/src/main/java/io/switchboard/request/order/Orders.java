package io.switchboard.request.order;

import io.switchboard.batching.Rows;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderKind;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView;
import io.switchboard.contracts.ordering.Page;
import io.switchboard.request.instance.Slice;
import io.switchboard.request.notification.Timeline;
import io.switchboard.request.tenant.Visibility;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The orders of all tenants, in table {@code orders}. What it writes belongs to the caller's transaction. */
@Repository
class Orders {

    /** An order as it was found under a claim's key. */
    record Claimed(UUID id, Claim claim) {}

    private final JdbcTemplate jdbc;
    private final Timeline timeline;

    Orders(JdbcTemplate jdbc, Timeline timeline) {
        this.jdbc = jdbc;
        this.timeline = timeline;
    }

    /** Stores new orders and answers the ids of those whose key is free, and was not spent by an order deleted since. */
    Set<UUID> place(Collection<Admission> admissions) {
        if (admissions.isEmpty()) {
            return Set.of();
        }
        var rows = new Rows<>(List.copyOf(admissions));
        return new HashSet<>(jdbc.query(
                """
                insert into orders (
                    id, tenant, idempotency_key, request_hash, kind, state, instance_id, number,
                    agents, calls_per_hour, average_handling_seconds, entries, accepted_at)
                select *
                from unnest(
                    ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::int[],
                    ?::int[], ?::int[], ?::int[], ?::int[], ?::timestamptz[])
                    as t (id, tenant, key, hash, kind, state, instance_id, number, agents, calls, seconds, entries, at)
                where not exists (
                    select
                    from spent_keys
                    where spent_keys.tenant = t.tenant
                    and key_hash = sha256(convert_to(t.key, 'UTF8')))
                on conflict (tenant, idempotency_key) do nothing
                returning id
                """,
                (row, index) -> row.getObject("id", UUID.class),
                rows.column(each -> each.order().id()),
                rows.column(each -> each.order().tenant()),
                rows.column(each -> each.draft().claim().key()),
                rows.column(each -> each.draft().claim().requestHash()),
                rows.column(each -> each.order().kind()),
                rows.column(each -> each.order().state()),
                rows.column(each -> each.order().instanceId()),
                rows.column(each -> each.order().number()),
                rows.column(each -> agents(each.order())),
                rows.column(each -> callsPerHour(each.order())),
                rows.column(each -> averageHandlingSeconds(each.order())),
                rows.column(each -> each.order().entries()),
                rows.column(each -> each.order().acceptedAt())));
    }

    /** Takes orders back within the transaction that placed them. */
    void withdraw(Collection<UUID> ids) {
        if (!ids.isEmpty()) {
            jdbc.update("delete from orders where id = any (?::uuid[])", Rows.values(ids));
        }
    }

    /** The orders that are there under these claims' keys. */
    List<Claimed> claimed(Collection<Claim> claims) {
        if (claims.isEmpty()) {
            return List.of();
        }
        var rows = new Rows<>(List.copyOf(claims));
        return jdbc.query(
                """
                select id, tenant, idempotency_key, request_hash
                from orders
                join unnest(?::text[], ?::text[]) as wanted (owner, key)
                on tenant = owner and idempotency_key = key
                """,
                (row, index) -> new Claimed(
                        row.getObject("id", UUID.class),
                        new Claim(
                                row.getString("tenant"),
                                row.getString("idempotency_key"),
                                row.getString("request_hash"))),
                rows.column(Claim::tenant),
                rows.column(Claim::key));
    }

    /** Orders of these instances that have not ended, by instance in the order they were placed. */
    List<Order> open(Collection<UUID> instanceIds) {
        return jdbc.query("""
                select *
                from orders
                where instance_id = any (?::uuid[])
                and ended_at is null
                order by instance_id, number
                """, (row, index) -> order(row), Rows.values(instanceIds));
    }

    /** Writes how far these orders are. */
    void save(Collection<Order> changed) {
        if (changed.isEmpty()) {
            return;
        }
        var rows = new Rows<>(List.copyOf(changed));
        jdbc.update(
                """
                update orders
                set state = t.state, entries = t.entries, ended_at = t.ended_at
                from unnest(?::uuid[], ?::text[], ?::int[], ?::timestamptz[]) as t (id, state, entries, ended_at)
                where orders.id = t.id
                """,
                rows.column(Order::id),
                rows.column(Order::state),
                rows.column(Order::entries),
                rows.column(Order::endedAt));
    }

    /** The order with its timeline. */
    Optional<OrderView> find(UUID id, Visibility visibility) {
        var found = jdbc.query("""
                select orders.*, instances.name, instances.service_type, instances.plan
                from orders
                join instances on instances.id = instance_id
                where orders.id = ?
                """, (row, index) -> view(row), id);
        return found.stream()
                .filter(order -> visibility.includes(order.tenant()))
                .map(order -> withTimeline(order, timeline.of(order.id())))
                .findFirst();
    }

    /** Orders without their timelines, newest first. */
    Page<OrderView> page(Visibility visibility, @Nullable UUID instanceId, @Nullable OrderState state, Slice slice) {
        var query = new StringBuilder("""
                select orders.*, instances.name, instances.service_type, instances.plan
                from orders
                join instances on instances.id = instance_id
                where orders.id < :before
                """);
        visibility.tenant().ifPresent(tenant -> query.append("and orders.tenant = :tenant\n"));
        if (instanceId != null) {
            query.append("and instance_id = :instance\n");
        }
        if (state != null) {
            query.append("and orders.state = :state\n");
        }
        query.append("order by orders.id desc\nlimit :rows");
        var found = JdbcClient.create(jdbc)
                .sql(query.toString())
                .param("before", slice.before())
                .param("tenant", visibility.tenant().orElse(""))
                .param("instance", instanceId)
                .param("state", state == null ? "" : state.name())
                .param("rows", slice.limit() + 1)
                .query((row, index) -> view(row))
                .list();
        return slice.page(found, OrderView::id);
    }

    private static OrderView view(ResultSet row) throws SQLException {
        return order(row).view(row.getString("name"), row.getString("service_type"), row.getString("plan"), List.of());
    }

    private static OrderView withTimeline(OrderView order, List<OrderView.TimelineEntry> timeline) {
        return new OrderView(
                order.id(),
                order.kind(),
                order.state(),
                order.instanceId(),
                order.tenant(),
                order.instanceName(),
                order.serviceType(),
                order.plan(),
                order.loadProfile(),
                order.acceptedAt(),
                order.endedAt(),
                timeline);
    }

    private static Order order(ResultSet row) throws SQLException {
        int agents = row.getInt("agents");
        var load = row.wasNull()
                ? null
                : new LoadProfile(agents, row.getInt("calls_per_hour"), row.getInt("average_handling_seconds"));
        return new Order(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                OrderKind.valueOf(row.getString("kind")),
                OrderState.valueOf(row.getString("state")),
                row.getObject("instance_id", UUID.class),
                row.getInt("number"),
                load,
                row.getInt("entries"),
                row.getObject("accepted_at", OffsetDateTime.class).toInstant(),
                instant(row.getObject("ended_at", OffsetDateTime.class)));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }

    private static @Nullable Integer agents(Order order) {
        return order.loadProfile() == null ? null : order.loadProfile().agents();
    }

    private static @Nullable Integer callsPerHour(Order order) {
        return order.loadProfile() == null ? null : order.loadProfile().callsPerHour();
    }

    private static @Nullable Integer averageHandlingSeconds(Order order) {
        return order.loadProfile() == null ? null : order.loadProfile().averageHandlingSeconds();
    }
}
