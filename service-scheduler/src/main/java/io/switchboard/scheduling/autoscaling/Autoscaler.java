package io.switchboard.scheduling.autoscaling;

import io.switchboard.capacity.scaling.Reading;
import io.switchboard.capacity.scaling.Scaling;
import io.switchboard.capacity.scaling.ScalingTerms;
import io.switchboard.capacity.scaling.Situation;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.scheduling.AutoscalingApi.DecisionView;
import io.switchboard.contracts.scheduling.AutoscalingApi.Look;
import io.switchboard.contracts.scheduling.AutoscalingApi.Mode;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.capacity.OrderedCapacity;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.deployment.Goal;
import io.switchboard.scheduling.deployment.Intervention;
import io.switchboard.scheduling.deployment.Interventions;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.leadership.Term;
import io.switchboard.scheduling.leadership.TermListener;
import io.switchboard.scheduling.rounds.Rounds;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.TaskProtocol;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Looks at instances that follow their load, in rounds, while this scheduler leads. Every look is written down before
 * anything is done for it, and what is done is an intervention: tasks that go are drained by the rollout as ever. A round
 * that is broken off anywhere is made up for by the next, which reads all it goes by again.
 */
@Component
class Autoscaler implements TermListener {

    private static final Logger log = LoggerFactory.getLogger(Autoscaler.class);

    private final Deployments deployments;
    private final Interventions interventions;
    private final Engine engine;
    private final TaskProtocol protocol;
    private final AutoscalingTables tables;
    private final AutoscalingProperties properties;
    private final Clock clock;
    private final Rounds rounds;

    Autoscaler(
            Deployments deployments,
            Interventions interventions,
            Engine engine,
            TaskProtocol protocol,
            AutoscalingTables tables,
            AutoscalingProperties properties,
            Clock clock) {
        this.deployments = deployments;
        this.interventions = interventions;
        this.engine = engine;
        this.protocol = protocol;
        this.tables = tables;
        this.properties = properties;
        this.clock = clock;
        this.rounds = new Rounds("autoscaling", properties.every(), properties.every(), this::round);
    }

    @Override
    public void began(Term term) {
        rounds.start();
    }

    @Override
    public boolean ended(Term term) {
        return rounds.end();
    }

    private void round() {
        var now = clock.instant();
        tables.forget(
                now.minus(properties.readings()), now.minus(properties.halfHours()), now.minus(properties.decisions()));
        var active = tables.active();
        try (var looks = Executors.newFixedThreadPool(
                properties.parallel(),
                Thread.ofVirtual().name("autoscaling-", 0).factory())) {
            deployments.find(active.keySet()).stream()
                    .filter(one -> one.goal() == Goal.RUN)
                    .forEach(one -> looks.execute(() -> unlessTrouble(one, active)));
        }
    }

    private void unlessTrouble(Deployment one, Map<UUID, Autoscaling> active) {
        try {
            look(one, active.getOrDefault(one.id(), Autoscaling.OFF));
        } catch (RuntimeException e) {
            log.warn("instance {} is not looked at this time: {}", one.id(), e.toString());
        }
    }

    private void look(Deployment one, Autoscaling autoscaling) {
        var now = clock.instant();
        var running = one.wanted();
        var ordered = one.desired().ordered();
        if (running.isEmpty() || ordered.isEmpty() || ordered.get().callsPerTask() == 0) {
            leave(one, now, "It isn't known what its tasks carry; an EXTEND order plans them anew.");
            return;
        }
        if (!one.told().settled()) {
            leave(one, now, "A rollout is under way: " + one.told().status().message());
            return;
        }
        List<Task> tasks;
        try {
            tasks = engine.tasks(running.get().workload()).stream()
                    .filter(task -> task.state() == Task.State.READY)
                    .toList();
        } catch (EngineUnavailable e) {
            leave(one, now, "The engine gave no answer.");
            return;
        }
        var calls = calls(running.get(), tasks);
        if (calls.isEmpty()) {
            leave(one, now, "Not every task tells how many calls it carries.");
            return;
        }
        tables.read(one.id(), new Reading(now, calls.getAsDouble()));
        follow(one, autoscaling, ordered.get(), now, calls.getAsDouble(), cpuShare(running.get(), tasks));
    }

