package io.switchboard.access.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.watch.WatchEvent;
import io.switchboard.access.endpoint.EndpointRegistry.Position;
import io.switchboard.access.endpoint.EtcdStore.Entry;
import io.switchboard.access.endpoint.EtcdStore.Listing;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Upstream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** What lies in etcd, as far as it was read or told of; and what was known of it before, kept in a file. */
final class EtcdView {

    private static final Logger log = LoggerFactory.getLogger(EtcdView.class);

    private final boolean marking;
    private final EtcdStore store;
    private final EtcdAgentReports agents;
    private final UnreadableRecords unreadable;
    private final LastKnown lastKnown;
    private final Duration tombstoneTtl;
    private final Clock clock;

    private final Map<UUID, Upstream> known = new ConcurrentHashMap<>();
    /** Revisions of what is known, never lower than the true one. */
    private final Map<UUID, Long> revisions = new ConcurrentHashMap<>();

    private final AtomicLong seen = new AtomicLong();
    private final AtomicLong newest = new AtomicLong();
    /** Endpoint keys that exist in etcd. */
    private final NavigableMap<String, Endpoint> vouched = new ConcurrentSkipListMap<>();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private volatile String incarnation;
    private volatile Instant knownSince;
    private volatile boolean unsaved;
    private boolean lost;

    /** @param marking whether data without a mark gets one from here */
    EtcdView(
            EtcdStore store,
            EtcdAgentReports agents,
            UnreadableRecords unreadable,
            LastKnown lastKnown,
            Duration tombstoneTtl,
            Clock clock,
            boolean marking) {
        this.marking = marking;
        this.store = store;
        this.agents = agents;
        this.unreadable = unreadable;
        this.lastKnown = lastKnown;
        this.tombstoneTtl = tombstoneTtl;
        this.clock = clock;
        var last = lastKnown.read();
        this.incarnation = last.incarnation();
        this.knownSince = last.at();
        last.upstreams().forEach(upstream -> known.put(upstream.instanceId(), upstream));
    }

    Collection<Upstream> upstreams() {
        return List.copyOf(known.values());
    }

    Optional<Upstream> upstream(UUID instanceId) {
        return Optional.ofNullable(known.get(instanceId));
    }

    Position position() {
        // In this order: what counts as seen must not be newer than the rest.
        var data = incarnation;
        long all = seen.get();
        return new Position(data, all, newest.get());
    }

    long revision(UUID instanceId) {
        return revisions.getOrDefault(instanceId, 0L);
    }

    /** The highest revision that etcd is known to have reached. */
    long reached() {
        return Math.max(seen.get(), newest.get());
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }

    /** Those below a prefix; what is changed here is changed in the view. */
    NavigableMap<String, Endpoint> vouched(String prefix) {
        return vouched.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
    }

    /** Whether this is the data that was read before, and no earlier state of it. */
    boolean continues(Listing marks, long reached) {
        return marks.revision() >= reached
                && mark(marks).map(Entry::value).orElse("").equals(incarnation);
    }

    /**
     * Reads everything.
     *
     * @param follow called with the revision that was read, once others may hear of what comes after it
     * @param forgotten gets the instances that are known no more
     * @return what is known better than it is stored; once that is stored, the view is {@link #complete}
     */
    List<Upstream> read(LongConsumer follow, Consumer<UUID> forgotten) {
        long reached = reached();
        var before = Map.copyOf(revisions);
        var listings =
                store.listAll(List.of(EtcdKeys.INCARNATION, EtcdKeys.INSTANCES, EtcdKeys.ENDPOINTS, EtcdKeys.AGENTS));
        unreadable.listed(listings.stream()
                .flatMap(listing -> listing.entries().stream())
                .map(Entry::key)
                .collect(Collectors.toSet()));
        var instances = listings.get(1);
        var stored = stored(instances);
        // Until all is restored, also if that takes several attempts.
        lost |= !incarnation.isEmpty() && !continues(listings.get(0), reached) || older(stored, before);
        var endpoints = listings.get(2).entries();
        vouched.keySet().retainAll(endpoints.stream().map(Entry::key).collect(Collectors.toSet()));
        endpoints.forEach(entry -> vouched(entry.key(), entry.value()));
        if (lost) {
            revisions.clear();
            newest.set(0);
            seen.set(0);
        }
        // Before anybody hears of it: what agents reported of other data says nothing of this.
        mark(mark(listings.get(0)));
        stored.values().forEach(each -> learn(each.upstream(), each.revision()));
        agents.listed(listings.get(3).entries(), lost);
        seen.set(instances.revision());
        tell();
        follow.accept(instances.revision());
        return better(stored, forgotten);
    }

    private record Stored(Upstream upstream, long revision) {}

    private Map<UUID, Stored> stored(Listing instances) {
        Map<UUID, Stored> stored = new HashMap<>();
        instances
                .entries()
                .forEach(entry -> parse(entry)
                        .ifPresent(
                                upstream -> stored.put(upstream.instanceId(), new Stored(upstream, entry.revision()))));
        return stored;
    }

