package io.switchboard.access.endpoint;

import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.switchboard.access.endpoint.EtcdStore.Entry;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Domain;
import io.switchboard.access.route.PublicPorts;
import io.switchboard.access.route.Registration;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Changes an instance's record together with the routes that it holds, in one transaction. */
final class InstanceRecords {

    private static final int ATTEMPTS = 16;

    private final EtcdStore store;
    private final EtcdView view;
    private final UnreadableRecords unreadable;
    private final EndpointKeys endpointKeys;
    private final Addressing addressing;
    private final PublicPorts ports;
    private final Duration tombstoneTtl;
    private final Clock clock;
    /** Writes of one instance, one after the other within this process; etcd's transactions settle the rest. */
    private final List<ReentrantLock> writing =
            Stream.generate(ReentrantLock::new).limit(64).toList();

    InstanceRecords(
            EtcdStore store,
            EtcdView view,
            UnreadableRecords unreadable,
            EndpointKeys endpointKeys,
            Addressing addressing,
            PublicPorts ports,
            Duration tombstoneTtl,
            Clock clock) {
        this.store = store;
        this.view = view;
        this.unreadable = unreadable;
        this.endpointKeys = endpointKeys;
        this.addressing = addressing;
        this.ports = ports;
        this.tombstoneTtl = tombstoneTtl;
        this.clock = clock;
    }

    /** What a route key says. */
    record Holder(UUID instanceId, String tenant, String instanceName, String port) {

        Holder {
            Objects.requireNonNull(instanceId);
        }
    }

    /** Whoever has what can't be read, it isn't free. */
    private static final Holder STRANGER = new Holder(new UUID(-1, -1), "", "", "");

    /** What the key of a host's paths says. */
    record Tenant(String tenant) {}

    /** What an instance should become, seen from the newest that is known of it; empty if that is right already. */
    @FunctionalInterface
    interface Change {
        Optional<Upstream> after(Optional<Upstream> before, Registration registration);
    }