    private void follow(
            Deployment one,
            Autoscaling autoscaling,
            OrderedCapacity ordered,
            Instant now,
            double calls,
            Optional<Double> cpuShare) {
        var decisions = tables.decisions(one.id(), 1);
        var terms = new ScalingTerms(
                autoscaling.fewest(ordered),
                autoscaling.most(ordered),
                ordered.spareTasks(),
                ordered.callsPerTask(),
                properties.lead(),
                properties.calm());
        var situation = new Situation(
                now,
                Math.max(1, one.desired().tasks()),
                tables.readings(one.id(), now.minus(properties.readings())),
                foresight(one, autoscaling, ordered, now).at(now, properties.lead()),
                cpuShare,
                decisions.stream()
                        .filter(last -> last.mode() == Mode.ACT)
                        .map(DecisionView::at)
                        .findFirst());
        var scaling = Scaling.decide(situation, terms);
        tables.looked(
                one.id(),
                new Look(now, Optional.of(calls), Optional.of(scaling.needed()), scaling.tasks(), scaling.reason()));
        if (scaling.tasks() != one.desired().tasks()) {
            decide(one, autoscaling.mode(), scaling, now, calls, decisions);
        }
    }

    private Foresight foresight(Deployment one, Autoscaling autoscaling, OrderedCapacity ordered, Instant now) {
        var halfHours = Foresight.halfHours(now, properties.lead());
        return new Foresight(ordered.calls(), autoscaling, tables.mostByHalfHour(one.id(), halfHours));
    }

    /** Written down first: what is carried out has its reason, whatever happens in between. */
    private void decide(
            Deployment one, Mode mode, Scaling scaling, Instant now, double calls, List<DecisionView> before) {
        var decision = new DecisionView(
                now, mode, one.desired().tasks(), scaling.tasks(), calls, scaling.needed(), scaling.reason());
        if (mode == Mode.ACT || before.stream().noneMatch(last -> recommendsTheSame(last, decision))) {
            tables.decided(one.id(), decision);
        }
        if (mode == Mode.ACT) {
            carryOut(one, scaling);
        }
    }

    private static boolean recommendsTheSame(DecisionView last, DecisionView next) {
        return last.mode() == Mode.RECOMMEND
                && last.tasks() == next.tasks()
                && last.tasksBefore() == next.tasksBefore();
    }

    private void carryOut(Deployment one, Scaling scaling) {
        try {
            interventions.carryOut(
                    () -> deployments.find(List.of(one.id())).getFirst(),
                    new Intervention.Scale(one.desired(), scaling.tasks(), scaling.reason()),
                    "autoscaling");
        } catch (Problem refused) {
            log.debug("instance {} is not scaled: {}", one.id(), refused.detail());
        }
    }

    /** Empty unless all tell. */
    private OptionalDouble calls(Revision revision, List<Task> tasks) {
        double all = 0;
        for (var task : tasks) {
            if (!(protocol.calls(revision, task) instanceof Calls.Counted counted)) {
                return OptionalDouble.empty();
            }
            all += counted.active();
        }
        return OptionalDouble.of(all);
    }

    private Optional<Double> cpuShare(Revision revision, List<Task> tasks) {
        var used = tasks.stream()
                .flatMap(task -> engine.usage(task.id()).stream())
                .mapToDouble(
                        usage -> (double) usage.cpuMillis() / revision.perTask().cpuMillis())
                .average();
        return used.isPresent() ? Optional.of(used.getAsDouble()) : Optional.empty();
    }

    private void leave(Deployment one, Instant now, String why) {
        tables.looked(
                one.id(),
                new Look(now, Optional.empty(), Optional.empty(), one.desired().tasks(), why));
    }
}
