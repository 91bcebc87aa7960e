package io.switchboard.access.balancer;

import static java.util.stream.Collectors.toSet;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.access.endpoint.AgentReport;
import io.switchboard.access.endpoint.AgentReports.Heard;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.BalancerEvent;
import io.switchboard.contracts.access.BalancersApi.BalancerView;
import io.switchboard.contracts.access.BalancersApi.Standing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Watches how all agents stand to the newest change, and says when that becomes otherwise. Goes by this process's clock
 * only: a change waits since it came to be known here.
 */
final class AgentWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(AgentWatch.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final EndpointRegistry registry;
    private final Consumer<BalancerEvent> events;
    private final Duration behindAfter;
    private final Clock clock;

    private final Semaphore news = new Semaphore(0);
    private final Map<String, Watched> watched = new HashMap<>();
    private Timeline timeline = new Timeline();
    private String incarnation = "";
    private Instant incarnationSince;
    private volatile List<BalancerView> views = List.of();
    private volatile @Nullable Thread watcher;

    AgentWatch(
            EndpointRegistry registry,
            Consumer<BalancerEvent> events,
            Duration behindAfter,
            Clock clock,
            MeterRegistry meters) {
        this.registry = registry;
        this.events = events;
        this.behindAfter = behindAfter;
        this.clock = clock;
        this.incarnationSince = clock.instant();
        registry.onChange(news::release);
        registry.agents().onChange(news::release);
        for (Standing standing : Standing.values()) {
            Gauge.builder("access.balancers", () -> count(standing))
                    .description("balancers by how they stand to the newest change of routes")
                    .tag("standing", standing.name())
                    .register(meters);
        }
        Gauge.builder("access.records.unreadable", () -> registry.unreadable().size())
                .description("records in etcd that can't be read and are passed over")
                .register(meters);
        Gauge.builder("access.balancers.behind", this::longestBehind)
                .description("how long the oldest change that some balancer lacks has been known")
                .baseUnit("seconds")
                .register(meters);
    }

    /** @param startedAt of the agent, which tells it from an earlier one */
    private record Watched(Instant startedAt, Instant heardSince, Standing standing, Instant since) {}

    /** By id, as of now. */
    synchronized List<BalancerView> views() {
        look();
        return views;
    }

    private long count(Standing standing) {
        return views().stream().filter(view -> view.standing() == standing).count();
    }

    private double longestBehind() {
        return views().stream().mapToLong(BalancerView::behindMillis).max().orElse(0) / 1e3;
    }

    /** @return how long nothing can change unless there is news */
    private synchronized Duration look() {
        var now = clock.instant();
        var position = registry.position();
        var heard = registry.agents().heard();
        if (!position.incarnation().equals(incarnation)) {
            incarnation = position.incarnation();
            incarnationSince = now;
            timeline = new Timeline();
        }
        timeline.note(position.newest(), now);
        var next = LONGEST_WAIT;
        List<BalancerView> found = new ArrayList<>();
        for (Heard each : heard) {
            var missing = missingSince(each.report(), position.newest(), now);
            var standing = standing(each.alive(), missing, now);
            found.add(view(
                    each.report(),
                    settle(each.report(), standing, position.newest(), now),
                    missing,
                    now,
                    position.newest()));
            if (standing == Standing.IN_STEP && missing.isPresent()) {
                var due = Duration.between(now, missing.get().plus(behindAfter));
                next = due.compareTo(next) < 0 ? due : next;
            }
        }
        forgetOthers(heard.stream().map(each -> each.report().id()).collect(toSet()));
        timeline.forgetUpTo(heard.stream()
                .mapToLong(each -> each.report().revisionIn(incarnation))
                .min()
                .orElse(position.newest()));
        found.sort(Comparator.comparing(BalancerView::id));
        views = List.copyOf(found);
        return next;
    }

    /** Since when a change that the agent lacks has been known, but not from before the agent itself was heard of. */
    private Optional<Instant> missingSince(AgentReport report, long newest, Instant now) {
        long revision = report.revisionIn(incarnation);
        if (revision >= newest) {
            return Optional.empty();
        }
        var known = timeline.oldestAfter(revision).orElse(incarnationSince);
        var before = watched.get(report.id());
        var heard = before != null && before.startedAt().equals(report.startedAt()) ? before.heardSince() : now;
        return Optional.of(known.isAfter(heard) ? known : heard);
    }

    private Standing standing(boolean alive, Optional<Instant> missing, Instant now) {
        if (!alive) {
            return Standing.SILENT;
        }
        return missing.filter(since -> !since.plus(behindAfter).isAfter(now)).isPresent()
                ? Standing.BEHIND
                : Standing.IN_STEP;
    }

    private Watched settle(AgentReport report, Standing standing, long newest, Instant now) {
        var before = watched.get(report.id());
        var stands = before != null && before.standing() == standing ? before.since() : null;
        var after = new Watched(
                report.startedAt(),
                before != null && before.startedAt().equals(report.startedAt()) ? before.heardSince() : now,
                standing,
                stands == null ? now : stands);
        watched.put(report.id(), after);
        if (stands == null && (before != null || standing != Standing.IN_STEP)) {
            tell(report, standing, newest, now);
        }
        return after;
    }

    private void tell(AgentReport report, Standing standing, long newest, Instant now) {
        long revision = report.revisionIn(incarnation);
        switch (standing) {
            case IN_STEP -> log.info("balancer {} is in step again, at revision {}", report.id(), revision);
            case BEHIND ->
                log.warn(
                        "balancer {} is behind: changes up to revision {} should be in force there, but only those up to {} are",
                        report.id(),
                        newest,
                        revision);
            case SILENT ->
                log.warn(
                        "the agent of balancer {} says nothing any more; traffic goes on there by revision {}, the newest is {}",
                        report.id(),
                        revision,
                        newest);
        }
        events.accept(new BalancerEvent(report.id(), standing, now, revision, newest));
    }

    private void forgetOthers(Set<String> ids) {
        watched.entrySet().removeIf(entry -> {
            boolean gone = !ids.contains(entry.getKey());
            if (gone) {
                log.info("balancer {} is there no more and isn't waited for", entry.getKey());
            }
            return gone;
        });
    }

    private BalancerView view(AgentReport report, Watched stands, Optional<Instant> missing, Instant now, long newest) {
        return new BalancerView(
                report.id(),
                mode(report),
                stands.standing(),
                stands.since(),
                report.revisionIn(incarnation),
                newest,
                missing.map(since -> Duration.between(since, now).toMillis()).orElse(0L),
                report.version(),
                report.instances(),
                report.refused().size(),
                report.repairs(),
                report.oldWorkers(),
                report.startedAt());
    }

    /** One that isn't known here is that of a later version, which has something to wait for: it balances. */
    private static AccessApi.Mode mode(AgentReport report) {
        return Arrays.stream(AccessApi.Mode.values())
                .filter(mode -> mode.name().equals(report.mode()))
                .findFirst()
                .orElse(AccessApi.Mode.HAPROXY);
    }

    @Override
    public void start() {
        // Assigned before it starts, because it ends as soon as it isn't the one.
        var thread = Thread.ofPlatform().name("access-agent-watch").daemon().unstarted(this::watchUntilStopped);
        watcher = thread;
        thread.start();
    }

    private void watchUntilStopped() {
        try {
            while (watcher == Thread.currentThread()) {
                var wait = LONGEST_WAIT;
                try {
                    wait = look();
                } catch (RuntimeException e) {
                    log.error("a look at the agents failed and is repeated", e);
                }
                if (news.tryAcquire(Math.max(1, wait.toMillis() + 1), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        var thread = watcher;
        watcher = null;
        if (thread != null) {
            news.release();
        }
    }

    @Override
    public boolean isRunning() {
        return watcher != null;
    }

    /** After events can be taken, before the agent of this process. */
    @Override
    public int getPhase() {
        return 16;
    }
}
