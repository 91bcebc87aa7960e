package io.switchboard.config.audit;

import io.switchboard.batching.Rows;
import io.switchboard.config.history.Database;
import io.switchboard.contracts.config.AuditApi.AuditEntry;
import io.switchboard.contracts.config.AuditApi.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

@Component
class AuditTable {

    /** That somebody may look for. */
    private static final int LONGEST_SECONDS = 20;

    private final Database database;

    AuditTable(Database database) {
        this.database = database;
    }

    boolean isPresent() {
        return database.isPresent();
    }

    /** Their numbers, in their order. */
    List<Long> begin(List<Call> calls) {
        return insert(calls.stream()
                .map(call -> new Row(call, Outcome.BEGUN, null, null, null))
                .toList());
    }

    /** Of calls that came to an end before they began. */
    void add(List<Trail.Refused> refused) {
        insert(refused.stream()
                .map(one -> new Row(
                        one.call(),
                        one.result().outcome(),
                        one.result().status(),
                        one.result().code(),
                        null))
                .toList());
    }

    /** Of what a center did by itself; nothing of one that is there already. */
    void addOwn(List<OwnActs.Entry> entries) {
        insert(entries.stream()
                .map(one -> new Row(one.call(), one.outcome(), null, one.code().orElse(null), one.name()))
                .toList());
    }

    private record Row(
            Call call,
            Outcome outcome,
            @Nullable Integer status,
            @Nullable String code,
            @Nullable String ownAct) {}

    private List<Long> insert(List<Row> rows) {
        var columns = new Rows<>(rows);
        return database
                .askReserved(jdbc -> jdbc.getJdbcTemplate()
                        .queryForList(
                                """
                                insert into config.config_audit (
                                    at, tenant, actor, api_key, request_id, action,
                                    application, stage, namespace, object, outcome, status, code, own_act)
                                select at, tenant, actor, api_key, request_id, action,
                                    application, stage, namespace, object, outcome, status, code, own_act
                                from unnest(
                                    ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                                    ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::smallint[], ?::text[],
                                    ?::text[])
                                    with ordinality as t (
                                    at, tenant, actor, api_key, request_id, action,
                                    application, stage, namespace, object, outcome, status, code, own_act, place)
                                order by place
                                on conflict (own_act) where own_act is not null do nothing
                                returning sequence
                                """,
                                Long.class,
                                columns.column(row -> row.call().at()),
                                columns.column(row -> row.call().tenant()),
                                columns.column(row -> row.call().actor()),
                                columns.column(row -> row.call().apiKey()),
                                columns.column(row -> row.call().requestId()),
                                columns.column(row -> row.call().action()),
                                columns.column(row -> row.call().application()),
                                columns.column(row -> row.call().stage()),
                                columns.column(row -> row.call().namespace()),
                                columns.column(row -> row.call().object()),
                                columns.column(Row::outcome),
                                columns.column(Row::status),
                                columns.column(Row::code),
                                columns.column(Row::ownAct)))
                .stream()
                // Numbers are given in the order of the rows; in which they are returned PostgreSQL doesn't promise.
                .sorted()
                .toList();
    }

    void end(List<Trail.Ended> ended) {
        var columns = new Rows<>(ended);
        database.askReserved(jdbc -> jdbc.getJdbcTemplate()
                .update(
                        """
                        update config.config_audit as entry
                        set outcome = t.outcome, status = t.status, code = t.code
                        from unnest(?::bigint[], ?::text[], ?::smallint[], ?::text[])
                            as t (sequence, outcome, status, code)
                        where entry.sequence = t.sequence
                        """,
                        columns.column(one -> one.open().sequence()),
                        columns.column(one -> one.result().outcome()),
                        columns.column(one -> one.result().status()),
                        columns.column(one -> one.result().code())));
    }

    /** @param by columns and what they must be; an actor is a user or an API key */
    record Wanted(
            Map<String, String> by,
            Optional<Outcome> outcome,
            Optional<Instant> from,
            Optional<Instant> to,
            long below,
            int most) {}

    /**
     * The newest first.
     *
     * @param unknown what began before that and has no end is not known any more
     */
    List<AuditEntry> find(Wanted wanted, Instant unknown) {
        List<String> where = new ArrayList<>(List.of("sequence < :below"));
        Map<String, Object> values = new LinkedHashMap<>(wanted.by());
        values.put("below", wanted.below());
        values.put("most", wanted.most());
        wanted.by()
                .keySet()
                .forEach(column -> where.add(
                        column.equals("actor") ? "(actor = :actor or api_key = :actor)" : column + " = :" + column));
        wanted.from().ifPresent(from -> {
            where.add("at >= :from");
            values.put("from", Timestamp.from(from));
        });
        wanted.to().ifPresent(to -> {
            where.add("at < :to");
            values.put("to", Timestamp.from(to));
        });
        wanted.outcome().ifPresent(outcome -> {
            values.put("outcome", (outcome == Outcome.UNKNOWN ? Outcome.BEGUN : outcome).name());
            where.add("outcome = :outcome");
            if (outcome == Outcome.UNKNOWN || outcome == Outcome.BEGUN) {
                where.add(outcome == Outcome.BEGUN ? "at >= :unknown" : "at < :unknown");
                values.put("unknown", Timestamp.from(unknown));
            }
        });
        String sql = "select * from config.config_audit where " + String.join(" and ", where)
                + " order by sequence desc limit :most";
        return database.ask(jdbc -> {
            jdbc.getJdbcTemplate().setQueryTimeout(LONGEST_SECONDS);
            return jdbc.query(sql, values, (row, index) -> entry(row, unknown));
        });
    }

    private static AuditEntry entry(ResultSet row, Instant unknown) throws SQLException {
        Instant at = row.getTimestamp("at").toInstant();
        Outcome written = Outcome.valueOf(row.getString("outcome"));
        return new AuditEntry(
                row.getLong("sequence"),
                at,
                Optional.ofNullable(row.getString("tenant")),
                Objects.requireNonNull(row.getString("actor")),
                Optional.ofNullable(row.getString("api_key")),
                Objects.requireNonNull(row.getString("request_id")),
                Objects.requireNonNull(row.getString("action")),
                Optional.ofNullable(row.getString("application")),
                Optional.ofNullable(row.getString("stage")),
                Optional.ofNullable(row.getString("namespace")),
                Optional.ofNullable(row.getString("object")),
                written == Outcome.BEGUN && at.isBefore(unknown) ? Outcome.UNKNOWN : written,
                Optional.ofNullable(row.getObject("status", Integer.class)),
                Optional.ofNullable(row.getString("code")));
    }

    void deleteBefore(Instant before) {
        database.deleteAll("config.config_audit", "at < :before", Map.of("before", Timestamp.from(before)));
    }
}
