package io.switchboard.engine.marathon;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import io.switchboard.engine.marathon.MarathonEngineProperties.LargestTask;
import io.switchboard.engine.marathon.MarathonEngineProperties.Limit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Workloads are apps: Marathon keeps their tasks running, also while this adapter does not run. */
final class MarathonEngine implements Engine {

    static final String NAME = "marathon";

    private static final Logger log = LoggerFactory.getLogger(MarathonEngine.class);
    private static final Optional<Acceptance> ACCEPTED = Optional.of(new Accepted());
    private static final Duration QUEUE_KEPT = Duration.ofSeconds(1);

    private record Queue(JsonNode answer, Instant at) {}

    private final MarathonEngineProperties properties;
    private final Contact contact;
    private final Calls calls;
    private final Ledger ledger = new Ledger();
    private final Memory memory = new Memory();
    private final AppDraft drafts;
    private final Lookout lookout;
    private final Changes changes;
    private final Clock clock;
    private volatile @Nullable Queue queue;

    /** @param tls null for the JVM's own trust */
    static MarathonEngine open(MarathonEngineProperties properties, @Nullable SSLContext tls, Clock clock) {
        MarathonEngine engine = new MarathonEngine(
                properties,
                new Wire(properties, tls),
                clock,
                (answer, most) -> answer.get(most.toMillis(), TimeUnit.MILLISECONDS));
        engine.lookout.start();
        engine.changes.start();
        return engine;
    }

    /** Does nothing by itself. */
    MarathonEngine(MarathonEngineProperties properties, Transport wire, Clock clock, Changes.Waiting waits) {
        this.properties = properties;
        this.clock = clock;
        this.contact = new Contact(wire, clock);
        this.calls = new Calls(contact);
        this.drafts = new AppDraft(properties);
        this.lookout = new Lookout(contact, calls, ledger, memory, properties, clock);
        Fence fence = new Fence(calls, properties, clock);
        this.changes = new Changes(contact, calls, ledger, lookout, fence, drafts, properties, clock, waits);
        contact.onChange(changes::hurry);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> capabilities = EnumSet.of(Capability.OUTLIVE_ADAPTER, Capability.CORDON_NODES);
        if (properties.enforces().contains(Limit.CPU)) {
            capabilities.add(Capability.LIMIT_CPU);
        }
        if (properties.enforces().contains(Limit.MEMORY)) {
            capabilities.add(Capability.LIMIT_MEMORY);
        }
        return Set.copyOf(capabilities);
    }

    @Override
    public void cordon(Set<String> hosts) {
        drafts.cordon(hosts);
    }

    @Override
    public void lead(long epoch) {
        changes.lead(epoch);
    }

    @Override
    public Acceptance ensure(Workload workload) {
        return changes.await(begin(new Change.Ensure(workload)));
    }

    /** Sets a change on its way, unless what is known answers it already. */
    Changes.Item begin(Change change) {
        String workload = change.workload();
        looked(workload, () -> {
            lookout.refresh(workload);
            return true;
        });
        Optional<Ledger.Entry> known = ledger.entry(workload);
        Optional<? extends Acceptance> answer = switch (change) {
            case Change.Ensure ensure ->
                known.map(entry -> answer(ensure, entry)).orElseGet(() -> refusal(ensure));
            case Change.Stop stop -> known.isEmpty() || stop.taskIds().isEmpty() ? ACCEPTED : Optional.empty();
            case Change.Remove remove -> known.isEmpty() ? ACCEPTED : Optional.empty();
        };
        return answer.map(Changes::answered).orElseGet(() -> changes.add(change));
    }

    private static Optional<Acceptance> answer(Change.Ensure ensure, Ledger.Entry known) {
        Workload wanted = ensure.wanted();
        if (known.removal() != null || !known.spec().equals(Labels.hash(wanted))) {
            return Optional.of(Changes.differs(wanted.name()));
        }
        return known.wanted() == wanted.tasks() ? ACCEPTED : Optional.empty();
    }

    private Optional<Acceptance> refusal(Change.Ensure ensure) {
        return refusal(ensure.wanted()).map(refused -> refused);
    }

    private Optional<Refused> refusal(Workload workload) {
        Optional<String> flaw = workload.contradiction().or(() -> drafts.flaw(workload));
        if (flaw.isPresent()) {
            return Optional.of(new Refused(Reason.INVALID, flaw.get()));
        }
        // Marathon chooses ports from an agent's offer one by one, not in a row.
        Optional<Refused> media = Acceptance.lacksMediaPorts(
                NAME, workload, "an operator may run such services with engine 'process' or 'docker'");
        if (media.isPresent()) {
            return media;
        }
        LargestTask largest = properties.largestTask();
        if (workload.cpuMillis() > largest.cpuMillis()
                || workload.memoryMib() > largest.memory().toMegabytes()) {
            return Optional.of(new Refused(
                    Reason.NO_CAPACITY,
                    "a task asks for " + workload.cpuMillis() + " cpuMillis and " + workload.memoryMib()
                            + " MiB; the largest node gives one task " + largest.cpuMillis() + " cpuMillis and "
                            + largest.memory().toMegabytes() + " MiB (engine.marathon.largest-task)"));
        }
        return Optional.empty();
    }

