package io.switchboard.access.balancer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.switchboard.access.balancer.Balancer.Outcome;
import io.switchboard.access.endpoint.AgentReport;
import io.switchboard.access.endpoint.AgentReports;
import io.switchboard.access.endpoint.Drift;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.endpoint.EndpointRegistry.Position;
import io.switchboard.access.endpoint.PresentedCertificate;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.access.RouteEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Takes every change of the registry to the balancer and says so once traffic follows it.
 *
 * <p>A change is taken at once; those that come in the meantime are taken together after it. It is said once all other
 * agents have it, too. What was said is never remembered: after a start, all that is in force is said again.
 */
final class Agent implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Agent.class);
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    /** Between two saves; a change is hardly felt then, however many there are. */
    private static final Duration SAVE_EVERY = Duration.ofMillis(500);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final String agentId;
    private final EndpointRegistry registry;
    private final Balancer balancer;
    private final Consumer<RouteEvent> events;
    private final ServingHistory history;
    private final StaleEndpoints stale;
    private final AgentProperties properties;
    private final Clock clock;
    private final Timer applying;

    private final Instant startedAt;
    private final Map<UUID, Carried> carried = new ConcurrentHashMap<>();
    /** Carried here, but not yet by all other agents. */
    private final Set<UUID> unannounced = new HashSet<>();

    private AgentReport said;
    private List<Drift> saidDrifts = List.of();
    private Optional<List<PresentedCertificate>> saidCertificates = Optional.empty();
    /** Of those carried, the ones that weren't removed. */
    private int instances;

    private final Map<UUID, String> refused = new HashMap<>();
    private final Semaphore changes = new Semaphore(1);
    private volatile boolean auditWanted = true;
    private final Semaphore unsaved = new Semaphore(0);
    private final Semaphore stopped = new Semaphore(0);
    private volatile @Nullable Thread worker;
    private volatile @Nullable Thread saver;
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("access-look").daemon().factory());
    private int listed;
    private Duration retry = RETRY;
    private boolean away;

    /**
     * @param agentId no other agent has it
     * @param events gets what all agents carry; somebody else says it where this process has nobody to say it to
     */
    Agent(
            String agentId,
            EndpointRegistry registry,
            Balancer balancer,
            Consumer<RouteEvent> events,
            ServingHistory history,
            AgentProperties properties,
            Clock clock,
            MeterRegistry meters) {
        this.agentId = agentId;
        this.startedAt = clock.instant();
        this.said = new AgentReport(agentId, startedAt, "", 0, balancer.mode().name(), "", 0, Set.of(), 0, 0);
        this.registry = registry;
        this.balancer = balancer;
        this.events = events;
        this.history = history;
        this.properties = properties;
        this.clock = clock;
        this.applying = Timer.builder("access.apply")
                .description(
                        "bringing the balancer in line with the registry, once; without the wait for a change or for the turn before")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        meters.gauge(
                "access.endpoints",
                carried,
                routes -> routes.values().stream()
                        .mapToInt(route -> route.upstream().endpoints().size())
                        .sum());
        this.stale = new StaleEndpoints(
                registry::upstreams,
                registry::stale,
                new Probe(new HostAddresses(clock, HostAddresses.Resolver::ofMachine, () -> {})),
                changes::release);
        meters.gauge("access.endpoints.dead", stale, StaleEndpoints::dead);
        registry.onChange(changes::release);
        registry.agents().onChange(changes::release);
        balancer.onNews(changes::release);
        balancer.onEnd(() -> {
            auditWanted = true;
            changes.release();
        });
    }

    /** An upstream that the balancer carries, since when, and where it answers. */
    record Carried(Upstream upstream, Instant since, List<Address> addresses) {}

    Collection<Carried> carried() {
        return List.copyOf(carried.values());
    }

    @Override
    public void start() {
        // Assigned before it starts, because it ends as soon as it isn't the one.
        var thread = Thread.ofPlatform().name("access-agent").daemon().unstarted(this::workUntilStopped);
        worker = thread;
        thread.start();
        var saving = Thread.ofPlatform().name("access-save").daemon().unstarted(this::saveUntilStopped);
        saver = saving;
        saving.start();
        looker.scheduleWithFixedDelay(
                this::look,
                properties.auditEvery().toMillis(),
                properties.auditEvery().toMillis(),
                TimeUnit.MILLISECONDS);
        stale.start();
    }

    /** Beside the one who works, whom a look at thousands of routes would hold up. */
    private void look() {
        try {
            if (balancer.auditDue(stale.without(registry.upstreams()))) {
                auditWanted = true;
            }
        } catch (BalancerUnavailable e) {
            auditWanted = true;
        } catch (RuntimeException e) {
            log.error("the look at what the balancer does failed; it is audited", e);
            auditWanted = true;
        }
        changes.release();
    }

    private void workUntilStopped() {
        var nextPublication = clock.instant().plus(properties.republishEvery());
        // Others wait for this one from now on, also before anything is in force.
        registry.agents().say(said);
        while (worker == Thread.currentThread()) {
            long began = System.nanoTime();
            long wait;
            boolean audit = auditWanted;
            auditWanted = false;
            try {
                var position = registry.position();
                var upstreams = stale.without(registry.upstreams());
                var outcomes = audit ? balancer.audit(upstreams) : balancer.carry(upstreams);
                if (audit || upstreams.size() < listed) {
                    forgetOthers(upstreams);
                }
                listed = upstreams.size();
                settle(upstreams, outcomes);
                report(position);
                announce();
                applying.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
                unsaved.release();
                if (!clock.instant().isBefore(nextPublication)) {
                    unannounced.addAll(carried.keySet());
                    announce();
                    nextPublication = clock.instant().plus(properties.republishEvery());
                }
                wait = Math.max(
                                0,
                                Duration.between(clock.instant(), nextPublication)
                                        .toMillis())
                        + 1;
                retry = RETRY;
                if (away) {
                    away = false;
                    log.info("the balancer answers again and carries {} instances", upstreams.size());
                }
            } catch (BalancerUnavailable e) {
                if (!away) {
                    away = true;
                    log.warn("the balancer can't be brought in line and is tried again: {}", e.getMessage());
                }
                wait = backOff();
                auditWanted = true;
            } catch (RuntimeException e) {
                log.error("bringing the balancer in line failed and is tried again", e);
                wait = backOff();
                auditWanted = true;
            }
            try {
                if (changes.tryAcquire(wait, TimeUnit.MILLISECONDS)) {
                    changes.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Beside the one who works: rendering and the disk take longer than a change. */
    private void saveUntilStopped() {
        try {
            while (saver == Thread.currentThread()) {
                unsaved.acquire();
                unsaved.drainPermits();
                save();
                stopped.tryAcquire(SAVE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            }
            // Nothing changes any more.
            save();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void save() {
        try {
            balancer.save();
            history.save();
        } catch (RuntimeException e) {
            log.error("what the balancer does can't be put down, which is tried again", e);
            unsaved.release();
        }
    }

    private long backOff() {
        long wait = retry.toMillis();
        var longer = retry.multipliedBy(2);
        retry = longer.compareTo(LONGEST_RETRY) < 0 ? longer : LONGEST_RETRY;
        return wait;
    }

    private void forgetOthers(Collection<Upstream> upstreams) {
        var ids = upstreams.stream().map(Upstream::instanceId).collect(Collectors.toSet());
        carried.keySet().retainAll(ids);
        instances = (int) carried.values().stream()
                .filter(route -> !route.upstream().removed())
                .count();
        refused.keySet().retainAll(ids);
        history.forgetOthers(ids);
    }

    private void settle(Collection<Upstream> upstreams, Map<UUID, Outcome> outcomes) {
        upstreams.stream()
                .filter(upstream -> outcomes.containsKey(upstream.instanceId()))
                // Who leaves an address before who gets it.
                .sorted(Comparator.comparing((Upstream upstream) -> !upstream.removed())
                        .thenComparing(Upstream::instanceId, Upstream.BY_AGE))
                .forEach(upstream -> settle(upstream, Objects.requireNonNull(outcomes.get(upstream.instanceId()))));
    }

    private void settle(Upstream upstream, Outcome outcome) {
        var id = upstream.instanceId();
        switch (outcome) {
            case Outcome.InForce(List<Address> addresses) -> {
                refused.remove(id);
                history.note(upstream);
                var before = carried.get(id);
                if (before == null
                        || !before.upstream().equals(upstream)
                        || !before.addresses().equals(addresses)) {
                    var now = new Carried(upstream, clock.instant(), addresses);
                    carried.put(id, now);
                    instances += (upstream.removed() ? 0 : 1)
                            - (before == null || before.upstream().removed() ? 0 : 1);
                    unannounced.add(id);
                }
            }
            case Outcome.Refused(String reason) -> {
                if (!reason.equals(refused.put(id, reason))) {
                    log.warn("instance {} of tenant {} isn't carried: {}", id, upstream.tenant(), reason);
                }
            }
        }
    }

    private void report(Position position) {
        var condition = balancer.condition();
        reportDrifts(condition.drifts());
        if (!condition.certificates().equals(saidCertificates)) {
            saidCertificates = condition.certificates();
            saidCertificates.ifPresent(presented -> registry.agents().presented(agentId, presented));
        }
        var now = new AgentReport(
                agentId,
                startedAt,
                position.incarnation(),
                position.seen(),
                balancer.mode().name(),
                condition.version(),
                instances,
                refused.keySet(),
                condition.repairs(),
                condition.oldWorkers());
        // Reports are changes in the store, too; who says that it has seen them would never end.
        if (position.newest() > said.revision() || !now.saysNoMoreThan(said)) {
            said = now;
            registry.agents().say(now);
        }
    }

    /** An earlier agent's are kept behind this one's. */
    private void reportDrifts(List<Drift> own) {
        if (own.equals(saidDrifts)) {
            return;
        }
        saidDrifts = own;
        var earlier = registry.agents().drifts().getOrDefault(agentId, List.of()).stream()
                .filter(drift -> drift.noticedAt().isBefore(startedAt));
        registry.agents()
                .drifted(
                        agentId,
                        Stream.concat(own.stream(), earlier)
                                .limit(Drift.MOST_KEPT)
                                .toList());
    }

    /** Says what all agents carry by now. One that fell silent is waited for until it is forgotten: its balancer goes on. */
    private void announce() {
        // Before the first listing nobody knows who else carries traffic.
        if (unannounced.isEmpty() || registry.position().seen() == 0) {
            return;
        }
        var others = registry.agents().heard().stream()
                .map(AgentReports.Heard::report)
                .filter(report -> !report.id().equals(agentId))
                .toList();
        var incarnation = registry.position().incarnation();
        unannounced.removeIf(instance -> {
            var route = carried.get(instance);
            long revision = registry.revision(instance);
            boolean everywhere = others.stream().allMatch(other -> other.carries(instance, incarnation, revision));
            if (route != null && everywhere) {
                publish(route);
            }
            return route == null || everywhere;
        });
    }

    private void publish(Carried route) {
        events.accept(route.upstream().inForce(clock.instant(), route.addresses()));
    }

    @Override
    public void stop() {
        var working = worker;
        var saving = saver;
        worker = null;
        stale.stop();
        looker.shutdownNow();
        changes.release();
        join(working);
        saver = null;
        stopped.release();
        unsaved.release();
        join(saving);
        balancer.close();
        if (balancer.goesOn()) {
            registry.agents().fallSilent();
        } else {
            registry.agents().withdraw();
        }
    }

    static void join(@Nullable Thread thread) {
        if (thread != null) {
            try {
                thread.join(STOP_PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }

    /** After the registry has what it knew. */
    @Override
    public int getPhase() {
        return 20;
    }
}