    /** The revision of a record only grows, however much is written after an earlier state came back. */
    private static boolean older(Map<UUID, Stored> stored, Map<UUID, Long> before) {
        return stored.entrySet().stream()
                .anyMatch(each -> each.getValue().revision() < before.getOrDefault(each.getKey(), 0L));
    }

    private List<Upstream> better(Map<UUID, Stored> stored, Consumer<UUID> forgotten) {
        boolean expired = !lost && knownSince.plus(tombstoneTtl).isBefore(clock.instant());
        List<Upstream> better = new ArrayList<>();
        for (Upstream upstream : upstreams()) {
            if (unreadable.contains(EtcdKeys.instance(upstream.instanceId()))) {
                // A later version may have written it, and what this one knows is older.
                continue;
            }
            var there = stored.get(upstream.instanceId());
            if (there == null && (upstream.removed() || expired)) {
                known.remove(upstream.instanceId());
                revisions.remove(upstream.instanceId());
                forgotten.accept(upstream.instanceId());
                tell();
            } else if (there == null || Upstream.BY_STATE.compare(there.upstream(), upstream) < 0) {
                better.add(upstream);
            }
        }
        return better;
    }

    void complete() {
        if (lost) {
            log.warn(
                    "etcd lost data, or an earlier state of it came back; {} instances are as they were", known.size());
            lost = false;
        }
        knownSince = clock.instant();
    }

    private static Optional<Entry> mark(Listing marks) {
        return marks.entries().stream().findFirst();
    }

    /**
     * Data without a mark is marked, so that its loss will be noticed; and data of which an earlier state came back is marked anew,
     * because what agents reported of its revisions is wrong from now on.
     */
    private void mark(Optional<Entry> present) {
        var mark = present.map(Entry::value).orElse("");
        if (marking && (mark.isEmpty() || lost && mark.equals(incarnation))) {
            var mine = UUID.randomUUID().toString();
            var unchanged = EtcdStore.unchanged(
                    EtcdKeys.INCARNATION, present.map(Entry::revision).orElse(0L));
            mark = store.commit(List.of(unchanged), List.of(EtcdStore.put(EtcdKeys.INCARNATION, mine)))
                    ? mine
                    : store.get(EtcdKeys.INCARNATION).map(Entry::value).orElse(mine);
        }
        if (!mark.equals(incarnation)) {
            incarnation = mark;
            unsaved = true;
        }
    }

    /** @return whether the whole must be read again */
    boolean changed(WatchEvent event) {
        var key = event.getKeyValue().getKey().toString(UTF_8);
        var value = event.getKeyValue().getValue().toString(UTF_8);
        boolean put = event.getEventType() == WatchEvent.EventType.PUT;
        long revision = event.getKeyValue().getModRevision();
        boolean instance = key.startsWith(EtcdKeys.INSTANCES);
        if (!put || key.startsWith(EtcdKeys.ROUTES)) {
            unreadable.mended(key);
        }
        if (instance && put) {
            parse(new Entry(key, value, revision)).ifPresent(upstream -> learn(upstream, revision));
        } else if (key.startsWith(EtcdKeys.ENDPOINTS)) {
            if (put) {
                vouched(key, value);
            } else {
                vouched.remove(key);
            }
        } else if (key.startsWith(EtcdKeys.AGENTS)) {
            agents.changed(key, put ? Optional.of(value) : Optional.empty());
        }
        seen.accumulateAndGet(revision, Math::max);
        if (instance) {
            // Once it is seen, and also if this process made the change itself: who carries it reports up to here.
            tell();
        }
        return (instance || key.equals(EtcdKeys.INCARNATION)) && !put;
    }

    void learnAndTell(Upstream upstream, long revision) {
        if (learn(upstream, revision)) {
            tell();
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

    private void vouched(String key, String json) {
        try {
            vouched.put(key, Json.read(json, Endpoint.class));
            unreadable.mended(key);
        } catch (JacksonException e) {
            unreadable.noticed(key, e);
            vouched.remove(key);
        }
    }

    /** An instance's record; empty if it can't be read, or isn't the one that its key names. */
    Optional<Upstream> parse(Entry entry) {
        try {
            var upstream = Json.read(entry.value(), Upstream.class);
            if (entry.key().equals(EtcdKeys.instance(upstream.instanceId()))) {
                unreadable.mended(entry.key());
                return Optional.of(upstream);
            }
            unreadable.noticed(entry.key(), "it is the record of another instance");
        } catch (JacksonException e) {
            unreadable.noticed(entry.key(), e);
        }
        return Optional.empty();
    }

    void save() {
        if (unsaved) {
            unsaved = false;
            try {
                lastKnown.write(new LastKnown.State(incarnation, clock.instant(), List.copyOf(upstreams())));
            } catch (UncheckedIOException e) {
                unsaved = true;
                log.warn("what is known can't be saved: {}", e.getMessage());
            }
        }
    }
}
