package io.switchboard.request.tenant;

import io.switchboard.contracts.ordering.TenantsApi.ApiKeyView;
import io.switchboard.contracts.ordering.TenantsApi.TenantView;
import io.switchboard.contracts.ordering.TenantsApi.UserView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Tenants, users and API keys, in the tables of these names. */
@Repository
class Tenants {

    /** A user as the log-in needs it; without a tenant it is an operator. */
    record Login(Optional<String> tenant, String passwordHash) {}

    /** A key as the log-in needs it. */
    record Key(String tenant, byte[] secretHash, Optional<String> user) {}

    private final JdbcClient jdbc;
    private final Clock clock;

    Tenants(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    List<TenantView> all() {
        return jdbc.sql("select * from tenants order by name")
                .query(Tenants::tenant)
                .list();
    }

    Optional<TenantView> find(String name) {
        return jdbc.sql("select * from tenants where name = ?")
                .param(name)
                .query(Tenants::tenant)
                .optional();
    }

    /** Creates the tenant or changes its title. */
    TenantView put(String name, String title) {
        return jdbc.sql("""
                        insert into tenants (name, title, created_at)
                        values (?, ?, ?)
                        on conflict (name) do update
                        set title = excluded.title
                        returning *
                        """).params(name, title, now()).query(Tenants::tenant).single();
    }

    /** @param user of that tenant; null for a machine's */
    ApiKeyView addKey(String tenant, String id, String label, @Nullable String user, byte[] secretHash) {
        return jdbc.sql("""
                        insert into api_keys (id, tenant, label, user_name, secret_hash, created_at)
                        values (?, ?, ?, ?, ?, ?)
                        returning *
                        """)
                .param(id)
                .param(tenant)
                .param(label)
                .param(user)
                .param(secretHash)
                .param(now())
                .query(Tenants::key)
                .single();
    }

    List<ApiKeyView> keys(String tenant) {
        return jdbc.sql("select * from api_keys where tenant = ? order by created_at, id")
                .param(tenant)
                .query(Tenants::key)
                .list();
    }

    /** Answers whether it revoked anything now. */
    boolean revokeKey(String tenant, String id) {
        return jdbc.sql("update api_keys set revoked_at = ? where tenant = ? and id = ? and revoked_at is null")
                        .params(now(), tenant, id)
                        .update()
                > 0;
    }

    Optional<Key> activeKey(String id) {
        return jdbc.sql("select tenant, secret_hash, user_name from api_keys where id = ? and revoked_at is null")
                .param(id)
                .query((row, index) -> new Key(
                        row.getString("tenant"),
                        row.getBytes("secret_hash"),
                        Optional.ofNullable(row.getString("user_name"))))
                .optional();
    }

    /**
     * Creates the user or sets its password; empty if the name belongs to somebody of another tenant.
     *
     * @param tenant null for an operator
     */
    Optional<UserView> putUser(@Nullable String tenant, String name, String passwordHash) {
        return jdbc.sql("""
                        insert into users (name, tenant, password_hash, created_at)
                        values (?, ?, ?, ?)
                        on conflict (name) do update
                        set password_hash = excluded.password_hash
                        where users.tenant is not distinct from excluded.tenant
                        returning *
                        """)
                .param(name)
                .param(tenant)
                .param(passwordHash)
                .param(now())
                .query(Tenants::user)
                .optional();
    }

    List<UserView> users(String tenant) {
        return jdbc.sql("select * from users where tenant = ? order by name")
                .param(tenant)
                .query(Tenants::user)
                .list();
    }

    Optional<Login> login(String name) {
        return jdbc.sql("select tenant, password_hash from users where name = ?")
                .param(name)
                .query((row, index) ->
                        new Login(Optional.ofNullable(row.getString("tenant")), row.getString("password_hash")))
                .optional();
    }

    boolean anyOperator() {
        return jdbc.sql("select exists (select from users where tenant is null)")
                .query(Boolean.class)
                .single();
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static TenantView tenant(ResultSet row, int index) throws SQLException {
        return new TenantView(row.getString("name"), row.getString("title"), instant(row, "created_at"));
    }

    private static ApiKeyView key(ResultSet row, int index) throws SQLException {
        return new ApiKeyView(
                row.getString("id"),
                row.getString("label"),
                Optional.ofNullable(row.getString("user_name")),
                instant(row, "created_at"),
                Optional.ofNullable(row.getObject("revoked_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    private static UserView user(ResultSet row, int index) throws SQLException {
        return new UserView(
                row.getString("name"),
                Optional.ofNullable(row.getString("tenant")).orElse(""),
                instant(row, "created_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
