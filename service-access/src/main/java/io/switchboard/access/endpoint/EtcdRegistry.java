package io.switchboard.access.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.Watch;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.switchboard.access.endpoint.EtcdStore.Entry;
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
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.core.JacksonException;

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
    private static final int ATTEMPTS = 16;
    /** etcd refuses more than 128 operations in one transaction. */
    private static final int BATCH = 100;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final EtcdProperties properties;
    private final Clock clock;
    private final Addressing addressing;
    private final PublicPorts ports;
    private final LastKnown lastKnown;
    private final EtcdStore store;
    private final EtcdAgentReports agents;

    /** Revisions of what is known, never lower than the true one. */
    private final Map<UUID, Long> revisions = new ConcurrentHashMap<>();

    private final AtomicLong seen = new AtomicLong();
    private final AtomicLong newest = new AtomicLong();

    private final Map<UUID, Upstream> known = new ConcurrentHashMap<>();
    /** Endpoint keys that exist in etcd, with their values. */
    private final NavigableMap<String, String> vouched = new ConcurrentSkipListMap<>();

    private final Told told = new Told();
    /** Instances that the scheduler knows no more, whose endpoint keys are still there. */
    private final Set<UUID> disowned = ConcurrentHashMap.newKeySet();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock connecting = new ReentrantLock();
    /** Writes of one instance, one after the other within this process; etcd's transactions settle the rest. */
    private final List<ReentrantLock> writing =
            Stream.generate(ReentrantLock::new).limit(64).toList();

    private final Semaphore auditWanted = new Semaphore(0);

    private volatile String incarnation;
    private volatile Instant knownSince;
    private volatile long lease;
    /** Up to which of the scheduler's answers the lease was kept alive. */
    private long keptFor;
    /** When etcd last answered, by {@link System#nanoTime}. */
    private volatile long heard = System.nanoTime();

    private volatile boolean unlisted = true;
    private boolean lost;
    private volatile boolean away;
    /** Only the auditor asks. */
    private boolean cutOff;

    private volatile boolean unsaved;
    private volatile Watch.@Nullable Watcher watcher;
    private volatile @Nullable Thread auditor;

    EtcdRegistry(
            EtcdProperties properties, Clock clock, Addressing addressing, PublicPorts ports, LastKnown lastKnown) {
        this.properties = properties;
        this.clock = clock;
        this.addressing = addressing;
        this.ports = ports;
        this.lastKnown = lastKnown;
        this.store = new EtcdStore(properties);
        this.agents = new EtcdAgentReports(store, properties);
        var last = lastKnown.read();
        this.incarnation = last.incarnation();
        this.knownSince = last.at();
        last.upstreams().forEach(upstream -> known.put(upstream.instanceId(), upstream));
    }

    @Override
    public void register(TaskSnapshot snapshot) {
        told.of(snapshot.instanceId());
        var last = known.get(snapshot.instanceId());
        if (last != null && !unlisted && Registration.alreadyKnown(snapshot, last)) {
            return;
        }
        connect();
        var hosts = snapshot.ports().stream()
                .filter(port -> port.protocol() != Protocol.TCP)
                .map(port -> EtcdKeys.host(addressing.host(snapshot, port)))
                .toList();
        write(
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
        disowned.addAll(told.all(instances, asked));
        disowned.removeAll(instances);
        auditWanted.release();
    }

    @Override
    public Optional<Upstream> govern(UUID instanceId, Policy policy) {
        connect();
        write(
                instanceId,
                List.of(),
                (before, registration) -> before.filter(upstream ->
                                !upstream.removed() && !upstream.policy().equals(policy))
                        .map(upstream -> upstream.under(policy, clock.instant())));
        return upstream(instanceId).filter(upstream -> !upstream.removed());
    }

    @Override
    public Optional<Upstream> name(UUID instanceId, String name, UnaryOperator<Domains> change, Optional<UUID> from) {
        connect();
        write(
                instanceId,
                List.of(EtcdKeys.host(name)),
                (before, registration) -> before.filter(upstream -> !upstream.removed())
                        .flatMap(upstream -> {
                            var domains = change.apply(upstream.domains());
                            return domains.equals(upstream.domains())
                                    ? Optional.empty()
                                    : registration.named(upstream, domains, from, clock.instant());
                        }));
        return upstream(instanceId).filter(upstream -> !upstream.removed());
    }

    @Override
    public Collection<Upstream> upstreams() {
        return List.copyOf(known.values());
    }

    @Override
    public Optional<Upstream> upstream(UUID instanceId) {
        return Optional.ofNullable(known.get(instanceId));
    }

    @Override
    public boolean stale(Upstream upstream, Endpoint endpoint) {
        return System.nanoTime() - heard > properties.word().toNanos()
                || !vouched.containsKey(EtcdKeys.endpoint(upstream, endpoint));
    }

    @Override
    public Position position() {
        // In this order: what counts as seen must not be newer than the rest.
        var data = incarnation;
        long all = seen.get();
        return new Position(data, all, newest.get());
    }

    @Override
    public long revision(UUID instanceId) {
        return revisions.getOrDefault(instanceId, 0L);
    }

    @Override
    public AgentReports agents() {
        return agents;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void start() {
        // Assigned before it starts, because it ends as soon as it isn't the one.
        var thread = Thread.ofPlatform().name("access-etcd").daemon().unstarted(this::auditUntilStopped);
        auditor = thread;
        thread.start();
        agents.start();
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
        save();
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

    /** What a route key says. */
    record Holder(UUID instanceId, String tenant, String instanceName, String port) {}

    /** What an instance should become, seen from the newest that is known of it; empty if that is right already. */
    @FunctionalInterface
    private interface Change {
        Optional<Upstream> after(Optional<Upstream> before, Registration registration);
    }

    /** @param keys of routes that may become its, besides those that are */
    private void write(UUID instanceId, List<String> keys, Change change) {
        var lock = writing.get(Math.floorMod(instanceId.hashCode(), writing.size()));
        lock.lock();
        try {
            Set<String> reading = new LinkedHashSet<>(keys);
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                if (attempt(instanceId, reading, change)) {
                    return;
                }
                // A port that it had may be another's by now.
                reading.add(EtcdKeys.PORTS);
            }
            throw new RegistryUnavailable("instance " + instanceId + " was changed by others over and over", null);
        } finally {
            lock.unlock();
        }
    }

    /** @param keys to be read, too; gets those that must be in the next attempt */
    private boolean attempt(UUID instanceId, Set<String> keys, Change change) {
        upstream(instanceId).stream().flatMap(EtcdRegistry::keys).forEach(keys::add);
        List<String> reads = new ArrayList<>(keys);
        reads.add(EtcdKeys.instance(instanceId));
        Map<String, Entry> entries = new HashMap<>();
        store.listAll(reads).forEach(listing -> listing.entries().forEach(entry -> entries.put(entry.key(), entry)));

        var entry = entries.get(EtcdKeys.instance(instanceId));
        var stored = Optional.ofNullable(entry).flatMap(each -> parse(each.value()));
        // Others may have stored routes that aren't known here yet, which can only be kept or freed if they are read.
        if (keys.addAll(stored.stream().flatMap(EtcdRegistry::keys).toList())) {
            return false;
        }
        var before = Stream.of(stored, upstream(instanceId))
                .flatMap(Optional::stream)
                .max(Upstream.BY_STATE);
        var registration = new Registration(
                addressing,
                ports,
                host -> holder(entries.get(EtcdKeys.host(host))),
                number -> holder(entries.get(EtcdKeys.port(number))));

        var changed = change.after(before, registration);
        if (changed.isEmpty() && before.equals(stored)) {
            stored.ifPresent(upstream -> learnAndTell(upstream, entry == null ? 0 : entry.revision()));
            stored.ifPresent(this::vouchIfPossible);
            return true;
        }
        var next = changed.orElseGet(() -> registration.again(before.orElseThrow(), clock.instant()));
        List<Cmp> conditions = new ArrayList<>();
        List<Op> changes = new ArrayList<>();
        conditions.add(EtcdStore.unchanged(EtcdKeys.instance(instanceId), entry == null ? 0 : entry.revision()));
        changes.add(
                next.removed()
                        ? EtcdStore.put(
                                EtcdKeys.instance(instanceId), Json.write(next), store.grant(properties.tombstoneTtl()))
                        : EtcdStore.put(EtcdKeys.instance(instanceId), Json.write(next)));
        routes(next, entries, conditions, changes);
        var committed = store.committed(conditions, changes);
        if (committed.isEmpty()) {
            return false;
        }
        learnAndTell(next, committed.getAsLong());
        vouchIfPossible(next);
        return true;
    }

    /** Claims what the upstream has, and frees what else the instance holds. */
    private void routes(Upstream next, Map<String, Entry> entries, List<Cmp> conditions, List<Op> changes) {
        Map<String, String> wanted = new HashMap<>();
        if (!next.removed()) {
            // Also those that no route leads to now: whose they are doesn't change with a port.
            next.domains().verified().forEach(domain -> wanted.put(EtcdKeys.host(domain.name()), domain.port()));
            next.routes().forEach(route -> wanted.put(key(route), route.port()));
        }
        wanted.forEach((key, port) -> {
            var current = entries.get(key);
            if (!holder(current).equals(Optional.of(next.instanceId()))) {
                conditions.add(EtcdStore.unchanged(key, current == null ? 0 : current.revision()));
                changes.add(EtcdStore.put(
                        key, Json.write(new Holder(next.instanceId(), next.tenant(), next.instanceName(), port))));
            }
        });
        entries.values().stream()
                .filter(entry ->
                        !wanted.containsKey(entry.key()) && !entry.key().startsWith(EtcdKeys.INSTANCES))
                .filter(entry -> holder(entry).equals(Optional.of(next.instanceId())))
                .forEach(entry -> {
                    conditions.add(EtcdStore.unchanged(entry.key(), entry.revision()));
                    changes.add(EtcdStore.delete(entry.key()));
                });
    }

    private static Optional<UUID> holder(@Nullable Entry entry) {
        if (entry == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(entry.value(), Holder.class).instanceId());
        } catch (JacksonException e) {
            log.warn("{} in etcd isn't ours and is passed over: {}", entry.key(), e.getMessage());
            return Optional.of(new UUID(-1, -1));
        }
    }

    private void learnAndTell(Upstream upstream, long revision) {
        if (learn(upstream, revision)) {
            listeners.forEach(Runnable::run);
        }
    }

    /** @return whether it is news */
    private boolean learn(Upstream upstream, long revision) {
        revisions.merge(upstream.instanceId(), revision, Math::max);
        newest.accumulateAndGet(revision, Math::max);
        var after = known.merge(
                upstream.instanceId(), upstream, (old, next) -> Upstream.BY_STATE.compare(next, old) > 0 ? next : old);
        unsaved |= after == upstream;
        return after == upstream;
    }

    private void vouchIfPossible(Upstream upstream) {
        try {
            vouch(List.of(upstream));
        } catch (RegistryUnavailable e) {
            // The record is stored, which is all that routes need; the audit comes back to the keys.
            log.debug("endpoint keys of {} wait for the next audit: {}", upstream.instanceId(), e.getMessage());
        }
    }

    private boolean vouchedFor(Upstream upstream) {
        return upstream.endpoints().stream()
                .allMatch(endpoint -> Json.write(endpoint).equals(vouched.get(EtcdKeys.endpoint(upstream, endpoint))));
    }

    /**
     * For those whose tasks this process was told of. Many share a transaction: one each would take longer than the lease
     * lasts once there are thousands.
     */
    private void vouch(Collection<Upstream> upstreams) {
        long until = lease;
        if (until == 0) {
            return;
        }
        List<Op> changes = new ArrayList<>();
        Map<String, Map<String, String>> done = new HashMap<>();
        for (Upstream upstream : upstreams) {
            if (!told.contains(upstream.instanceId())) {
                continue;
            }
            Map<String, String> wanted = new HashMap<>();
            upstream.endpoints()
                    .forEach(endpoint -> wanted.put(EtcdKeys.endpoint(upstream, endpoint), Json.write(endpoint)));
            var prefix = EtcdKeys.endpoints(upstream);
            vouched(prefix).keySet().stream()
                    .filter(key -> !wanted.containsKey(key))
                    .forEach(key -> changes.add(EtcdStore.delete(key)));
            wanted.forEach((key, value) -> {
                if (!value.equals(vouched.get(key))) {
                    changes.add(EtcdStore.put(key, value, until));
                }
            });
            done.put(prefix, wanted);
            if (changes.size() >= BATCH) {
                vouch(changes, done);
                changes.clear();
                done.clear();
            }
        }
        vouch(changes, done);
    }

    /** @param keys by prefix, those that are there afterwards */
    private void vouch(List<Op> changes, Map<String, Map<String, String>> keys) {
        for (int from = 0; from < changes.size(); from += BATCH) {
            store.commit(List.of(), changes.subList(from, Math.min(from + BATCH, changes.size())));
        }
        keys.forEach((prefix, wanted) -> {
            vouched(prefix).keySet().retainAll(wanted.keySet());
            vouched.putAll(wanted);
        });
    }

    private NavigableMap<String, String> vouched(String prefix) {
        return vouched.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
    }

    private void auditUntilStopped() {
        var every = properties.auditEvery().toMillis();
        var keepAlive = properties.leaseTtl().toMillis() / 3;
        while (auditor == Thread.currentThread()) {
            try {
                if (away && cutOff()) {
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
                if (!away) {
                    away = true;
                    log.warn("routes stay as they are, changes wait: {}", e.getMessage());
                }
            } catch (RuntimeException e) {
                log.error("audit of etcd failed and will be repeated", e);
            }
            save();
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

    /** While no member takes connections there is nobody to ask; once one does, it is asked at once. */
    private boolean cutOff() {
        if (!store.reachable()) {
            cutOff = true;
        } else if (cutOff) {
            cutOff = false;
            store.renew();
            unlisted = true;
        }
        return cutOff;
    }

    private void audit() {
        if (!store.get(EtcdKeys.INCARNATION).map(Entry::value).equals(Optional.of(incarnation))) {
            unlisted = true;
            connect();
        }
        heard = System.nanoTime();
        disown();
        keepLease();
        vouchAgain();
    }

    /** Once for each of the scheduler's answers: when it falls silent, the lease ends, whoever else is alive. */
    private void keepLease() {
        long answers = told.answers();
        if (answers == keptFor) {
            return;
        }
        if (lease == 0 || !store.keepAlive(lease)) {
            lease = store.grant(properties.word());
        }
        keptFor = answers;
    }

    private void vouchAgain() {
        try {
            vouch(known.values().stream()
                    .filter(upstream -> told.contains(upstream.instanceId()) && !vouchedFor(upstream))
                    .toList());
        } catch (RegistryUnavailable e) {
            if (!EtcdStore.leaseNotFound(e)) {
                throw e;
            }
            log.info(
                    "nobody has vouched for our endpoints for too long; they are vouched for again once the scheduler answers");
            lease = 0;
        }
    }

    private void disown() {
        for (UUID instance : disowned) {
            var upstream = known.get(instance);
            if (upstream != null) {
                store.commit(List.of(), List.of(EtcdStore.deleteAll(EtcdKeys.endpoints(upstream))));
            }
            disowned.remove(instance);
        }
    }

    /** Makes sure of a full view and of a watch that goes on from there. */
    private void connect() {
        connecting.lock();
        try {
            if (unlisted) {
                unlisted = false;
                try {
                    list();
                } catch (RuntimeException e) {
                    unlisted = true;
                    throw e;
                }
            }
        } finally {
            connecting.unlock();
        }
    }

    private void list() {
        var listings =
                store.listAll(List.of(EtcdKeys.INCARNATION, EtcdKeys.INSTANCES, EtcdKeys.ENDPOINTS, EtcdKeys.AGENTS));
        var present = listings.get(0).entries().stream().map(Entry::value).findFirst();
        // Until all is restored, also if that takes several attempts.
        lost |= !incarnation.isEmpty() && !present.equals(Optional.of(incarnation));

        Map<String, String> endpoints = new HashMap<>();
        listings.get(2).entries().forEach(entry -> endpoints.put(entry.key(), entry.value()));
        vouched.keySet().retainAll(endpoints.keySet());
        vouched.putAll(endpoints);

        if (lost) {
            revisions.clear();
            newest.set(0);
            seen.set(0);
        }
        // Before anybody hears of it: what agents reported of other data says nothing of this.
        mark(present);
        Map<UUID, Upstream> stored = new HashMap<>();
        listings.get(1)
                .entries()
                .forEach(entry -> parse(entry.value()).ifPresent(upstream -> {
                    stored.put(upstream.instanceId(), upstream);
                    learn(upstream, entry.revision());
                }));
        agents.listed(listings.get(3).entries(), lost);
        seen.set(listings.get(1).revision());
        listeners.forEach(Runnable::run);
        watch(listings.get(1).revision() + 1);

        boolean forgotten = !lost && knownSince.plus(properties.tombstoneTtl()).isBefore(clock.instant());
        for (Upstream upstream : List.copyOf(known.values())) {
            var there = stored.get(upstream.instanceId());
            if (there == null && (upstream.removed() || forgotten)) {
                known.remove(upstream.instanceId());
                told.forget(upstream.instanceId());
                revisions.remove(upstream.instanceId());
                listeners.forEach(Runnable::run);
            } else if (there == null || Upstream.BY_STATE.compare(there, upstream) < 0) {
                restore(upstream);
            }
        }
        if (lost) {
            log.warn("etcd lost its data; {} instances were registered again", known.size());
            lost = false;
        }
        knownSince = clock.instant();
    }

    /** Data without a mark is marked, so that its loss will be noticed. */
    private void mark(Optional<String> present) {
        var mark = present.orElseGet(() -> UUID.randomUUID().toString());
        if (present.isEmpty()) {
            var mine = List.of(EtcdStore.absent(EtcdKeys.INCARNATION));
            if (!store.commit(mine, List.of(EtcdStore.put(EtcdKeys.INCARNATION, mark)))) {
                mark = store.get(EtcdKeys.INCARNATION).map(Entry::value).orElse(mark);
            }
        }
        if (!mark.equals(incarnation)) {
            incarnation = mark;
            unsaved = true;
        }
    }

    /** What is known is newer than what is stored: writing without a change stores it. */
    private void restore(Upstream upstream) {
        write(upstream.instanceId(), List.of(), (before, registration) -> Optional.empty());
    }

    /** Of all routes that it holds. */
    private static Stream<String> keys(Upstream upstream) {
        return Stream.concat(
                upstream.routes().stream().map(EtcdRegistry::key),
                upstream.domains().verified().map(domain -> EtcdKeys.host(domain.name())));
    }

    private static String key(Route route) {
        return switch (route) {
            case Route.Host(String port, String host) -> EtcdKeys.host(host);
            case Route.Port(String port, int number) -> EtcdKeys.port(number);
            case Route.Sip(String port, String domain) -> EtcdKeys.host(domain);
        };
    }

    private void watch(long fromRevision) {
        var old = watcher;
        if (old != null) {
            old.close();
        }
        watcher = store.watch(EtcdKeys.ROOT, fromRevision, new Watch.Listener() {
            @Override
            public void onNext(WatchResponse response) {
                response.getEvents().forEach(EtcdRegistry.this::changed);
            }

            @Override
            public void onError(Throwable error) {
                // The client resumes by itself, unless the revision was compacted; a fresh view is right in both cases.
                listAgain();
            }

            @Override
            public void onCompleted() {
                // Also how a closed watch ends.
            }
        });
    }

    private void listAgain() {
        unlisted = true;
        auditWanted.release();
    }

    private void changed(WatchEvent event) {
        var key = event.getKeyValue().getKey().toString(UTF_8);
        var value = event.getKeyValue().getValue().toString(UTF_8);
        boolean put = event.getEventType() == WatchEvent.EventType.PUT;
        long revision = event.getKeyValue().getModRevision();
        if (key.startsWith(EtcdKeys.INSTANCES)) {
            if (put) {
                parse(value).ifPresent(upstream -> learn(upstream, revision));
            } else {
                listAgain();
            }
        } else if (key.startsWith(EtcdKeys.ENDPOINTS)) {
            if (put) {
                vouched.put(key, value);
            } else {
                vouched.remove(key);
            }
        } else if (key.startsWith(EtcdKeys.AGENTS)) {
            agents.changed(key, put ? Optional.of(value) : Optional.empty());
        } else if (key.equals(EtcdKeys.INCARNATION) && !put) {
            listAgain();
        }
        seen.accumulateAndGet(revision, Math::max);
        if (key.startsWith(EtcdKeys.INSTANCES)) {
            // Once it is seen, and also if this process made the change itself: who carries it reports up to here.
            listeners.forEach(Runnable::run);
        }
    }

    private static Optional<Upstream> parse(String json) {
        try {
            return Optional.of(Json.read(json, Upstream.class));
        } catch (JacksonException e) {
            log.warn("an instance's record in etcd can't be read and is passed over: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void save() {
        if (unsaved) {
            unsaved = false;
            try {
                lastKnown.write(new LastKnown.State(incarnation, clock.instant(), List.copyOf(known.values())));
            } catch (UncheckedIOException e) {
                unsaved = true;
                log.warn("what is known can't be saved: {}", e.getMessage());
            }
        }
    }
}
