package io.switchboard.fakes;

import io.switchboard.contracts.config.ScheduleApi;
import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Keeps what is scheduled, and releases nothing. */
@RestController
public class FakeSchedules implements ScheduleApi {

    private final Map<String, Map<String, ScheduledView>> schedules = new HashMap<>();

    @Override
    public synchronized List<ScheduledView> scheduled(
            String application, String stage, @Nullable String tenant, @Nullable Caller caller) {
        return new ArrayList<>(of(application, stage).values());
    }

    private Map<String, ScheduledView> of(String application, String stage) {
        return schedules.computeIfAbsent(application + "/" + stage, name -> new TreeMap<>());
    }

    @Override
    public synchronized ScheduledView schedule(
            String application,
            String stage,
            String id,
            @RequestBody ScheduleRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return put(
                application,
                stage,
                id,
                request.at(),
                new TreeMap<>(request.revisions()),
                String.valueOf(request.message()),
                FakeOrders.signedIn(caller).subject(),
                ScheduleState.WAITING);
    }

    @Override
    public synchronized ScheduledView cancel(
            String application, String stage, String id, @Nullable String tenant, @Nullable Caller caller) {
        ScheduledView before = Objects.requireNonNull(of(application, stage).get(id));
        return put(
                application,
                stage,
                id,
                before.at(),
                new TreeMap<>(before.revisions()),
                before.message(),
                before.by(),
                ScheduleState.CANCELLED);
    }

    private ScheduledView put(
            String application,
            String stage,
            String id,
            Instant at,
            TreeMap<String, Long> revisions,
            String message,
            String by,
            ScheduleState state) {
        var scheduled = new ScheduledView(
                id, at, revisions, message, false, Optional.empty(), by, state, Optional.empty(), Optional.empty());
        of(application, stage).put(id, scheduled);
        return scheduled;
    }
}
