package io.switchboard.samples.acd.floor;

import io.switchboard.configclient.Live;
import io.switchboard.samples.acd.routing.Candidate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that goes on in this task. Each method is one step under one lock; afterwards no call waits that an idle
 * agent could take. Settings are read afresh at each step.
 */
public class Floor {

    private static final int REMEMBERED = 1_000;

    private final Clock clock;
    private final Live<AcdProperties> settings;
    private final Map<String, Agent> agents = new TreeMap<>();
    private final Map<UUID, Call> active = new HashMap<>();
    private final LinkedHashMap<UUID, Call> queue = new LinkedHashMap<>();
    private final LinkedHashMap<UUID, Call> ended = new LinkedHashMap<>();
    private @Nullable String lastAgent;
    private boolean draining;
    private long offered;
    private long accepted;
    private long answered;
    private long answeredInTime;
    private long abandoned;
    private long refused;
    private long failed;
    private long endedCalls;
    private Duration inCalls = Duration.ZERO;

    public Floor(Clock clock, Live<AcdProperties> settings) {
        this.clock = clock;
        this.settings = settings;
    }

    /** Logs an agent in, or gives one who is there other skills. */
    synchronized Agent logIn(String id, List<String> skills) {
        var known = agents.get(id);
        var agent = known == null
                ? new Agent(id, skills, new Agent.Idle(clock.instant()), 0, false)
                : new Agent(id, skills, known.state(), known.calls(), false);
        agents.put(id, agent);
        distribute();
        return agents.getOrDefault(id, agent);
    }

    /** Logs an agent out: at once, or after the call they are talking in. A call that rings goes to someone else. */
    synchronized void logOut(String id) {
        var agent = agents.get(id);
        if (agent == null) {
            return;
        }
        if (agent.state() instanceof Agent.Talking) {
            agents.put(id, new Agent(id, agent.skills(), agent.state(), agent.calls(), true));
            return;
        }
        agents.remove(id);
        if (agent.state() instanceof Agent.Ringing(UUID call)) {
            requeue(call);
        }
        distribute();
    }

    synchronized List<Agent> agents() {
        return List.copyOf(agents.values());
    }

    /** @param wanted the skill that the caller asks for; the queue's own if absent */
    public synchronized Offer offer(String caller, Optional<String> wanted) {
        if (draining) {
            turnAway();
            return new Offer.Draining();
        }
        offered++;
        var id = UUID.randomUUID();
        try {
            return take(id, caller, wanted);
        } catch (RuntimeException e) {
            active.remove(id);
            queue.remove(id);
            failed++;
            throw e;
        }
    }

    /** Counts a call that can't be taken though its caller did nothing wrong. */
    public synchronized void turnAway() {
        offered++;
        refused++;
        failed++;
    }

    private Offer take(UUID id, String caller, Optional<String> wanted) {
        var skill = wanted.orElseGet(() -> settings.get().queue().name());
        var call = new Call(id, caller, skill, clock.instant(), new Call.Queued());
        active.put(call.id(), call);
        queue.put(call.id(), call);
        distribute();
        // Looked at afterwards, so that a limit of 0 means "nobody waits" rather than "nobody calls".
        int limit = settings.get().queue().maxLength();
        if (queue.containsKey(call.id()) && waitingFor(skill) > limit) {
            active.remove(call.id());
            queue.remove(call.id());
            refused++;
            return new Offer.QueueFull(skill, limit);
        }
        accepted++;
        return new Offer.Taken(active.getOrDefault(call.id(), call));
    }

    /** A call in progress, or one of the last thousand that ended. */
    public synchronized Optional<Call> call(UUID id) {
        return Optional.ofNullable(active.getOrDefault(id, ended.get(id)));
    }

    /** The agent picks up; a call that doesn't ring stays as it is. */
    synchronized Optional<Call> answer(UUID id) {
        var call = active.get(id);
        if (call != null && call.state() instanceof Call.Ringing(String agent, Instant since)) {
            active.put(id, call.in(new Call.Talking(agent, clock.instant())));
            agents.computeIfPresent(agent, (name, was) -> was.answering(id));
            answered++;
            boolean inTime = !past(call.offeredAt(), settings.get().queue().answerWithin(), clock.instant());
            answeredInTime += inTime ? 1 : 0;
        }
        return call(id);
    }

    /** Either side hangs up; a call that has ended stays as it is. */
    public synchronized Optional<Call> end(UUID id) {
        end(id, Call.Outcome.ABANDONED);
        distribute();
        return call(id);
    }

    /** From now on no new call is taken; those there are go on to their end, the waiting ones too. */
    public synchronized void drain() {
        draining = true;
    }

    synchronized boolean draining() {
        return draining;
    }

