package io.switchboard.config.audit;

import io.switchboard.contracts.config.AuditApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AuditController implements AuditApi {

    private static final int USUAL = 50;
    private static final int MOST = 200;

    /** No call takes that long. */
    private static final Duration UNDER_WAY = Duration.ofMinutes(10);

    private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}]{1,200}");
    private static final Pattern CURSOR = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final AuditTable table;
    private final Clock clock;

    AuditController(AuditTable table, Clock clock) {
        this.table = table;
        this.clock = clock;
    }

    @Override
    public AuditPage entries(
            @Nullable String application,
            @Nullable String stage,
            @Nullable String namespace,
            @Nullable String actor,
            @Nullable String action,
            @Nullable String outcome,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String cursor,
            @Nullable Integer limit,
            @Nullable String tenant,
            @Nullable Caller caller) {
        Map<String, String> by = new HashMap<>();
        tenant(Objects.requireNonNull(caller, "the resolver gives one or refuses"), tenant)
                .ifPresent(one -> by.put("tenant", one));
        put(by, "application", application);
        put(by, "stage", stage);
        put(by, "namespace", namespace);
        put(by, "actor", actor);
        put(by, "action", action);
        int most = RequestProblem.entries("limit", limit, USUAL, MOST);
        var wanted = new AuditTable.Wanted(
                by, outcome(outcome), time("from", from), time("to", to), below(cursor), most + 1);
        if (!table.isPresent()) {
            throw new Problem(AuditProblem.NO_AUDIT, "This config center has no database to keep an audit in.");
        }
        List<AuditEntry> found = table.find(wanted, clock.instant().minus(UNDER_WAY));
        if (found.size() <= most) {
            return new AuditPage(found, Optional.empty());
        }
        List<AuditEntry> items = found.subList(0, most);
        return new AuditPage(items, Optional.of(String.valueOf(items.getLast().sequence())));
    }

    /** Whose entries; empty for those of all. */
    private static Optional<String> tenant(Caller caller, @Nullable String named) {
        if (caller.tenant().isEmpty()) {
            Caller.operator(caller, "The audit is for tenants and operators.");
            return Optional.ofNullable(text("tenant", named));
        }
        if (named != null && !named.equals(caller.tenant().get())) {
            throw new Problem(RequestProblem.NOT_FOUND, "There is no such tenant.");
        }
        return caller.tenant();
    }

    private static void put(Map<String, String> by, String parameter, @Nullable String value) {
        String text = text(parameter, value);
        if (text != null) {
            by.put(parameter, text);
        }
    }

    private static @Nullable String text(String parameter, @Nullable String value) {
        if (value != null && !TEXT.matcher(value).matches()) {
            throw RequestProblem.invalid(parameter, "must be 1 to 200 characters, none of them a control character");
        }
        return value;
    }

    /** Read here, as Spring takes a character that is no text for no parameter. */
    private static Optional<Outcome> outcome(@Nullable String name) {
        if (name == null) {
            return Optional.empty();
        }
        return Optional.of(Stream.of(Outcome.values())
                .filter(outcome -> outcome.name().equals(name))
                .findFirst()
                .orElseThrow(() -> RequestProblem.invalid("outcome", "must be one of " + List.of(Outcome.values()))));
    }

    /** What a database can compare. */
    private static Optional<Instant> time(String parameter, @Nullable Instant time) {
        if (time != null && (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST))) {
            throw RequestProblem.invalid(parameter, "must be a time from 1970 to 9999");
        }
        return Optional.ofNullable(time);
    }

    private static long below(@Nullable String cursor) {
        if (cursor == null) {
            return Long.MAX_VALUE;
        }
        if (!CURSOR.matcher(cursor).matches()) {
            throw RequestProblem.invalid("cursor", "must be the 'next' of an earlier page");
        }
        return Long.parseLong(cursor);
    }
}
