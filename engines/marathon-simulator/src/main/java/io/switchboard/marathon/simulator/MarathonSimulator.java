package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Cluster.Agent;
import io.switchboard.marathon.simulator.Cluster.PortRange;
import io.switchboard.marathon.simulator.SimulatedMesos.Capacity;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Marathon 1.10 over three simulated agents, with as many processes as asked for, of which one leads.
 *
 * <p>Its answers are those of recordings of a real one. Its time either passes by itself ({@link #live}) or when told
 * ({@link #virtual}). Things go wrong by chance ({@link #faults}) or when told ({@link #failOver}, {@link #agentDown}).
 */
public final class MarathonSimulator implements AutoCloseable {

    private static final Duration OUTAGE = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Timeline timeline;
    private final Marathon marathon;
    private final SimulatedMesos mesos;
    private final Api api;
    private final EventStreams streams;
    private final Random random;
    private final List<HttpNode> nodes = new ArrayList<>();
    private final Deque<Shown> shown = new ArrayDeque<>();
    private final Deque<String> calls = new ArrayDeque<>();
    private final Programs programs;
    private final boolean live;
    private final int maxDeployments;
    private final long startedNanos = System.nanoTime();
    private final Instant startedAt;
    private volatile int leader;
    private volatile Faults faults = Faults.NONE;
    private @Nullable Thread driver;
    private volatile boolean closed;

    /** What reads see, from when. */
    private record Shown(Instant from, Tree tree) {}

    private MarathonSimulator(Settings settings, Programs programs, boolean live) {
        this.live = live;
        this.maxDeployments = settings.maxDeployments();
        this.programs = programs;
        this.startedAt = live ? Instant.now() : settings.start();
        this.timeline = new Timeline(startedAt);
        this.random = new Random(settings.seed());
        if (programs instanceof ScriptedPrograms scripted) {
            scripted.in(timeline);
        }
        List<SimulatedMesos> made = new ArrayList<>();
        this.marathon = new Marathon(settings, timeline, core -> {
            made.add(new SimulatedMesos(
                    core,
                    timeline,
                    settings.reviveEvery(),
                    agents(),
                    programs,
                    action -> locked(() -> {
                        action.run();
                        return true;
                    })));
            return made.getFirst();
        });
        this.mesos = made.getFirst();
        this.streams = new EventStreams(timeline, () -> faults, random);
        marathon.events().add(streams);
        this.api = new Api(marathon, settings, new SystemCalls(new SystemCalls.Process() {
            @Override
            public String leader() {
                return address(Math.max(0, leader));
            }

            @Override
            public void abdicate() {
                loseLeader(OUTAGE);
            }
        }));
        if (live) {
            driver = Thread.ofPlatform().name("marathon-simulator").daemon().start(this::drive);
        }
    }

    /** Time passes when {@link #advance} says so. */
    public static MarathonSimulator virtual(Settings settings, Programs programs) {
        return new MarathonSimulator(settings, programs, false);
    }

    /** Time passes as everywhere. */
    public static MarathonSimulator live(Settings settings, Programs programs) {
        return new MarathonSimulator(settings, programs, true);
    }

    private static List<Capacity> agents() {
        List<Capacity> agents = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            String host = "127.0.0.1" + (n + 1);
            Agent agent = new Agent("agent-S" + n, host, "local", "zone-" + n, Map.of("rack", "rack-" + n % 2));
            int first = 31000 + 2000 * n;
            agents.add(new Capacity(agent, 16, 16384, 100_000, new PortRange(first, first + 1999)));
        }
        return agents;
    }

    // --- processes

    /** Starts one more Marathon process; the first one leads. */
    public URI start() {
        return start(null);
    }

    /** @param tls null for plain HTTP */
    public URI start(@Nullable SSLContext tls) {
        try {
            HttpNode node = new HttpNode(nodes.size(), tls, this);
            nodes.add(node);
            return node.url();
        } catch (IOException e) {
            throw new IllegalStateException("no port for another Marathon process", e);
        }
    }

    private String address(int node) {
        return nodes.isEmpty() ? "127.0.0.1:8080" : nodes.get(node).url().getAuthority();
    }

    EventStreams streams() {
        return streams;
    }

    /** The number of the process that leads; -1 while none does. */
    int leader() {
        return leader;
    }

    String leaderUrl() {
        return nodes.get(Math.max(0, leader)).url().toString();
    }

    /** The leader's process ends; another one leads after a while, or the same one started again. */
    public void failOver(Duration outage) {
        locked(() -> {
            loseLeader(outage);
            return true;
        });
    }

    private void loseLeader(Duration outage) {
        int before = Math.max(0, leader);
        leader = -1;
        streams.closeAll();
        timeline.in(outage, () -> {
            leader = nodes.isEmpty() ? 0 : (before + 1) % nodes.size();
            marathon.newLeader();
        });
    }

    // --- calls

    /**
     * Answers a call as the leader does, after whatever goes wrong.
     *
     * @throws IOException if the connection ends without an answer
     */
    public Answer call(String method, String target, Map<String, String> headers, String body) throws IOException {
        return call(Request.of(method, target, headers, body));
    }

    Answer call(Request request) throws IOException {
        Faults now = faults;
        double chance = locked(random::nextDouble);
        if (leader < 0) {
            throw new IOException("there is no leader");
        }
        if (chance < now.errorBefore()) {
            return Answer.html(503, request.path(), "Service Unavailable");
        }
        if (chance < now.errorBefore() + now.cutBefore()) {
            throw new IOException("the connection was cut");
        }
        slowDown(now);
        Answer answer = locked(() -> {
            catchUp();
            count(request);
            Answer given = api.answer(request, visible(now.visibleAfter()));
            shown.addLast(new Shown(timeline.now(), marathon.tree()));
            more.signalAll();
            return given;
        });
        double afterwards = locked(random::nextDouble);
        boolean changes = !request.method().equals("GET");
        if (changes && afterwards < now.errorAfter()) {
            return Answer.message(500, "an error that came too late");
        }
        if (changes && afterwards < now.errorAfter() + now.cutAfter()) {
            throw new IOException("the connection was cut");
        }
        return answer;
    }

    private void slowDown(Faults now) {
        if (locked(random::nextDouble) >= now.slow()) {
            return;
        }
        if (!live) {
            advance(now.slowness());
            return;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(now.slowness().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void count(Request request) {
        calls.addLast(request.method() + " " + request.path());
        if (calls.size() > 100_000) {
            calls.removeFirst();
        }
    }

    private Tree visible(Duration after) {
        Instant limit = timeline.now().minus(after);
        while (shown.size() > 1) {
            Shown oldest = shown.removeFirst();
            if (shown.getFirst().from().isAfter(limit)) {
                shown.addFirst(oldest);
                break;
            }
        }
        boolean hidden =
                !after.isZero() && !shown.isEmpty() && shown.getFirst().from().isBefore(timeline.now());
        return hidden ? shown.getFirst().tree() : marathon.tree();
    }

    // --- time

    private void catchUp() {
        if (live) {
            timeline.runUntil(startedAt.plusNanos(System.nanoTime() - startedNanos));
        }
    }

    private void drive() {
        while (!closed) {
            lock.lock();
            try {
                catchUp();
                Duration pause = timeline.next()
                        .map(next -> Duration.between(timeline.now(), next))
                        .filter(next -> next.compareTo(Duration.ofMillis(500)) < 0)
                        .orElse(Duration.ofMillis(500));
                more.awaitNanos(Math.max(1_000_000, pause.toNanos()));
            } catch (InterruptedException e) {
                return;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Lets this much time pass. */
    public void advance(Duration time) {
        locked(() -> {
            timeline.runUntil(timeline.now().plus(time));
            return true;
        });
    }

    public Clock clock() {
        return timeline.clock();
    }

    /**
     * Tells events without a connection, as far as {@link #faults} let them through.
     *
     * @param types of events; none for all
     * @param listener of types and JSON; called under the simulator's lock, so it must only note them down
     */
    public void subscribe(Collection<String> types, BiConsumer<String, String> listener) {
        streams.subscribe(types, listener);
    }

    // --- what goes wrong

    public void faults(Faults now) {
        faults = now;
    }

    /** Whether event streams stay open and say nothing. */
    public void silence(boolean silent) {
        streams.silence(silent);
    }

    public void cutStreams() {
        streams.closeAll();
    }

    /** Streams that are open now. */
    public int subscribers() {
        return streams.size();
    }

    /** Mesos loses sight of the agent; its tasks go on. */
    public void agentDown(String host) {
        act(() -> mesos.agentDown(host));
    }

    public void agentUp(String host) {
        act(() -> mesos.agentUp(host));
    }

    /** The agent is gone for good, with all its tasks. */
    public void agentLost(String host) {
        act(() -> mesos.agentLost(host));
    }

    /** What each agent has from now on; what runs stays. */
    public void resizeAgents(double cpus, double memoryMib) {
        act(() -> mesos.resize(cpus, memoryMib));
    }

    /** A scripted task ends by itself. */
    public void exit(String taskId, int code) {
        act(() -> scripted().exit(taskId, code));
    }

    /** What a scripted task answers to health checks from now on. */
    public void answers(String taskId, int status) {
        act(() -> scripted().answers(taskId, status));
    }

    private ScriptedPrograms scripted() {
        return Optional.of(programs)
                .filter(ScriptedPrograms.class::isInstance)
                .map(ScriptedPrograms.class::cast)
                .orElseThrow(() -> new IllegalStateException("the tasks are real processes"));
    }

    private void act(Runnable action) {
        locked(() -> {
            catchUp();
            action.run();
            more.signalAll();
            return true;
        });
    }

    // --- what is seen from above

    /** Every call so far, as {@code METHOD path}, oldest first. */
    public List<String> calls() {
        return locked(() -> List.copyOf(calls));
    }

    public void forgetCalls() {
        locked(() -> {
            calls.clear();
            return true;
        });
    }

    /** Ids of all tasks that exist on agents, whether Marathon knows them or not. */
    public List<String> tasks() {
        return locked(mesos::taskIds);
    }

    /** Ids of those tasks that nobody told to end. */
    public List<String> livingTasks() {
        return locked(mesos::living);
    }

    /** How many instances run and pass their health checks, as Marathon knows them. */
    public int healthyTasks() {
        return locked(() -> (int) marathon.instances().all().stream()
                .filter(instance -> marathon.tree()
                        .runSpec(instance.runSpec())
                        .map(spec -> Deployments.ready(instance, spec))
                        .orElse(false))
                .count());
    }

    /** As {@link #livingTasks}, without those on agents that Mesos has lost sight of. */
    public List<String> reachableTasks() {
        return locked(mesos::reachable);
    }

    /** The wanted app, as JSON; empty if there is none. */
    public Optional<String> app(String id) {
        return locked(() -> marathon.tree().app(id).map(ObjectNode::toString));
    }

    /** How many instances the app should have; empty if there is no such app. */
    public OptionalInt instances(String id) {
        return locked(() -> marathon.tree().app(id).isPresent()
                ? OptionalInt.of(marathon.tree().instances(id))
                : OptionalInt.empty());
    }

    /** Whether a deployment keeps others from changing the app. */
    public boolean isLocked(String id) {
        return locked(() -> !marathon.deployments().of(id).isEmpty());
    }

    /** Whether a process leads, so that calls are answered. */
    public boolean isLed() {
        return leader >= 0;
    }

    /** How many deployments may run. */
    public int maxDeployments() {
        return maxDeployments;
    }

    /** The version of everything that is wanted: every change makes a new one. */
    public String version() {
        return locked(() -> marathon.tree().version());
    }

    /** Agents' addresses. */
    public List<String> hosts() {
        return agents().stream().map(capacity -> capacity.agent().host()).toList();
    }

    /** Ids of all apps that are wanted. */
    public List<String> apps() {
        return locked(() -> marathon.tree().apps().stream()
                .map(app -> app.path("id").asString())
                .sorted()
                .toList());
    }

    /** Ids of all groups. */
    public List<String> groups() {
        return locked(() -> marathon.tree().groupIds().stream().sorted().toList());
    }

    /** Deployments that run now. */
    public int deployments() {
        return locked(() -> marathon.deployments().count());
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
        closed = true;
        Thread running = driver;
        if (running != null) {
            running.interrupt();
        }
        streams.closeAll();
        nodes.forEach(HttpNode::close);
    }
}
