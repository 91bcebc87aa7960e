package io.switchboard.access.endpoint;

import io.etcd.jetcd.op.Op;
import io.switchboard.access.endpoint.EtcdStore.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Agents' reports in etcd. Each has two keys with a lease each: a short one shows that the agent is alive, a long one how
 * long its report is remembered after that. The registry, which watches etcd anyway, tells what changes there.
 */
final class EtcdAgentReports implements AgentReports {

    private static final Logger log = LoggerFactory.getLogger(EtcdAgentReports.class);

    /** Between two writes: many changes a second need no report each. */
    private static final Duration SAY_EVERY = Duration.ofMillis(100);

    private static final Duration DRIFTS_KEPT = Duration.ofDays(7);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final EtcdStore store;
    private final UnreadableRecords unreadable;
    private final Duration aliveTtl;
    private final Duration rememberedTtl;
    private final Duration patience;

    private final Map<String, AgentReport> reports = new ConcurrentHashMap<>();
    /** Reports that were lost with etcd's data, and until when they count, by {@link System#nanoTime}. */
    private final Map<String, Long> missing = new ConcurrentHashMap<>();

    private final Map<String, List<Drift>> drifts = new ConcurrentHashMap<>();
    private final Map<String, List<PresentedCertificate>> presented = new ConcurrentHashMap<>();
    private final Set<String> alive = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore news = new Semaphore(0);

    private volatile @Nullable AgentReport own;
    private volatile @Nullable Thread speaker;
    private volatile boolean unheard;
    private final AtomicReference<@Nullable Drifts> unsaidDrifts = new AtomicReference<>();
    private volatile @Nullable Certificates ownCertificates;
    private volatile boolean unsaidCertificates;
    private boolean warned;
    private long aliveLease;
    private long rememberedLease;
    private long driftsLease;

    EtcdAgentReports(EtcdStore store, UnreadableRecords unreadable, EtcdProperties properties) {
        this.store = store;
        this.unreadable = unreadable;
        this.aliveTtl = properties.leaseTtl();
        this.rememberedTtl = properties.agentTtl();
        this.patience = properties.timeout();
    }

    @Override
    public void say(AgentReport report) {
        own = report;
        unheard = true;
        news.release();
    }

    private record Drifts(String id, List<Drift> drifts) {}

    @Override
    public void drifted(String id, List<Drift> mine) {
        var all = List.copyOf(mine);
        drifts.put(id, all);
        unsaidDrifts.set(new Drifts(id, all));
        news.release();
    }

    @Override
    public Map<String, List<Drift>> drifts() {
        return Map.copyOf(drifts);
    }

    private record Certificates(String id, List<PresentedCertificate> presented) {}

    @Override
    public void presented(String id, List<PresentedCertificate> mine) {
        var all = List.copyOf(mine);
        presented.put(id, all);
        ownCertificates = new Certificates(id, all);
        unsaidCertificates = true;
        news.release();
    }

    @Override
    public Map<String, List<PresentedCertificate>> presented() {
        return Map.copyOf(presented);
    }

    @Override
    public void withdraw() {
        end(id -> List.of(
                EtcdStore.delete(EtcdKeys.agent(id)),
                EtcdStore.delete(EtcdKeys.agentAlive(id)),
                EtcdStore.delete(EtcdKeys.agentCertificates(id))));
    }

    @Override
    public void fallSilent() {
        end(id -> List.of(EtcdStore.delete(EtcdKeys.agentAlive(id))));
    }

    private void end(Function<String, List<Op>> changes) {
        var report = own;
        own = null;
        stop();
        if (report != null) {
            try {
                store.commit(List.of(), changes.apply(report.id()));
            } catch (RegistryUnavailable e) {
                log.debug("agent {} ends without etcd, which forgets it by itself: {}", report.id(), e.getMessage());
            }
        }
    }