    @Override
    public void stopTasks(String workload, Set<String> taskIds) {
        changes.await(begin(new Change.Stop(workload, taskIds)));
    }

    @Override
    public void remove(String workload) {
        changes.await(begin(new Change.Remove(workload)));
    }

    @Override
    public List<Task> tasks(String workload) {
        return looked(workload, () -> {
            lookout.refresh(workload);
            return ledger.entry(workload).map(this::view).orElse(List.of());
        });
    }

    private List<Task> view(Ledger.Entry entry) {
        if (entry.seen().isEmpty()) {
            return List.of();
        }
        SeenApp app = entry.seen().get();
        List<Task> tasks = TaskView.of(app, entry.stopping(), memory);
        if (entry.removal() == null) {
            return tasks;
        }
        Set<String> living =
                Set.copyOf(app.living().stream().map(SeenApp.SeenTask::id).toList());
        return tasks.stream()
                .filter(task -> living.contains(task.id()))
                .map(task -> new Task(
                        task.id(),
                        task.host(),
                        task.ports(),
                        State.STOPPING,
                        "told to stop",
                        task.startedAt(),
                        task.restarts()))
                .toList();
    }

    @Override
    public Optional<String> shortfall(String workload) {
        return looked(workload, () -> {
            lookout.refresh(workload);
            Optional<Ledger.Entry> known = ledger.entry(workload).filter(entry -> entry.removal() == null);
            int there = known.flatMap(Ledger.Entry::seen)
                    .map(app -> app.tasks().size())
                    .orElse(0);
            return known.filter(entry -> there - entry.stopping().size() < entry.wanted())
                    .map(entry -> Waiting.why(queue(), entry.appId()).orElseGet(() -> otherwise(entry)));
        });
    }

    /** One answer for all who ask within a second: it may be long. */
    private JsonNode queue() {
        Queue last = queue;
        Instant now = clock.instant();
        if (last == null || Duration.between(last.at(), now).compareTo(QUEUE_KEPT) > 0) {
            last = new Queue(calls.queue(), now);
            queue = last;
        }
        return last.answer();
    }

    private static String otherwise(Ledger.Entry entry) {
        return entry.seen()
                .map(SeenApp::deployments)
                .filter(deployments -> !deployments.isEmpty())
                .map(deployments -> "Marathon is at it in deployment " + String.join(", ", deployments))
                .orElse("Marathon has not begun to start it");
    }

    @Override
    public Set<String> workloads() {
        return all(ledger::workloads);
    }

    /** From one look at all apps, not one at each. */
    @Override
    public Map<String, Map<String, Integer>> placements() {
        return all(() -> {
            Map<String, Map<String, Integer>> placements = new HashMap<>();
            for (Ledger.Entry entry : ledger.all()) {
                view(entry).stream()
                        .map(Task::host)
                        // One that waits for a node has none.
                        .filter(host -> !host.isEmpty())
                        .forEach(host -> placements
                                .computeIfAbsent(host, first -> new HashMap<>())
                                .merge(entry.workload(), 1, Integer::sum));
            }
            return placements;
        });
    }

    private <T> T all(Supplier<T> answer) {
        try {
            lookout.refreshAll();
            return answer.get();
        } catch (WireFailure | CallRefused e) {
            throw Changes.unavailable(e);
        }
    }

    /** Marathon measures nothing. */
    @Override
    public Optional<Usage> usage(String taskId) {
        return Optional.empty();
    }

    /** Marathon keeps no logs. */
    @Override
    public List<String> logTail(String taskId, int lines) {
        return List.of();
    }

    @Override
    public void onChange(ChangeListener listener) {
        lookout.onChange(listener::changed);
    }

    /** A look at Marathon, in the words of engines. */
    private <T> T looked(String workload, Supplier<T> look) {
        try {
            return look.get();
        } catch (WireFailure | CallRefused e) {
            lookout.owe(workload);
            throw Changes.unavailable(e);
        }
    }

    /** Does what is due now; only for an engine that does nothing by itself. */
    void step() {
        try {
            lookout.step();
        } catch (WireFailure | CallRefused e) {
            log.debug("Marathon can't be looked at: {}", e.getMessage());
        }
        changes.step();
    }

    Lookout lookout() {
        return lookout;
    }

    Changes changes() {
        return changes;
    }

    @Override
    public void close() {
        changes.close();
        lookout.close();
        contact.close();
    }
}
