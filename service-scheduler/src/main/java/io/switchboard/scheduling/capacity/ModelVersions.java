package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.ModelStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** All model versions and what was in force, in tables {@code capacity_model} and {@code capacity_activation}. */
final class ModelVersions {

    /** Who activates what comes along; it gives way to nothing but a newer one, and to operators. */
    static final String SHIPPED_BY = "switchboard";

    private static final String OF_SCOPE = " service = ? and mode = ? and image = ? and tenant = ? and node_class = ?";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    ModelVersions(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** @param version absent where a wider scope's models were let through again */
    record Activation(long number, Optional<Long> version, Optional<Long> supersedes, String by, Instant at) {}

    /** @param factor at least 1 */
    record Widening(double factor, String detail) {

        static final Widening NONE = new Widening(1, "");
    }

    /** Keeps models; the same ones for the same scope stay the version they were. */
    ModelVersion add(Scope scope, ModelStore models, String by, Instant at) {
        var json = models.json();
        var digest = digest(json);
        return Objects.requireNonNull(transaction.execute(status -> {
            jdbc.update("""
                    insert into capacity_model
                        (service, mode, image, tenant, node_class, source, models, digest, created_by, created_at)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    on conflict (service, mode, image, tenant, node_class, digest) do nothing
                    """, with(scope, models.source(), json, digest, by, Timestamp.from(at)));
            return Objects.requireNonNull(jdbc.queryForObject(
                    "select * from capacity_model where" + OF_SCOPE + " and digest = ?",
                    ModelVersions::version,
                    with(scope, digest)));
        }));
    }

    Optional<ModelVersion> find(long version) {
        return jdbc.query("select * from capacity_model where version = ?", ModelVersions::version, version).stream()
                .findFirst();
    }

    /** Newest first. */
    List<ModelVersion> list(@Nullable String service, @Nullable String image, int limit) {
        return jdbc.query("""
                select *
                from capacity_model
                where (cast(? as text) is null or service = ?)
                  and (cast(? as text) is null or image = ?)
                order by version desc
                limit ?
                """, ModelVersions::version, service, service, image, image, limit);
    }

    /** Changes with every activation, revert and widening. */
    String state() {
        return Objects.requireNonNullElse(jdbc.queryForObject("""
                        select concat(
                            (select max(number) from capacity_activation), ' ',
                            (select count(*) from capacity_drift), ' ',
                            (select sum(factor) from capacity_drift))
                        """, String.class), "");
    }

    /** Bounds that are wider than their models say, by version. */
    Map<Long, Widening> widenings() {
        var all = new HashMap<Long, Widening>();
        jdbc.query("select * from capacity_drift", row -> {
            all.put(row.getLong("version"), new Widening(row.getDouble("factor"), row.getString("detail")));
        });
        return all;
    }

    /** Widens a version's bounds; they never get narrower again. */
    void widen(ModelVersion model, double factor, String detail, Instant at) {
        jdbc.update("""
                insert into capacity_drift (version, factor, detail, found_at)
                values (?, ?, ?, ?)
                on conflict (version) do update
                set factor = excluded.factor, detail = excluded.detail, found_at = excluded.found_at
                where excluded.factor > capacity_drift.factor
                """, model.version(), factor, detail, Timestamp.from(at));
    }

    /** The latest of a scope that someone made. */
    Optional<ModelVersion> last(Scope scope, String by) {
        return jdbc
                .query(
                        "select * from capacity_model where" + OF_SCOPE
                                + " and created_by = ? order by version desc limit 1",
                        ModelVersions::version,
                        with(scope, by))
                .stream()
                .findFirst();
    }

    /** The versions in force by scope. */
    Map<Scope, ModelVersion> inForce() {
        var all = new HashMap<Scope, ModelVersion>();
        jdbc.query("""
                select model.*
                from (
                    select distinct on (service, mode, image, tenant, node_class) *
                    from capacity_activation
                    order by service, mode, image, tenant, node_class, number desc
                ) last
                join capacity_model model on model.version = last.version
                """, ModelVersions::version).forEach(one -> all.put(one.scope(), one));
        return all;
    }

    /** What was in force for a scope, newest first. */
    List<Activation> activations(Scope scope) {
        return jdbc.query(
                "select * from capacity_activation where" + OF_SCOPE + " order by number desc",
                ModelVersions::activation,
                with(scope));
    }

    /** Puts a version in force for its scope; one that is so stays as it is. */
    void activate(ModelVersion model, String by, Instant at) {
        alone(model.scope(), () -> {
            var last = activations(model.scope()).stream().findFirst();
            if (!last.flatMap(Activation::version).equals(Optional.of(model.version()))) {
                insert(
                        model.scope(),
                        model.version(),
                        last.map(Activation::number).orElse(null),
                        by,
                        at);
            }
            return true;
        });
    }

    /**
     * Takes a version out of force: what it superseded is so again.
     *
     * @return false if another one is in force by now, or none
     */
    boolean revert(ModelVersion model, String by, Instant at) {
        return alone(model.scope(), () -> {
            var past = activations(model.scope());
            if (past.isEmpty() || !past.getFirst().version().equals(Optional.of(model.version()))) {
                return false;
            }
            var before = past.getFirst()
                    .supersedes()
                    .flatMap(number ->
                            past.stream().filter(one -> one.number() == number).findFirst());
            insert(
                    model.scope(),
                    before.flatMap(Activation::version).orElse(null),
                    before.flatMap(Activation::supersedes).orElse(null),
                    by,
                    at);
            return true;
        });
    }

    /** Keeps what comes along; in force where nothing is, or an earlier one that came along. */
    void ship(ModelStore shipped, Instant at) {
        for (var kind : shipped.models().keySet()) {
            var model = add(Scope.of(kind), shipped.only(kind), SHIPPED_BY, at);
            alone(model.scope(), () -> {
                var last = activations(model.scope()).stream().findFirst();
                boolean ours = last.map(one -> one.by().equals(SHIPPED_BY)).orElse(true);
                // An older scheduler that starts beside newer ones must not take the models back.
                boolean newer = last.flatMap(Activation::version)
                        .map(version -> version < model.version())
                        .orElse(true);
                if (ours && newer) {
                    insert(
                            model.scope(),
                            model.version(),
                            last.map(Activation::number).orElse(null),
                            SHIPPED_BY,
                            at);
                }
                return true;
            });
        }
    }

    private interface Change {
        boolean make();
    }

    /** One change of a scope after the other, over all schedulers. */
    private boolean alone(Scope scope, Change change) {
        return Objects.requireNonNull(transaction.execute(status -> {
            jdbc.query("select pg_advisory_xact_lock(hashtextextended(?, 20))", row -> {}, scope.toString());
            return change.make();
        }));
    }

    private void insert(Scope scope, @Nullable Long version, @Nullable Long supersedes, String by, Instant at) {
        jdbc.update("""
                insert into capacity_activation
                    (service, mode, image, tenant, node_class, version, supersedes, activated_by, activated_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, with(scope, version, supersedes, by, Timestamp.from(at)));
    }

    private static @Nullable Object[] with(Scope scope, @Nullable Object... more) {
        var all = new @Nullable Object[5 + more.length];
        all[0] = scope.kind().service();
        all[1] = scope.kind().mode();
        all[2] = scope.image();
        all[3] = scope.tenant();
        all[4] = scope.nodeClass();
        System.arraycopy(more, 0, all, 5, more.length);
        return all;
    }

    private static ModelVersion version(ResultSet row, int number) throws SQLException {
        var kind = new Kind(row.getString("service"), row.getString("mode"));
        return new ModelVersion(
                row.getLong("version"),
                new Scope(kind, row.getString("image"), row.getString("tenant"), row.getString("node_class")),
                ModelStore.parse(row.getString("models")),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant());
    }

    private static Activation activation(ResultSet row, int number) throws SQLException {
        return new Activation(
                row.getLong("number"),
                Optional.ofNullable(row.getObject("version", Long.class)),
                Optional.ofNullable(row.getObject("supersedes", Long.class)),
                row.getString("activated_by"),
                row.getTimestamp("activated_at").toInstant());
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
