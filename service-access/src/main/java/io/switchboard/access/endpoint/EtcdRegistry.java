package io.switchboard.access.endpoint;

import io.etcd.jetcd.watch.WatchEvent;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.PublicPorts;
import io.switchboard.access.route.Registration;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Upstreams in etcd.
 *
 * <p>The record of an instance is the truth, changed in one transaction with its routes, and lies there until the
 * instance is removed; endpoint keys hang on this process's lease and only tell that somebody vouches for them. So a
 * key that is gone means an expired lease or lost data, never a removed task: that is said by a record with a higher
 * sequence. {@code RATIONALE.md} has the reasons.
 */
final class EtcdRegistry implements EndpointRegistry, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EtcdRegistry.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final boolean writing;
    private final EtcdProperties properties;
    private final Clock clock;
    private final Addressing addressing;
    private final EtcdStore store;
    private final UnreadableRecords unreadable;
    private final EtcdAgentReports agents;
    private final EtcdView view;
    private final EndpointKeys endpointKeys;
    private final InstanceRecords records;
    private final LiveWatch watch;

    private final ReentrantLock connecting = new ReentrantLock();
    private final Semaphore auditWanted = new Semaphore(0);
    /** Whether etcd answered for the first time, or was found not to. */
    private final CountDownLatch asked = new CountDownLatch(1);

    /** When etcd last answered, by {@link System#nanoTime}. */
    private volatile long heard = System.nanoTime();

    private volatile boolean unlisted = true;
    private volatile boolean away;
    /** Only the auditor asks. */
    private boolean cutOff;

    private volatile @Nullable Thread auditor;

    EtcdRegistry(
            EtcdProperties properties, Clock clock, Addressing addressing, PublicPorts ports, LastKnown lastKnown) {
        this(properties, clock, addressing, ports, lastKnown, true);
    }

    /** One that stores nothing but what its agent reports: what etcd lost, those who register put back. */
    static EtcdRegistry readOnly(
            EtcdProperties properties, Clock clock, Addressing addressing, PublicPorts ports, LastKnown lastKnown) {
        return new EtcdRegistry(properties, clock, addressing, ports, lastKnown, false);
    }

    private EtcdRegistry(
            EtcdProperties properties,
            Clock clock,
            Addressing addressing,
            PublicPorts ports,
            LastKnown lastKnown,
            boolean writing) {
        this.writing = writing;
        this.properties = properties;
        this.clock = clock;
        this.addressing = addressing;
        this.store = new EtcdStore(properties);
        this.unreadable = new UnreadableRecords(clock);
        this.agents = new EtcdAgentReports(store, unreadable, properties);
        this.view = new EtcdView(store, agents, unreadable, lastKnown, properties.tombstoneTtl(), clock, writing);
        this.endpointKeys = new EndpointKeys(store, view, properties);
        this.records = new InstanceRecords(
                store, view, unreadable, endpointKeys, addressing, ports, properties.tombstoneTtl(), clock);
        this.watch = new LiveWatch(store, this::changed, this::listAgain);
    }

    @Override
    public void register(TaskSnapshot snapshot) {
        requireWriting();
        endpointKeys.told(snapshot.instanceId());
        var last = upstream(snapshot.instanceId()).orElse(null);
        if (last != null && !unlisted && Registration.alreadyKnown(snapshot, last)) {
            return;
        }
        connect();
        var hosts = snapshot.ports().stream()
                .filter(port -> port.protocol() != Protocol.TCP)
                .map(port -> EtcdKeys.host(addressing.host(snapshot, port)))
                .toList();
        records.write(
                snapshot.instanceId(),
                lacksPort(snapshot, last)
                        ? Stream.concat(hosts.stream(), Stream.of(EtcdKeys.PORTS))
                                .toList()
                        : hosts,
                (before, registration) -> registration.news(snapshot, before, clock.instant()));
    }

    /** Whether it may have to choose one, for which all that are taken must be known; there may be thousands. */
    private static boolean lacksPort(TaskSnapshot snapshot, @Nullable Upstream last) {
        return !snapshot.removed()
                && snapshot.ports().stream()
                        .filter(port -> port.protocol() == Protocol.TCP)
                        .anyMatch(port -> last == null
                                || last.routes().stream()
                                        .noneMatch(route -> route instanceof Route.Port
                                                && route.port().equals(port.name())));
    }

    @Override
    public void confirm(Set<UUID> instances, long asked) {
        endpointKeys.confirm(instances, asked);
        auditWanted.release();
    }

    @Override
    public Optional<Upstream> govern(UUID instanceId, Policy policy) {
        requireWriting();
        connect();
        records.write(
                instanceId,
                List.of(),
                (before, registration) -> before.filter(upstream ->
                                !upstream.removed() && !upstream.policy().equals(policy))
                        .map(upstream -> upstream.under(policy, clock.instant())));
        return upstream(instanceId).filter(upstream -> !upstream.removed());
    }

    @Override
    public Optional<Upstream> name(UUID instanceId, String name, UnaryOperator<Domains> change, Optional<UUID> from) {
        requireWriting();
        connect();
        records.write(
                instanceId,
                List.of(EtcdKeys.host(name), EtcdKeys.paths(name)),
                (before, registration) -> before.filter(upstream -> !upstream.removed())
                        .flatMap(upstream -> {
                            var domains = change.apply(upstream.domains());
                            return domains.equals(upstream.domains())
                                    ? Optional.empty()
                                    : registration.named(upstream, domains, from, clock.instant());
                        }));
        return upstream(instanceId).filter(upstream -> !upstream.removed());
    }

    private void requireWriting() {
        if (!writing) {
            throw new IllegalStateException("this process only reads what is registered");
        }
    }

    @Override
    public Collection<Upstream> upstreams() {
        return view.upstreams();
    }

    @Override
    public Optional<Upstream> upstream(UUID instanceId) {
        return view.upstream(instanceId);
    }

    @Override
    public boolean answers() {
        return !away;
    }

    @Override
    public boolean stale(Upstream upstream, Endpoint endpoint) {
        return System.nanoTime() - heard > properties.word().toNanos() || !endpointKeys.there(upstream, endpoint);
    }

    @Override
    public Position position() {
        return view.position();
    }

    @Override
    public long revision(UUID instanceId) {
        return view.revision(instanceId);
    }

    @Override
    public AgentReports agents() {
        return agents;
    }

    @Override
    public List<UnreadableRecord> unreadable() {
        return unreadable.all();
    }

    @Override
    public void onChange(Runnable listener) {
        view.onChange(listener);
    }

    @Override
    public void start() {
        // Assigned before it starts, because it ends as soon as it isn't the one.
        var thread = Thread.ofPlatform().name("access-etcd").daemon().unstarted(this::auditUntilStopped);
        auditor = thread;
        thread.start();
        agents.start();
        awaitFirstAnswer();
    }

    /** What starts after this finds all that lies in etcd, if etcd answers. */
    private void awaitFirstAnswer() {
        try {
            if (!asked.await(properties.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                log.info("etcd takes its time; what was known last is served until it answers");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        agents.stop();
        var thread = auditor;
        auditor = null;
        if (thread != null) {
            auditWanted.release();
            try {
                thread.join(properties.timeout());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        view.save();
        store.close();
    }

    @Override
    public boolean isRunning() {
        return auditor != null;
    }

    /** Known before anything asks for it, so that balancers start from it; needs nothing of anyone to start. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void auditUntilStopped() {
        var every = properties.auditEvery().toMillis();
        var keepAlive = properties.leaseTtl().toMillis() / 3;
        while (auditor == Thread.currentThread()) {
            try {
                boolean first = asked.getCount() > 0;
                if ((away || first) && cutOff()) {
                    leave("no member of etcd takes connections");
                    asked.countDown();
                    auditWanted.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                    continue;
                }
                connect();
                audit();
                if (away) {
                    away = false;
                    log.info("etcd answers again");
                }
            } catch (InterruptedException e) {
                return;
            } catch (RegistryUnavailable e) {
                // Whoever takes connections and doesn't answer may answer a new one.
                cutOff |= EtcdStore.silent(e);
                leave(String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                log.error("audit of etcd failed and will be repeated", e);
            }
            asked.countDown();
            view.save();
            try {
                long wait = away ? LOOK_AGAIN.toMillis() : Math.min(every, keepAlive);
                if (auditWanted.tryAcquire(wait, TimeUnit.MILLISECONDS)) {
                    auditWanted.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void leave(String reason) {
        if (!away) {
            away = true;
            log.warn("routes stay as they are, changes wait: {}", reason);
        }
    }

    /** While no member takes connections there is nobody to ask; once one does, it is asked at once. */
    private boolean cutOff() {
        if (!store.reachable()) {
            cutOff = true;
        } else if (cutOff) {
            cutOff = false;
            readAnew();
        }
        return cutOff;
    }

    private void audit() throws InterruptedException {
        long reached = view.reached();
        var marks = store.list(EtcdKeys.INCARNATION);
        if (!view.continues(marks, reached)) {
            unlisted = true;
        } else if (!watch.reaches(marks.revision(), properties.timeout())) {
            log.warn("etcd answers, but its watch fell silent; all is read anew");
            readAnew();
        }
        connect();
        heard = System.nanoTime();
        endpointKeys.renew();
    }

    /** Over a new connection. */
    private void readAnew() {
        watch.close();
        store.renew();
        unlisted = true;
    }

    /** Makes sure of a full view and of a watch that goes on from there. */
    private void connect() {
        connecting.lock();
        try {
            if (unlisted) {
                unlisted = false;
                try {
                    var better = view.read(revision -> watch.from(revision + 1), endpointKeys::forget);
                    if (writing) {
                        better.forEach(records::restore);
                    }
                    view.complete();
                } catch (RuntimeException e) {
                    unlisted = true;
                    throw e;
                }
            }
        } finally {
            connecting.unlock();
        }
    }

    private void changed(WatchEvent event) {
        if (view.changed(event)) {
            listAgain();
        }
    }

    private void listAgain() {
        unlisted = true;
        auditWanted.release();
    }
}
