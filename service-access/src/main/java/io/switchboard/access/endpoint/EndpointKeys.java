package io.switchboard.access.endpoint;

import io.etcd.jetcd.op.Op;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Upstream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Endpoint keys in etcd, all on one lease of this process, for the instances that the scheduler told it of. */
final class EndpointKeys {

    private static final Logger log = LoggerFactory.getLogger(EndpointKeys.class);
    /** etcd refuses more than 128 operations in one transaction. */
    private static final int BATCH = 100;

    private final EtcdStore store;
    private final EtcdView view;
    private final EtcdProperties properties;

    private final Told told = new Told();
    /** Instances that the scheduler knows no more, whose endpoint keys are still there. */
    private final Set<UUID> disowned = ConcurrentHashMap.newKeySet();

    private volatile long lease;
    /** Up to which of the scheduler's answers the lease was kept alive. */
    private long keptFor;

    EndpointKeys(EtcdStore store, EtcdView view, EtcdProperties properties) {
        this.store = store;
        this.view = view;
        this.properties = properties;
    }

    void told(UUID instance) {
        told.of(instance);
    }

    void forget(UUID instance) {
        told.forget(instance);
    }

    /** The scheduler's answer, as in {@link EndpointRegistry#confirm}. */
    void confirm(Set<UUID> instances, long asked) {
        disowned.addAll(told.all(instances, asked));
        disowned.removeAll(instances);
    }

    boolean there(Upstream upstream, Endpoint endpoint) {
        return view.vouched(EtcdKeys.endpoints(upstream)).containsKey(EtcdKeys.endpoint(upstream, endpoint));
    }

    /** Brings all keys in line, and keeps the lease for what the scheduler said since. */
    void renew() {
        disown();
        keepLease();
        vouchAgain();
    }

    private void disown() {
        for (UUID instance : disowned) {
            view.upstream(instance)
                    .ifPresent(upstream ->
                            store.commit(List.of(), List.of(EtcdStore.deleteAll(EtcdKeys.endpoints(upstream)))));
            disowned.remove(instance);
        }
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
            vouch(view.upstreams());
        } catch (RegistryUnavailable e) {
            if (!EtcdStore.leaseNotFound(e)) {
                throw e;
            }
            log.info(
                    "nobody has vouched for our endpoints for too long; they are vouched for again once the scheduler answers");
            lease = 0;
        }
    }

    void vouchIfPossible(Upstream upstream) {
        try {
            vouch(List.of(upstream));
        } catch (RegistryUnavailable e) {
            // The record is stored, which is all that routes need; the audit comes back to the keys.
            log.debug("endpoint keys of {} wait for the next audit: {}", upstream.instanceId(), e.getMessage());
        }
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
        Map<String, Map<String, Endpoint>> done = new HashMap<>();
        for (Upstream upstream : upstreams) {
            if (!told.contains(upstream.instanceId())) {
                continue;
            }
            var prefix = EtcdKeys.endpoints(upstream);
            Map<String, Endpoint> wanted = new HashMap<>();
            upstream.endpoints().forEach(endpoint -> wanted.put(EtcdKeys.endpoint(upstream, endpoint), endpoint));
            var there = view.vouched(prefix);
            there.keySet().stream().filter(key -> !wanted.containsKey(key)).forEach(key -> {
                changes.add(EtcdStore.delete(key));
                done.put(prefix, wanted);
            });
            wanted.forEach((key, endpoint) -> {
                if (!endpoint.equals(there.get(key))) {
                    changes.add(EtcdStore.put(key, Json.write(endpoint), until));
                    done.put(prefix, wanted);
                }
            });
            if (changes.size() >= BATCH) {
                commit(changes, done);
                changes.clear();
                done.clear();
            }
        }
        commit(changes, done);
    }

    /** @param keys by prefix, those that are there afterwards */
    private void commit(List<Op> changes, Map<String, Map<String, Endpoint>> keys) {
        for (int from = 0; from < changes.size(); from += BATCH) {
            store.commit(List.of(), changes.subList(from, Math.min(from + BATCH, changes.size())));
        }
        keys.forEach((prefix, wanted) -> {
            var there = view.vouched(prefix);
            there.keySet().retainAll(wanted.keySet());
            there.putAll(wanted);
        });
    }
}
