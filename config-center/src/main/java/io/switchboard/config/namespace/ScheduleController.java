package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ScheduleApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.validation.Valid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ScheduleController implements ScheduleApi {

    private static final Duration FARTHEST = Duration.ofDays(366);

    private final Schedules schedules;
    private final Clock clock;

    ScheduleController(Schedules schedules, Clock clock) {
        this.schedules = schedules;
        this.clock = clock;
    }

    @Override
    public List<ScheduledView> scheduled(
            String application, String stage, @Nullable String tenant, @Nullable Caller caller) {
        return schedules.read(Callers.stage(caller, tenant, application, stage)).entries().stream()
                .map(Schedule.Entry::scheduled)
                .toList();
    }

    @Override
    public ScheduledView schedule(
            String application,
            String stage,
            String id,
            @Valid ScheduleRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.stage(caller, tenant, application, stage);
        Callers.checkId(id);
        request.revisions().keySet().forEach(name -> Callers.namespace(caller, tenant, application, stage, name));
        Instant at = request.at().truncatedTo(ChronoUnit.MILLIS);
        Optional<ScheduledView> before = schedules.read(path).byId(id).map(Schedule.Entry::scheduled);
        boolean repeated = before.filter(same -> same.at().equals(at)).isPresent();
        Instant now = clock.instant();
        if (!repeated && (!at.isAfter(now) || at.isAfter(now.plus(FARTHEST)))) {
            throw RequestProblem.invalid("at", "must be in the future, at most a year from now");
        }
        return schedules.add(
                path,
                new ScheduledView(
                        id,
                        at,
                        new TreeMap<>(request.revisions()),
                        ItemRules.message(request.message()),
                        Boolean.TRUE.equals(request.again()),
                        Optional.ofNullable(request.override()).map(ItemRules::message),
                        Callers.author(caller),
                        ScheduleState.WAITING,
                        Optional.empty(),
                        Optional.empty()),
                Callers.known(caller));
    }

    @Override
    public ScheduledView cancel(
            String application, String stage, String id, @Nullable String tenant, @Nullable Caller caller) {
        return schedules.cancel(Callers.stage(caller, tenant, application, stage), id, Callers.known(caller));
    }
}