    /** Does what time alone brings about; meant to be called a few times a second. */
    synchronized void tick() {
        var now = clock.instant();
        var current = settings.get();
        agents.replaceAll((id, agent) -> agent.state() instanceof Agent.WrapUp(Instant until) && !until.isAfter(now)
                ? agent.in(new Agent.Idle(until))
                : agent);
        for (var call : List.copyOf(active.values())) {
            switch (call.state()) {
                case Call.Queued queued -> {
                    if (past(call.offeredAt(), current.queue().maxWait(), now)) {
                        end(call.id(), Call.Outcome.TIMED_OUT);
                    }
                }
                case Call.Ringing(String agent, Instant since) -> {
                    if (past(since, current.routing().ringTimeout(), now)) {
                        // Wrapping up, or the same agent would be chosen again at once.
                        release(agent);
                        requeue(call.id());
                    }
                }
                case Call.Talking talking -> {}
                case Call.Ended gone -> {}
            }
        }
        distribute();
    }

    /** How many wait, by skill; a skill for which nobody waits is left out. */
    synchronized Map<String, Integer> queues() {
        var lengths = new TreeMap<String, Integer>();
        queue.values().forEach(call -> lengths.merge(call.skill(), 1, Integer::sum));
        return lengths;
    }

    /** The place in the queue of its skill, from 1; empty if the call doesn't wait, or callers aren't told. */
    synchronized Optional<Integer> position(Call call) {
        if (!settings.get().queue().announcePosition() || !queue.containsKey(call.id())) {
            return Optional.empty();
        }
        int place = 1;
        for (var other : queue.values()) {
            if (other.id().equals(call.id())) {
                break;
            }
            place += other.skill().equals(call.skill()) ? 1 : 0;
        }
        return Optional.of(place);
    }

    synchronized Statistics statistics() {
        var states = new EnumMap<Agent.Kind, Integer>(Agent.Kind.class);
        for (var kind : Agent.Kind.values()) {
            states.put(kind, 0);
        }
        agents.values().forEach(agent -> states.merge(agent.state().kind(), 1, Integer::sum));
        return new Statistics(
                offered,
                accepted,
                answered,
                answeredInTime,
                abandoned,
                refused,
                failed,
                endedCalls == 0 ? Optional.empty() : Optional.of(seconds(inCalls) / endedCalls),
                active.size(),
                queue.size(),
                states);
    }

    private void distribute() {
        if (queue.isEmpty()) {
            return;
        }
        var strategy = settings.get().routing().strategy();
        var idle = new ArrayList<Candidate>();
        agents.values().forEach(agent -> agent.candidate().ifPresent(idle::add));
        for (var call : List.copyOf(queue.values())) {
            if (idle.isEmpty()) {
                return;
            }
            strategy.choose(call.skill(), idle, Optional.ofNullable(lastAgent)).ifPresent(agent -> {
                idle.removeIf(candidate -> candidate.agent().equals(agent));
                ring(agent, call);
            });
        }
    }

    private void ring(String agent, Call call) {
        queue.remove(call.id());
        active.put(call.id(), call.in(new Call.Ringing(agent, clock.instant())));
        agents.computeIfPresent(agent, (id, was) -> was.in(new Agent.Ringing(call.id())));
        lastAgent = agent;
    }

    private void requeue(UUID id) {
        var call = active.get(id);
        if (call != null) {
            var waiting = call.in(new Call.Queued());
            active.put(id, waiting);
            // In front: it has waited longest.
            queue.putFirst(id, waiting);
        }
    }

    private void end(UUID id, Call.Outcome unanswered) {
        var call = active.remove(id);
        if (call == null) {
            return;
        }
        queue.remove(id);
        var outcome = call.state() instanceof Call.Talking ? Call.Outcome.COMPLETED : unanswered;
        abandoned += outcome == Call.Outcome.COMPLETED ? 0 : 1;
        call.state().holder().ifPresent(this::release);
        var now = clock.instant();
        endedCalls++;
        inCalls = inCalls.plus(Duration.between(call.offeredAt(), now));
        ended.putLast(id, call.in(new Call.Ended(outcome, call.state().holder(), now)));
        if (ended.size() > REMEMBERED) {
            ended.pollFirstEntry();
        }
    }

    private void release(String id) {
        var now = clock.instant();
        var wrapUp = settings.get().routing().wrapUp();
        agents.computeIfPresent(id, (name, agent) -> {
            if (agent.leaving()) {
                return null;
            }
            return agent.in(wrapUp.isZero() ? new Agent.Idle(now) : new Agent.WrapUp(now.plus(wrapUp)));
        });
    }

    private long waitingFor(String skill) {
        return queue.values().stream()
                .filter(call -> call.skill().equals(skill))
                .count();
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private static boolean past(Instant since, Duration limit, Instant now) {
        return since.plus(limit).isBefore(now);
    }
}
