package io.switchboard.engine.marathon;

import io.switchboard.engine.marathon.Ledger.Entry;
import io.switchboard.engine.marathon.Ledger.Removal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Keeps the ledger in step with Marathon: looks again where an event points, and everywhere now and then. */
final class Lookout implements EventStream.Follower, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Lookout.class);

    /** Beyond this many, one look at all of them is cheaper than one look each. */
    private static final int LOOKS_EACH = 3;

    private static final Duration SHORTEST_GAP = Duration.ofMillis(50);
    /** A look at a thousand apps and their tasks takes Marathon a quarter of a second, and is over a megabyte. */
    private static final Duration GAP_PER_APP = Duration.ofMillis(2);

    private static final Duration WITHOUT_EVENTS = Duration.ofSeconds(1);
    private static final Duration UNSETTLED = Duration.ofSeconds(2);
    private static final Duration WHILE_REMOVING = Duration.ofMillis(300);

    private final Contact contact;
    private final Calls calls;
    private final Ledger ledger;
    private final Memory memory;
    private final MarathonEngineProperties properties;
    private final Clock clock;
    private final Collection<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Set<String> reported = new HashSet<>();

    private final ReentrantLock looking = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Set<String> dirty = new HashSet<>();
    /** Workloads of callers that were sent away because Marathon gave no answer. */
    private final Set<String> owed = new HashSet<>();

    private boolean allDirty = true;
    private long looks;
    private Duration lastTook = Duration.ZERO;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable EventStream stream;
    private BooleanSupplier hears = () -> false;
    private Instant settledAt = Instant.EPOCH;
    private @Nullable Thread thread;

    Lookout(
            Contact contact,
            Calls calls,
            Ledger ledger,
            Memory memory,
            MarathonEngineProperties properties,
            Clock clock) {
        this.contact = contact;
        this.calls = calls;
        this.ledger = ledger;
        this.memory = memory;
        this.properties = properties;
        this.clock = clock;
        contact.onChange(this::wake);
    }

    /** Looks by itself from now on; before, only when asked. */
    void start() {
        EventStream events = new EventStream(contact, this, properties.streamSilence());
        stream = events;
        hears = events::isAlive;
        thread = Thread.ofVirtual().name("marathon-lookout").start(() -> run(events));
    }

    /** For one that does not look by itself: events come to {@link #happened}, and none is missed while they do. */
    void hearsWhile(BooleanSupplier condition) {
        hears = condition;
    }

    void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    // --- hints

    @Override
    public void opened() {
        locked(() -> {
            allDirty = true;
            wake.signalAll();
        });
    }

    @Override
    public void happened(String type, JsonNode data) {
        if (type.equals("status_update_event") && data.has("taskId")) {
            String state = data.path("taskStatus").asString("");
            if (!state.equals("TASK_RUNNING") && !state.equals("TASK_STARTING")) {
                memory.ended(
                        data.path("taskId").asString(),
                        state,
                        data.path("message").asString(""));
            }
        }
        Set<String> apps = new HashSet<>();
        for (String field : List.of("appId", "runSpecId")) {
            apps.add(data.path(field).asString(""));
        }
        for (JsonNode step : data.path("plan").path("steps")) {
            step.path("actions").forEach(action -> apps.add(action.path("app").asString("")));
        }
        apps.removeIf(app -> !app.startsWith(properties.group() + "/"));
        apps.forEach(this::dirty);
    }

    /** Something was done to the app, or happened to it. */
    void dirty(String appId) {
        locked(() -> {
            dirty.add(appId);
            wake.signalAll();
        });
    }

    /** The workload's caller could not be served; it is told when Marathon answers again. */
    void owe(String workload) {
        locked(() -> {
            owed.add(workload);
        });
    }

    private void wake() {
        EventStream events = stream;
        if (events != null && !contact.isLost()) {
            events.hurry();
        }
        locked(wake::signalAll);
    }

    // --- looking

    private void run(EventStream events) {
        while (!closed.get()) {
            try {
                await();
                events.check();
                if (!closed.get()) {
                    step();
                }
            } catch (WireFailure | CallRefused e) {
                log.debug("Marathon can't be looked at: {}", e.getMessage());
                if (!contact.isLost() && !pause(Duration.ofSeconds(1))) {
                    return;
                }
            } catch (RuntimeException e) {
                log.warn("looking at Marathon failed, and is tried again", e);
                if (!pause(Duration.ofSeconds(1))) {
                    return;
                }
            }
        }
    }

    private static boolean pause(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Looks if there is a reason to, and Marathon answers. */
    void step() {
        contact.probe();
        if (contact.isLost()) {
            return;
        }
        boolean due = locked(() -> {
            allDirty |= !untilDue().isPositive();
            return reason();
        });
        if (due || removalsDue()) {
            look(false);
        }
        Set<String> waiting = locked(() -> {
            Set<String> all = Set.copyOf(owed);
            owed.clear();
            return all;
        });
        waiting.forEach(this::tell);
    }

    /** Whether something may have changed, and to look at it is not too much so soon; needs the lock. */
    private boolean reason() {
        return (allDirty || !dirty.isEmpty()) && !untilReason().isPositive();
    }

    private Duration untilReason() {
        if (!allDirty && dirty.size() <= LOOKS_EACH) {
            return Duration.ZERO;
        }
        Duration gap = GAP_PER_APP.multipliedBy(ledger.size());
        return (gap.compareTo(UNSETTLED) > 0 ? UNSETTLED : gap).minus(age());
    }

    /** Until there is a reason to look, and no sooner after the last look than that one was costly. */
    private void await() {
        Duration gap = locked(() -> lastTook.multipliedBy(2));
        pause(gap.compareTo(SHORTEST_GAP) < 0 ? SHORTEST_GAP : gap);
        lock.lock();
        try {
            while (!closed.get() && (contact.isLost() || !reason())) {
                Duration left = untilNextStep();
                if (!left.isPositive() || wake.awaitNanos(left.toNanos()) <= 0) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            closed.set(true);
        } finally {
            lock.unlock();
        }
    }

    private Duration untilDue() {
        Duration age = age();
        Duration due = properties.sweepEvery();
        if (!hears.getAsBoolean() && due.compareTo(WITHOUT_EVENTS) > 0) {
            due = WITHOUT_EVENTS;
        }
        boolean waits = ledger.all().stream().anyMatch(Entry::unsettled);
        if (waits && due.compareTo(UNSETTLED) > 0) {
            due = UNSETTLED;
        }
        return due.minus(age);
    }

    /** Whether it is time to see if deleted apps' tasks are gone: no event says so for sure. */
    private boolean removalsDue() {
        return !ledger.removals().isEmpty() && !clock.instant().isBefore(settledAt.plus(WHILE_REMOVING));
    }

    private Duration untilNextStep() {
        Duration most = ledger.removals().isEmpty() ? Duration.ofSeconds(1) : WHILE_REMOVING;
        Duration left = contact.isLost() ? Contact.PROBE_EVERY : untilDue();
        if (allDirty || !dirty.isEmpty()) {
            left = untilReason();
        }
        return left.compareTo(most) > 0 ? most : left;
    }

    private Duration age() {
        return ledger.readAt().map(at -> Duration.between(at, clock.instant())).orElse(Duration.ofDays(1));
    }

    /**
     * Makes sure that what is known is no older than what an event, a write or the clock asks for.
     *
     * @throws WireFailure if Marathon gave no answer and what is known is too old
     */
    void refresh(String workload) {
        Optional<Entry> entry = ledger.entry(workload);
        boolean asked = locked(() -> reason()
                && (allDirty
                        || entry.map(known -> dirty.contains(known.appId())).orElse(false)));
        Duration oldest = !hears.getAsBoolean()
                ? WITHOUT_EVENTS
                : entry.map(known -> known.unsettled() ? UNSETTLED : properties.sweepEvery())
                        .orElse(UNSETTLED);
        if (asked || age().compareTo(oldest) > 0) {
            lookOnce();
        }
    }

    /** As {@link #refresh}, for all. */
    void refreshAll() {
        boolean asked = locked(() -> allDirty && reason());
        if (asked || age().compareTo(hears.getAsBoolean() ? UNSETTLED : WITHOUT_EVENTS) > 0) {
            lookOnce();
        }
    }

    /** Everything, now. */
    void lookAgain() {
        locked(() -> {
            allDirty = true;
        });
        look(true);
    }

    /** Looks, unless somebody who began later than this call has already. */
    private void lookOnce() {
        long before = locked(() -> looks);
        looking.lock();
        try {
            if (locked(() -> looks) <= before + 1 || !ledger.readAt().isPresent()) {
                look(false);
            }
        } finally {
            looking.unlock();
        }
    }

    private void look(boolean force) {
        Set<String> changed = new HashSet<>();
        looking.lock();
        try {
            List<String> apps = new ArrayList<>();
            boolean all = locked(() -> {
                apps.addAll(dirty);
                boolean everything = allDirty
                        || force
                        || dirty.size() > LOOKS_EACH
                        || untilFull().isNegative();
                dirty.clear();
                allDirty = false;
                return everything;
            });
            Instant asked = clock.instant();
            long started = System.nanoTime();
            try {
                changed.addAll(all ? lookAtAll(asked) : lookAtEach(apps, asked));
            } catch (RuntimeException e) {
                locked(() -> {
                    allDirty = true;
                });
                throw e;
            }
            changed.addAll(settleRemovals(asked));
            locked(() -> {
                lastTook = Duration.ofNanos(System.nanoTime() - started);
                looks++;
            });
        } finally {
            looking.unlock();
        }
        changed.forEach(this::tell);
    }

    private Duration untilFull() {
        return properties.sweepEvery().minus(age());
    }

    private Set<String> lookAtAll(Instant asked) {
        JsonNode answer = calls.apps(properties.group());
        List<SeenApp> ours = new ArrayList<>();
        Set<String> others = new HashSet<>();
        Set<String> places = new HashSet<>();
        for (JsonNode app : answer.path("apps")) {
            String id = app.path("id").asString("");
            if (!id.startsWith(properties.group() + "/")) {
                continue;
            }
            Optional<SeenApp> seen = SeenApp.of(properties.platform(), app);
            if (seen.isEmpty() && !app.path("labels").has(Labels.EPOCH)) {
                others.add(id);
            }
            seen.ifPresent(ours::add);
            seen.ifPresent(known -> known.tasks().forEach(task -> places.add(task.place())));
        }
        ours.forEach(memory::look);
        memory.keep(places);
        others.stream()
                .filter(reported::add)
                .forEach(id -> log.warn(
                        "app {} is below {} but not of platform {}, and is left alone",
                        id,
                        properties.group(),
                        properties.platform()));
        return ledger.read(ours, others, asked);
    }

    private Set<String> lookAtEach(List<String> apps, Instant asked) {
        Set<String> changed = new HashSet<>();
        for (String id : apps) {
            try {
                SeenApp.of(properties.platform(), calls.app(id)).ifPresent(app -> {
                    memory.look(app);
                    changed.addAll(ledger.read(app, asked));
                });
            } catch (CallRefused e) {
                if (e.status() != 404) {
                    throw e;
                }
                // Gone, or not visible yet: only a look at everything tells.
                locked(() -> {
                    allDirty |= ledger.workloadOf(id)
                            .flatMap(ledger::entry)
                            .map(entry -> entry.removal() == null && entry.writtenAt() == null)
                            .orElse(false);
                });
            }
        }
        return changed;
    }

    /** A deleted app is not shown any more; that its tasks are gone, only the end of its deployment tells. */
    private Set<String> settleRemovals(Instant asked) {
        Set<String> gone = new HashSet<>();
        settledAt = asked;
        List<Entry> removals = ledger.removals();
        if (removals.isEmpty()) {
            return gone;
        }
        Set<String> running = new HashSet<>();
        Set<String> affected = new HashSet<>();
        for (JsonNode deployment : calls.deployments()) {
            running.add(deployment.path("id").asString(""));
            deployment.path("affectedApps").forEach(app -> affected.add(app.asString("")));
        }
        for (Entry entry : removals) {
            Removal removal = Objects.requireNonNull(entry.removal());
            boolean hadTasks = entry.seen().map(app -> !app.living().isEmpty()).orElse(true);
            Duration least = hadTasks ? Duration.ofMillis(500) : Duration.ZERO;
            boolean over = !running.contains(removal.deploymentId()) && !affected.contains(entry.appId());
            if (over && !asked.isBefore(removal.since().plus(least))) {
                ledger.forget(entry.workload());
                gone.add(entry.workload());
            }
        }
        return gone;
    }

    private void tell(String workload) {
        for (Consumer<String> listener : listeners) {
            try {
                listener.accept(workload);
            } catch (RuntimeException e) {
                log.warn("a listener failed at a change of {}", workload, e);
            }
        }
    }

    private void locked(Runnable action) {
        locked(() -> {
            action.run();
            return true;
        });
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed.set(true);
        EventStream events = stream;
        if (events != null) {
            events.close();
        }
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