    /** @param keys of routes that may become its, besides those that are */
    void write(UUID instanceId, List<String> keys, Change change) {
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

    /** What is known is newer than what is stored: writing without a change stores it. */
    void restore(Upstream upstream) {
        write(upstream.instanceId(), List.of(), (before, registration) -> Optional.empty());
    }

    /** @param keys to be read, too; gets those that must be in the next attempt */
    private boolean attempt(UUID instanceId, Set<String> keys, Change change) {
        view.upstream(instanceId).stream().flatMap(InstanceRecords::keys).forEach(keys::add);
        List<String> reads = new ArrayList<>(keys);
        reads.add(EtcdKeys.instance(instanceId));
        Map<String, Entry> entries = new HashMap<>();
        store.listAll(reads).forEach(listing -> listing.entries().forEach(entry -> entries.put(entry.key(), entry)));

        var entry = entries.get(EtcdKeys.instance(instanceId));
        var stored = Optional.ofNullable(entry).flatMap(view::parse);
        // Others may have stored routes that aren't known here yet, which can only be kept or freed if they are read.
        if (keys.addAll(stored.stream().flatMap(InstanceRecords::keys).toList())) {
            return false;
        }
        var before = Stream.of(stored, view.upstream(instanceId))
                .flatMap(Optional::stream)
                .max(Upstream.BY_STATE);
        var registration = new Registration(
                addressing,
                ports,
                place -> holder(entries.get(EtcdKeys.place(place))),
                host -> tenants(host, entries),
                number -> holder(entries.get(EtcdKeys.port(number))));

        var changed = change.after(before, registration);
        if (changed.isEmpty() && before.equals(stored)) {
            stored.ifPresent(upstream -> view.learnAndTell(upstream, entry == null ? 0 : entry.revision()));
            stored.ifPresent(endpointKeys::vouchIfPossible);
            return true;
        }
        var next = changed.orElseGet(() -> registration.again(before.orElseThrow(), clock.instant()));
        List<Cmp> conditions = new ArrayList<>();
        List<Op> changes = new ArrayList<>();
        conditions.add(EtcdStore.unchanged(EtcdKeys.instance(instanceId), entry == null ? 0 : entry.revision()));
        changes.add(
                next.removed()
                        ? EtcdStore.put(EtcdKeys.instance(instanceId), Json.write(next), store.grant(tombstoneTtl))
                        : EtcdStore.put(EtcdKeys.instance(instanceId), Json.write(next)));
        routes(next, entries, conditions, changes);
        var committed = store.committed(conditions, changes);
        if (committed.isEmpty()) {
            return false;
        }
        view.learnAndTell(next, committed.getAsLong());
        endpointKeys.vouchIfPossible(next);
        return true;
    }

    /** Claims what the upstream has, and frees what else the instance holds. */
    private void routes(Upstream next, Map<String, Entry> entries, List<Cmp> conditions, List<Op> changes) {
        Map<String, String> wanted = new HashMap<>();
        if (!next.removed()) {
            // Also those that no route leads to now: whose they are doesn't change with a port.
            next.domains().verified().forEach(domain -> wanted.put(EtcdKeys.place(domain.place()), domain.port()));
            next.routes().forEach(route -> wanted.put(key(route), route.port()));
        }
        Set<String> moved = new LinkedHashSet<>();
        wanted.forEach((key, port) -> {
            var current = entries.get(key);
            if (!holder(current).equals(Optional.of(next.instanceId()))) {
                moved.add(key);
                conditions.add(unchanged(key, entries));
                changes.add(EtcdStore.put(
                        key, Json.write(new Holder(next.instanceId(), next.tenant(), next.instanceName(), port))));
            }
        });
        entries.values().stream()
                .filter(entry -> !wanted.containsKey(entry.key())
                        && !entry.key().startsWith(EtcdKeys.INSTANCES)
                        && !EtcdKeys.isOfAllPaths(entry.key()))
                .filter(entry -> holder(entry).equals(Optional.of(next.instanceId())))
                .forEach(entry -> {
                    moved.add(entry.key());
                    conditions.add(unchanged(entry.key(), entries));
                    changes.add(EtcdStore.delete(entry.key()));
                });
        paths(next, wanted.keySet(), moved, entries, conditions, changes);
    }

    /**
     * A host with paths is one tenant's, which no key of its own can see to: whoever takes or frees a path changes the key of all
     * paths, and who takes the whole host finds it unchanged.
     *
     * @param moved keys that are claimed or freed
     */
    private static void paths(
            Upstream next,
            Set<String> wanted,
            Set<String> moved,
            Map<String, Entry> entries,
            List<Cmp> conditions,
            List<Op> changes) {
        next.domains().verified().map(Domain::name).forEach(host -> {
            if (moved.contains(EtcdKeys.host(host))) {
                conditions.add(unchanged(EtcdKeys.paths(host), entries));
            }
        });
        moved.stream()
                .filter(key -> key.startsWith(EtcdKeys.PATHS))
                .map(EtcdKeys::hostOfPath)
                .distinct()
                .forEach(host -> {
                    var key = EtcdKeys.paths(host);
                    boolean some = Stream.concat(
                                    wanted.stream(), entries.keySet().stream().filter(each -> !moved.contains(each)))
                            .anyMatch(each -> each.startsWith(key + "/"));
                    conditions.add(unchanged(key, entries));
                    conditions.add(unchanged(EtcdKeys.host(host), entries));
                    changes.add(
                            some ? EtcdStore.put(key, Json.write(new Tenant(next.tenant()))) : EtcdStore.delete(key));
                });
    }

    private static Cmp unchanged(String key, Map<String, Entry> entries) {
        var entry = entries.get(key);
        return EtcdStore.unchanged(key, entry == null ? 0 : entry.revision());
    }

    /** Who has the host or a path of it. */
    private Set<String> tenants(String host, Map<String, Entry> entries) {
        return entries.values().stream()
                .filter(entry ->
                        entry.key().equals(EtcdKeys.host(host)) || entry.key().startsWith(EtcdKeys.paths(host) + "/"))
                .map(entry -> held(entry).tenant())
                .collect(Collectors.toSet());
    }

    private Optional<UUID> holder(@Nullable Entry entry) {
        return Optional.ofNullable(entry).map(this::held).map(Holder::instanceId);
    }

    private Holder held(Entry entry) {
        try {
            return Json.read(entry.value(), Holder.class);
        } catch (JacksonException e) {
            unreadable.noticed(entry.key(), e);
            return STRANGER;
        }
    }

    /** Of all routes that it holds, and of what else tells whether it may. */
    private static Stream<String> keys(Upstream upstream) {
        return Stream.concat(
                upstream.routes().stream().map(InstanceRecords::key),
                upstream.domains()
                        .verified()
                        .flatMap(domain -> Stream.of(EtcdKeys.host(domain.name()), EtcdKeys.paths(domain.name()))));
    }

    private static String key(Route route) {
        return switch (route) {
            case Route.Http http -> EtcdKeys.place(http.place());
            case Route.Port(String port, int number) -> EtcdKeys.port(number);
            case Route.Sip(String port, String domain) -> EtcdKeys.host(domain);
        };
    }
}