    /** One's own report as it is, others' as etcd has them. */
    @Override
    public Collection<Heard> heard() {
        Map<String, Heard> heard = new HashMap<>();
        reports.forEach((id, report) -> heard.put(id, new Heard(report, alive.contains(id))));
        var mine = own;
        if (mine != null) {
            heard.put(mine.id(), new Heard(mine, true));
        }
        return List.copyOf(heard.values());
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void start() {
        // Assigned before it starts, because it ends as soon as it isn't the one.
        var thread = Thread.ofPlatform().name("access-report").daemon().unstarted(this::speakUntilStopped);
        speaker = thread;
        thread.start();
    }

    void stop() {
        var thread = speaker;
        speaker = null;
        if (thread != null) {
            news.release();
            try {
                thread.join(patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * All that lies below {@link EtcdKeys#AGENTS} now.
     *
     * @param lost whether data was lost: who was known before is waited for as if it had fallen silent now
     */
    void listed(List<Entry> entries, boolean lost) {
        Map<String, AgentReport> found = new HashMap<>();
        Set<String> living = ConcurrentHashMap.newKeySet();
        Map<String, List<PresentedCertificate>> certificates = new HashMap<>();
        for (Entry entry : entries) {
            var key = entry.key();
            var id = id(key).orElse(null);
            if (id == null) {
                continue;
            }
            if (key.startsWith(EtcdKeys.AGENTS_ALIVE)) {
                living.add(id);
            } else if (key.startsWith(EtcdKeys.AGENTS_DRIFTS)) {
                drifts.put(id, parseAll(key, entry.value(), Drift.class));
            } else if (key.startsWith(EtcdKeys.AGENTS_CERTIFICATES)) {
                certificates.put(id, parseAll(key, entry.value(), PresentedCertificate.class));
            } else {
                found.put(id, parse(key, id, entry.value()));
            }
        }
        if (lost) {
            long until = System.nanoTime() + rememberedTtl.toNanos();
            reports.keySet().forEach(id -> missing.put(id, until));
        }
        missing.keySet().removeAll(found.keySet());
        reports.keySet().removeIf(id -> !found.containsKey(id) && !missing.containsKey(id));
        reports.putAll(found);
        alive.retainAll(living);
        alive.addAll(living);
        var mine = ownCertificates;
        presented
                .keySet()
                .removeIf(id -> !certificates.containsKey(id)
                        && (mine == null || !mine.id().equals(id)));
        presented.putAll(certificates);
        // What this process said may be gone with the rest.
        unheard |= own != null;
        unsaidCertificates |= mine != null;
        news.release();
        listeners.forEach(Runnable::run);
    }

    /** @param value empty if the key is gone */
    void changed(String key, Optional<String> value) {
        var id = id(key).orElse(null);
        if (id == null) {
            return;
        }
        if (key.startsWith(EtcdKeys.AGENTS_DRIFTS)) {
            value.ifPresentOrElse(json -> drifts.put(id, parseAll(key, json, Drift.class)), () -> drifts.remove(id));
            return;
        }
        if (key.startsWith(EtcdKeys.AGENTS_CERTIFICATES)) {
            value.ifPresentOrElse(
                    json -> presented.put(id, parseAll(key, json, PresentedCertificate.class)),
                    () -> presented.remove(id));
            return;
        }
        if (key.startsWith(EtcdKeys.AGENTS_ALIVE)) {
            if (value.isPresent() ? !alive.add(id) : !alive.remove(id)) {
                return;
            }
        } else if (value.isEmpty()) {
            missing.remove(id);
            reports.remove(id);
        } else {
            missing.remove(id);
            reports.put(id, parse(key, id, value.get()));
        }
        var mine = own;
        if (mine == null || !mine.id().equals(id)) {
            listeners.forEach(Runnable::run);
        } else {
            warnOfAnother(mine);
        }
    }

    private void warnOfAnother(AgentReport mine) {
        var said = reports.get(mine.id());
        if (said != null && said.startedAt().isAfter(mine.startedAt()) && !warned) {
            warned = true;
            log.warn("another agent calls itself {}, too; give each its own access.agent.id", mine.id());
        }
    }

    /** Of what can't be read only this much is known: there is an agent, and nobody knows what it carries. */
    private AgentReport parse(String key, String id, String json) {
        try {
            var report = Json.read(json, AgentReport.class);
            if (report.id().equals(id)) {
                unreadable.mended(key);
                return report;
            }
            unreadable.noticed(key, "it is the report of another agent; changes wait for this one");
        } catch (JacksonException e) {
            unreadable.noticed(key, e);
        }
        return new AgentReport(id, Instant.EPOCH, "", 0, "", "", 0, Set.of(), 0, 0);
    }

    /** Those that didn't say anything again in time after data was lost. */
    private void forgetMissing() {
        long now = System.nanoTime();
        var gone = missing.entrySet().stream()
                .filter(entry -> now - entry.getValue() >= 0)
                .map(Map.Entry::getKey)
                .toList();
        if (!gone.isEmpty()) {
            gone.forEach(id -> {
                missing.remove(id);
                reports.remove(id);
            });
            listeners.forEach(Runnable::run);
        }
    }

    private <T> List<T> parseAll(String key, String json, Class<T> type) {
        try {
            var all = Json.readAll(json, type);
            unreadable.mended(key);
            return all;
        } catch (JacksonException e) {
            unreadable.noticed(key, e);
            return List.of();
        }
    }

    /** Of the agent that the key is about. */
    private Optional<String> id(String key) {
        var id = EtcdKeys.last(key);
        if (id.isEmpty()) {
            unreadable.noticed(key, "its key names no agent");
        }
        return id;
    }

    private void speakUntilStopped() {
        long keepAlive = aliveTtl.toMillis() / 3;
        long kept = System.nanoTime();
        while (speaker == Thread.currentThread()) {
            try {
                long wait = RETRY.toMillis();
                try {
                    forgetMissing();
                    if (System.nanoTime() - kept >= TimeUnit.MILLISECONDS.toNanos(keepAlive)) {
                        keepAlive();
                        kept = System.nanoTime();
                    }
                    speak();
                    speakOfDrifts();
                    speakOfCertificates();
                    wait = keepAlive - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - kept) + 1;
                } catch (RegistryUnavailable e) {
                    log.debug("a report waits: {}", e.getMessage());
                } catch (RuntimeException e) {
                    log.error("a report can't be put into etcd, which is tried again", e);
                }
                TimeUnit.MILLISECONDS.sleep(SAY_EVERY.toMillis());
                if (news.tryAcquire(Math.max(0, wait), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void keepAlive() {
        if (own == null) {
            return;
        }
        if (aliveLease != 0 && !store.keepAlive(aliveLease)) {
            aliveLease = 0;
        }
        if (rememberedLease != 0 && !store.keepAlive(rememberedLease)) {
            rememberedLease = 0;
        }
        unheard |= aliveLease == 0 || rememberedLease == 0;
    }

    private void speakOfDrifts() {
        var unsaid = unsaidDrifts.get();
        if (unsaid != null) {
            if (driftsLease == 0 || !store.keepAlive(driftsLease)) {
                driftsLease = store.grant(DRIFTS_KEPT);
            }
            store.commit(
                    List.of(),
                    List.of(EtcdStore.put(
                            EtcdKeys.agentDrifts(unsaid.id()), Json.write(unsaid.drifts()), driftsLease)));
            unsaidDrifts.compareAndSet(unsaid, null);
        }
    }

    /** Remembered as long as the agent is. */
    private void speakOfCertificates() {
        var mine = ownCertificates;
        if (mine != null && unsaidCertificates && own != null && rememberedLease != 0) {
            unsaidCertificates = false;
            try {
                store.commit(
                        List.of(),
                        List.of(EtcdStore.put(
                                EtcdKeys.agentCertificates(mine.id()), Json.write(mine.presented()), rememberedLease)));
            } catch (RegistryUnavailable e) {
                unsaidCertificates = true;
                throw e;
            }
        }
    }

    private void speak() {
        var report = own;
        if (report == null || !unheard) {
            return;
        }
        if (aliveLease == 0) {
            aliveLease = store.grant(aliveTtl);
        }
        if (rememberedLease == 0) {
            rememberedLease = store.grant(rememberedTtl);
            unsaidCertificates = true;
        }
        unheard = false;
        try {
            store.commit(
                    List.of(),
                    List.of(
                            // In this order: whoever hears of an agent must not take it for a silent one.
                            EtcdStore.put(EtcdKeys.agentAlive(report.id()), "", aliveLease),
                            EtcdStore.put(EtcdKeys.agent(report.id()), Json.write(report), rememberedLease)));
        } catch (RegistryUnavailable e) {
            unheard = true;
            if (EtcdStore.leaseNotFound(e)) {
                aliveLease = 0;
                rememberedLease = 0;
            }
            throw e;
        }
    }
}
