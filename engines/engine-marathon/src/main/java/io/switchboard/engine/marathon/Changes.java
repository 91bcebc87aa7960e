package io.switchboard.engine.marathon;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.marathon.Change.Ensure;
import io.switchboard.engine.marathon.Change.Remove;
import io.switchboard.engine.marathon.Change.Stop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import mesosphere.marathon.client.model.v2.App;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Writes to Marathon, one after another, because Marathon makes them one after another anyway. What comes in meanwhile
 * goes as one bulk update. What is locked waits beside the others; what may or may not have been done is looked at
 * before it is tried again.
 */
final class Changes implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Changes.class);

    private static final int MOST_AT_ONCE = 1000;
    private static final int MOST_ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LOCK_PAUSE = Duration.ofMillis(300);

    /** How callers wait for a change to be made. */
    interface Waiting {
        Acceptance await(CompletableFuture<Acceptance> answer, Duration most)
                throws InterruptedException, ExecutionException, TimeoutException;
    }

    /** A change on its way. */
    static final class Item {
        private final Change change;
        private final Instant since;
        private final CompletableFuture<Acceptance> answer = new CompletableFuture<>();
        private int attempts;
        /** Whether an earlier attempt may have been done without our knowing. */
        private boolean uncertain;
        /** What a kill should have made of the app's number, once it was tried; -1 before. */
        private int expected = -1;

        private Instant due;
        /** What it waits for, which Marathon has to do first; empty if it only waits to be tried again. */
        private String waitsFor = "";

        private Item(Change change, Instant now) {
            this.change = change;
            this.since = now;
            this.due = now;
        }

        CompletableFuture<Acceptance> answer() {
            return answer;
        }
    }

    private final Contact contact;
    private final Calls calls;
    private final Ledger ledger;
    private final Lookout lookout;
    private final Fence fence;
    private final AppDraft drafts;
    private final MarathonEngineProperties properties;
    private final Clock clock;
    private final Waiting waits;
    private final Queue<Item> arriving = new ConcurrentLinkedQueue<>();
    private final List<Item> waiting = new ArrayList<>();
    private final Semaphore reasons = new Semaphore(0);
    private final AtomicBoolean hurried = new AtomicBoolean();
    private @Nullable Thread thread;
    private volatile boolean closed;

    Changes(
            Contact contact,
            Calls calls,
            Ledger ledger,
            Lookout lookout,
            Fence fence,
            AppDraft drafts,
            MarathonEngineProperties properties,
            Clock clock,
            Waiting waits) {
        this.waits = waits;
        this.contact = contact;
        this.calls = calls;
        this.ledger = ledger;
        this.lookout = lookout;
        this.fence = fence;
        this.drafts = drafts;
        this.properties = properties;
        this.clock = clock;
    }

    /** Works by itself from now on; before, only when told to {@link #step}. */
    void start() {
        thread = Thread.ofVirtual().name("marathon-changes").start(this::run);
    }

    Item add(Change change) {
        Item item = new Item(change, clock.instant());
        arriving.add(item);
        reasons.release();
        return item;
    }

    /** One that needs no work. */
    static Item answered(Acceptance acceptance) {
        Item item = new Item(new Remove(""), Instant.EPOCH);
        item.answer.complete(acceptance);
        return item;
    }

    /** Somebody leads from now on. */
    void lead(long epoch) {
        fence.lead(epoch);
        reasons.release();
    }

    /** Whether changes of earlier leaders are refused by now. */
    boolean leads() {
        return fence.isClosed();
    }

    /** What waits to be tried again is tried now. */
    void hurry() {
        hurried.set(true);
        reasons.release();
    }

    /** Does what is due now. */
    void step() {
        round(due());
    }

    /** For how long a change is tried. */
    Duration most() {
        return properties.lockPatience().multipliedBy(2).plus(properties.timeout());
    }

    /** @throws EngineUnavailable if it could not be done, or nobody knows whether it was; it may be repeated */
    Acceptance await(Item item) {
        Duration most = most();
        try {
            return waits.await(item.answer, most);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            EngineUnavailable late = unavailable(new IllegalStateException(
                    item.waitsFor.isEmpty() ? "a change took longer than " + most : item.waitsFor));
            // Nobody waits for it any more: what its caller asks for next must not be undone by it.
            item.answer.completeExceptionally(late);
            throw late;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    static EngineUnavailable unavailable(Throwable cause) {
        return new EngineUnavailable(MarathonEngine.NAME, cause);
    }

    // --- one round after another

    private void run() {
        while (!closed) {
            try {
                round(gather());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("a round of changes failed", e);
            }
        }
    }

    /** All that is due; what came in while the last round was written comes together. */
    private List<Item> gather() throws InterruptedException {
        if (waiting.isEmpty()) {
            reasons.acquire();
        } else if (reasons.tryAcquire(Math.max(1, untilDue().toMillis()), TimeUnit.MILLISECONDS)) {
            reasons.drainPermits();
        }
        return due();
    }

    private List<Item> due() {
        for (Item item = arriving.poll(); item != null; item = arriving.poll()) {
            waiting.add(item);
        }
        waiting.removeIf(item -> item.answer.isDone());
        Instant now = clock.instant();
        if (hurried.getAndSet(false)) {
            waiting.forEach(item -> item.due = now);
        }
        List<Item> due = new ArrayList<>();
        for (Item item : List.copyOf(waiting)) {
            if (!item.due.isAfter(now) && due.size() < MOST_AT_ONCE) {
                due.add(item);
                waiting.remove(item);
            }
        }
        return due;
    }

    private Duration untilDue() {
        Instant now = clock.instant();
        return waiting.stream()
                .map(item -> Duration.between(now, item.due))
                .min(Duration::compareTo)
                .orElse(Duration.ofSeconds(1));
    }

    private void round(List<Item> items) {
        // Also when there is nothing else to do: until then an earlier leader's changes are still made.
        if ((!items.isEmpty() || !fence.isClosed()) && leads(items)) {
            change(items);
        }
    }

    private boolean leads(List<Item> items) {
        try {
            fence.claim();
            return true;
        } catch (Fence.NotVisibleYet e) {
            items.forEach(item -> again(item, FIRST_PAUSE));
        } catch (WireFailure e) {
            items.forEach(item -> tryAgain(item, e));
        } catch (CallRefused e) {
            items.forEach(e.isUncertain() ? item -> tryAgain(item, e) : item -> fail(item, e));
        } catch (Superseded e) {
            items.forEach(item -> fail(item, e));
        }
        return false;
    }

    private void change(List<Item> items) {
        Map<String, List<Item>> ensures = new LinkedHashMap<>();
        for (Item item : items) {
            switch (item.change) {
                case Ensure ensure ->
                    ensures.computeIfAbsent(ensure.workload(), name -> new ArrayList<>())
                            .add(item);
                case Stop stop -> guarded(List.of(item), () -> stop(item, stop));
                case Remove remove -> guarded(List.of(item), () -> remove(item, remove));
            }
        }
        List<Item> all = ensures.values().stream().flatMap(List::stream).toList();
        guarded(all, () -> ensure(ensures));
    }

    /** Whatever happens, everybody who waits gets an answer. */
    private void guarded(List<Item> items, Runnable action) {
        try {
            action.run();
        } catch (WireFailure | CallRefused | Superseded e) {
            items.forEach(item -> fail(item, e));
        } catch (RuntimeException e) {
            log.error("a change of Marathon failed", e);
            items.forEach(item -> item.answer.completeExceptionally(unavailable(e)));
        }
    }

    private void fail(Item item, RuntimeException cause) {
        if (!item.answer.isDone()) {
            item.answer.completeExceptionally(unavailable(cause));
            if (cause instanceof WireFailure || cause instanceof CallRefused refused && refused.isUncertain()) {
                lookout.owe(item.change.workload());
            }
        }
    }

    private void again(Item item, Duration pause) {
        if (!item.answer.isDone()) {
            item.due = clock.instant().plus(pause);
            waiting.add(item);
        }
    }

    private void tryAgain(Item item, RuntimeException cause) {
        if (++item.attempts >= MOST_ATTEMPTS) {
            fail(item, cause);
        } else {
            again(item, pause(item));
        }
    }

    private boolean impatient(Item item) {
        return !clock.instant().isBefore(item.since.plus(properties.lockPatience()));
    }

    // --- ensure

    private record Draft(Item item, List<Item> followers, Ensure ensure, App app, boolean creates) {}

    private void ensure(Map<String, List<Item>> ensures) {
        List<Draft> drafted = new ArrayList<>();
        for (List<Item> items : ensures.values()) {
            // Who asked last is right; the others get the same answer if they asked for the same.
            Item last = items.getLast();
            List<Item> followers = new ArrayList<>(items.subList(0, items.size() - 1));
            Ensure wanted = (Ensure) last.change;
            for (Item item : List.copyOf(followers)) {
                Ensure other = (Ensure) item.change;
                if (!other.wanted().differsAtMostInTasks(wanted.wanted())) {
                    followers.remove(item);
                    again(item, Duration.ZERO);
                }
            }
            draft(last, followers, wanted).ifPresent(drafted::add);
        }
        write(drafted);
    }

    private Optional<Draft> draft(Item item, List<Item> followers, Ensure ensure) {
        Optional<Ledger.Entry> known = ledger.entry(ensure.workload());
        String id = drafts.id(ensure.wanted());
        if (known.isEmpty()) {
            if (ledger.isForeign(id)) {
                answer(
                        item,
                        followers,
                        new Refused(Reason.INVALID, "app " + id + " exists in Marathon and is not this platform's"));
                return Optional.empty();
            }
            return Optional.of(new Draft(item, followers, ensure, drafts.app(ensure.wanted()), true));
        }
        Ledger.Entry entry = known.get();
        if (entry.removal() != null || !entry.spec().equals(Labels.hash(ensure.wanted()))) {
            answer(item, followers, differs(ensure.workload()));
            return Optional.empty();
        }
        if (entry.wanted() == ensure.wanted().tasks()) {
            answer(item, followers, new Accepted());
            return Optional.empty();
        }
        App scaled = new App();
        scaled.setId(entry.appId());
        scaled.setInstances(ensure.wanted().tasks());
        return Optional.of(new Draft(item, followers, ensure, scaled, false));
    }

    static Refused differs(String workload) {
        return new Refused(
                Reason.INVALID,
                "a different workload runs or still stops under the name " + workload + "; use a new name");
    }

    private static void answer(Item item, List<Item> followers, Acceptance acceptance) {
        item.answer.complete(acceptance);
        followers.forEach(each -> each.answer.complete(acceptance));
    }

    private void write(List<Draft> drafted) {
        if (drafted.isEmpty()) {
            return;
        }
        boolean force = drafted.stream().anyMatch(draft -> impatient(draft.item()));
        try {
            send(drafted, force);
            drafted.forEach(this::written);
        } catch (CallRefused e) {
            refused(drafted, e);
        } catch (WireFailure e) {
            if (!e.mayHaveArrived()) {
                drafted.forEach(draft -> failAll(draft, e));
            } else {
                lookWhatBecame(drafted, e);
            }
        }
    }

    private void send(List<Draft> drafted, boolean force) {
        Optional<App> mark = fence.mark();
        if (mark.isEmpty() && drafted.size() == 1) {
            writeOne(drafted.getFirst(), force);
        } else {
            calls.updateAll(
                    Stream.concat(mark.stream(), drafted.stream().map(Draft::app))
                            .toList(),
                    force);
        }
    }

    private void writeOne(Draft draft, boolean force) {
        if (draft.creates()) {
            // Not a PUT: that would change an app that somebody else made meanwhile.
            calls.create((MarathonApp) draft.app(), force);
        } else {
            App scaled = new App();
            scaled.setInstances(draft.app().getInstances());
            calls.update(draft.app().getId(), scaled, force);
        }
    }

    private void written(Draft draft) {
        Ensure ensure = draft.ensure();
        String id = draft.app().getId();
        Instant now = clock.instant();
        if (draft.creates()) {
            ledger.created(
                    ensure.workload(),
                    id,
                    Labels.hash(ensure.wanted()),
                    ensure.wanted().tasks(),
                    now);
        } else {
            endBackoff(ensure.workload(), id);
            ledger.scaled(ensure.workload(), ensure.wanted().tasks(), now);
        }
        lookout.dirty(id);
        answer(draft.item(), draft.followers(), new Accepted());
    }

    /** Who asks for another number of tasks should not wait for what failed before. */
    private void endBackoff(String workload, String id) {
        boolean delayed = ledger.entry(workload)
                .flatMap(Ledger.Entry::seen)
                .map(app -> app.tasks().stream().anyMatch(SeenApp.SeenTask::ended))
                .orElse(false);
        if (delayed) {
            try {
                calls.resetDelay(id);
            } catch (CallRefused | WireFailure e) {
                log.debug("the back-off of {} goes on: {}", id, e.getMessage());
            }
        }
    }

    private void refused(List<Draft> drafted, CallRefused refusal) {
        if (refusal.isLock()) {
            locked(drafted, refusal);
        } else if (refusal.isTooManyDeployments()) {
            drafted.forEach(draft -> defer(draft, "Marathon runs as many deployments as it may", LOCK_PAUSE));
        } else if (refusal.status() == 409) {
            lookout.lookAgain();
            drafted.forEach(draft -> retry(draft, refusal));
        } else if (refusal.isInvalid()) {
            invalid(drafted, refusal);
        } else if (refusal.isUncertain()) {
            lookWhatBecame(drafted, refusal);
        } else {
            drafted.forEach(draft -> failAll(draft, refusal));
        }
    }

    private void defer(Draft draft, String why, Duration pause) {
        draft.item().waitsFor = why;
        again(draft.item(), pause);
        draft.followers().forEach(item -> again(item, pause));
    }

    private void retry(Draft draft, RuntimeException cause) {
        Item item = draft.item();
        if (++item.attempts >= MOST_ATTEMPTS) {
            failAll(draft, cause);
        } else {
            defer(draft, "", pause(item));
        }
    }

    /** Longer each time while Marathon fails; what it has not shown yet, it shows soon. */
    private Duration pause(Item item) {
        return FIRST_PAUSE.multipliedBy(contact.isLost() ? 1L << item.attempts : 2);
    }

    private void failAll(Draft draft, RuntimeException cause) {
        fail(draft.item(), cause);
        draft.followers().forEach(item -> fail(item, cause));
    }

    /** Those that nothing locks go on together. */
    private void locked(List<Draft> drafted, CallRefused refusal) {
        Set<String> locked = new HashSet<>();
        if (drafted.size() == 1) {
            locked.add(drafted.getFirst().app().getId());
        } else {
            for (JsonNode deployment : calls.deployments()) {
                deployment.path("affectedApps").forEach(app -> locked.add(app.asString("")));
            }
        }
        List<Draft> free = new ArrayList<>();
        for (Draft draft : drafted) {
            if (locked.contains(draft.app().getId())) {
                defer(draft, lockedBy(draft.app().getId(), refusal), LOCK_PAUSE);
            } else {
                free.add(draft);
            }
        }
        if (free.size() < drafted.size()) {
            write(free);
        } else {
            free.forEach(draft -> defer(draft, String.valueOf(refusal.getMessage()), LOCK_PAUSE));
        }
    }

    private static String lockedBy(String id, CallRefused refusal) {
        return id + " is locked by deployment " + String.join(", ", refusal.lockingDeployments());
    }

    /** One bad app spoils a bulk update: halves are tried until it stands alone. */
    private void invalid(List<Draft> drafted, CallRefused refusal) {
        fence.check();
        if (drafted.size() == 1) {
            Draft draft = drafted.getFirst();
            if (!draft.creates()) {
                // Nothing is wrong with a number: somebody deleted the app.
                lookWhatBecame(drafted, refusal);
                return;
            }
            answer(
                    draft.item(),
                    draft.followers(),
                    new Refused(Reason.INVALID, "Marathon does not take it: " + refusal.getMessage()));
            return;
        }
        write(drafted.subList(0, drafted.size() / 2));
        write(drafted.subList(drafted.size() / 2, drafted.size()));
    }

    private void lookWhatBecame(List<Draft> drafted, RuntimeException cause) {
        try {
            lookout.lookAgain();
        } catch (WireFailure | CallRefused e) {
            drafted.forEach(draft -> retry(draft, e));
            return;
        }
        for (Draft draft : drafted) {
            draft.item().uncertain = true;
            Optional<Ledger.Entry> entry = ledger.entry(draft.ensure().workload());
            boolean done = entry.filter(known ->
                            known.spec().equals(Labels.hash(draft.ensure().wanted())))
                    .filter(known -> known.wanted() == draft.ensure().wanted().tasks())
                    .isPresent();
            if (done) {
                answer(draft.item(), draft.followers(), new Accepted());
            } else {
                retry(draft, cause);
            }
        }
    }

    // --- stop

    private void stop(Item item, Stop stop) {
        Optional<Ledger.Entry> known = ledger.entry(stop.workload());
        if (known.isEmpty() || known.get().removal() != null) {
            item.answer.complete(new Accepted());
            return;
        }
        Optional<SeenApp> app = seeNow(known.get());
        if (app.isEmpty()) {
            item.answer.complete(new Accepted());
            return;
        }
        SeenApp now = app.get();
        // With what the look has shown.
        Ledger.Entry entry = ledger.entry(stop.workload()).orElse(known.get());
        if (item.expected >= 0 && now.instances() == item.expected) {
            stopped(item, known.get(), now, item.expected);
            return;
        }
        Set<String> victims = new HashSet<>(stop.taskIds());
        victims.retainAll(now.tasks().stream().map(SeenApp.SeenTask::id).toList());
        victims.removeAll(known.get().stopping());
        if (victims.isEmpty()) {
            item.answer.complete(new Accepted());
        } else if (!now.deployments().isEmpty() && !impatient(item)) {
            item.waitsFor = now.id() + " is locked by deployment " + String.join(", ", now.deployments());
            again(item, LOCK_PAUSE);
        } else if (now.living().size() > entry.wanted()) {
            // Perhaps these very ones, by a kill whose deployment a change of Marathon's leader has ended.
            item.waitsFor = "some tasks of " + now.id() + " are leaving already";
            again(item, LOCK_PAUSE);
        } else if (leadsStill(item)) {
            kill(item, entry, now, victims);
        }
    }

    /** Kills and deletions are not refused by themselves when somebody else leads. */
    private boolean leadsStill(Item item) {
        try {
            fence.check();
            return true;
        } catch (WireFailure e) {
            tryAgain(item, e);
        } catch (CallRefused e) {
            if (!e.isUncertain()) {
                throw e;
            }
            tryAgain(item, e);
        }
        return false;
    }

    private Optional<SeenApp> seeNow(Ledger.Entry entry) {
        try {
            Instant asked = clock.instant();
            Optional<SeenApp> app = SeenApp.of(properties.platform(), calls.app(entry.appId()));
            app.ifPresent(seen -> ledger.read(seen, asked));
            return app;
        } catch (CallRefused e) {
            if (e.status() == 404 && entry.writtenAt() == null) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void kill(Item item, Ledger.Entry entry, SeenApp app, Set<String> victims) {
        // More tasks than wanted: the lock is that of a kill, perhaps of this very one before a restart of ours.
        // The lower number may not be visible at once, so that no lock is forced at first sight.
        boolean killing = app.living().size() > app.instances();
        boolean force = !killing && !item.uncertain && impatient(item);
        // What was written last, if the look does not show it yet.
        int expected = Math.max(0, entry.wanted() - victims.size());
        try {
            Optional<Instant> version = calls.killAndScale(victims, force);
            item.expected = expected;
            version.ifPresent(made -> ledger.stopped(entry.workload(), victims, expected, clock.instant(), made));
            lookout.dirty(entry.appId());
            item.answer.complete(new Accepted());
        } catch (CallRefused e) {
            if (e.isLock() || e.isTooManyDeployments()) {
                waitForLock(item, e, entry.appId());
            } else if (e.isUncertain()) {
                uncertainKill(item, expected, e);
            } else {
                throw e;
            }
        } catch (WireFailure e) {
            if (!e.mayHaveArrived()) {
                throw e;
            }
            uncertainKill(item, expected, e);
        }
    }

    private void stopped(Item item, Ledger.Entry entry, SeenApp app, int wanted) {
        Set<String> victims = new HashSet<>(((Stop) item.change).taskIds());
        victims.retainAll(app.tasks().stream().map(SeenApp.SeenTask::id).toList());
        ledger.stopped(entry.workload(), victims, wanted, clock.instant(), null);
        lookout.dirty(entry.appId());
        item.answer.complete(new Accepted());
    }

    private void waitForLock(Item item, CallRefused refusal, String id) {
        item.waitsFor = refusal.isLock() ? lockedBy(id, refusal) : "Marathon runs as many deployments as it may";
        again(item, LOCK_PAUSE);
    }

    /** Never forced from now on: a kill that was done already must not be done again. */
    private void uncertainKill(Item item, int expected, RuntimeException cause) {
        item.uncertain = true;
        item.expected = item.expected < 0 ? expected : item.expected;
        tryAgain(item, cause);
    }

    // --- remove

    private void remove(Item item, Remove remove) {
        Optional<Ledger.Entry> known = ledger.entry(remove.workload());
        if (known.isEmpty() || known.get().removal() != null) {
            item.answer.complete(new Accepted());
            return;
        }
        String id = known.get().appId();
        if (!leadsStill(item)) {
            return;
        }
        try {
            // One that was never seen may not be visible yet.
            boolean told = item.uncertain && known.get().writtenAt() == null && !exists(id);
            removed(item, id, told ? "" : calls.delete(id));
        } catch (CallRefused e) {
            if (e.status() == 404) {
                gone(item, known.get());
            } else if (e.isUncertain()) {
                retryRemoval(item, e);
            } else {
                throw e;
            }
        } catch (WireFailure e) {
            retryRemoval(item, e);
        }
    }

    private boolean exists(String id) {
        try {
            calls.app(id);
            return true;
        } catch (CallRefused e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        }
    }

    private void removed(Item item, String id, String deployment) {
        ledger.removed(item.change.workload(), new Ledger.Removal(deployment, clock.instant()));
        lookout.dirty(id);
        item.answer.complete(new Accepted());
    }

    /** Deleted by an attempt that seemed to fail, by somebody else, or not visible yet. */
    private void gone(Item item, Ledger.Entry entry) {
        if (entry.writtenAt() != null && !item.uncertain) {
            again(item, FIRST_PAUSE);
            item.uncertain = true;
            return;
        }
        removed(item, entry.appId(), "");
    }

    private void retryRemoval(Item item, RuntimeException cause) {
        item.uncertain = true;
        tryAgain(item, cause);
    }

    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        EngineUnavailable ended = unavailable(new IllegalStateException("the engine is closed"));
        for (Item item = arriving.poll(); item != null; item = arriving.poll()) {
            item.answer.completeExceptionally(ended);
        }
    }
}
