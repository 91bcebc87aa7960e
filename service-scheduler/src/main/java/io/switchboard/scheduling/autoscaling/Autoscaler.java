package io.switchboard.scheduling.autoscaling;

import io.switchboard.capacity.scaling.CpuUse;
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
import io.switchboard.scheduling.measurement.TaskUsage;
import io.switchboard.scheduling.rounds.Rounds;
import io.switchboard.scheduling.task.AskedTasks;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.TaskProtocol;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
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
    private final TaskUsage usage;
    private final TaskProtocol protocol;
    private final AutoscalingTables tables;
    private final AutoscalingProperties properties;
    private final Clock clock;
    private final Rounds rounds;

    Autoscaler(
            Deployments deployments,
            Interventions interventions,
            Engine engine,
            TaskUsage usage,
            TaskProtocol protocol,
            AutoscalingTables tables,
            AutoscalingProperties properties,
            Clock clock) {
        this.deployments = deployments;
        this.interventions = interventions;
        this.engine = engine;
        this.usage = usage;
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
        if (active.isEmpty()) {
            return;
        }
        var used = usage.latest();
        try (var looks = Executors.newFixedThreadPool(
                properties.parallel(),
                Thread.ofVirtual().name("autoscaling-", 0).factory())) {
            active.forEach(id -> looks.execute(() -> unlessTrouble(id, used)));
        }
    }

    private void unlessTrouble(UUID id, TaskUsage.Latest used) {
        try {
            look(id, used);
        } catch (RuntimeException e) {
            log.warn("instance {} is not looked at this time: {}", id, e.toString());
        }
    }

    /** By what is said and wanted now: a round takes its time, and may have begun before. */
    private void look(UUID id, TaskUsage.Latest used) {
        var autoscaling = tables.of(id);
        if (autoscaling.mode() != Mode.OFF) {
            deployments.find(List.of(id)).stream()
                    .filter(one -> one.goal() == Goal.RUN)
                    .forEach(one -> look(one, autoscaling, used));
        }
    }

    private void look(Deployment one, Autoscaling autoscaling, TaskUsage.Latest used) {
        var now = clock.instant();
        Map<String, List<Task>> tasks;
        try {
            tasks = carrying(one);
        } catch (EngineUnavailable e) {
            leave(one, now, Optional.empty(), "The engine gave no answer.");
            return;
        }
        if (tasks.values().stream().allMatch(List::isEmpty)) {
            leave(one, now, Optional.empty(), "None of its tasks is ready.");
            return;
        }
        var told = calls(one, tasks);
        if (told.isEmpty()) {
            leave(one, now, told, "Not every task tells how many calls it carries.");
            return;
        }
        tables.read(one.id(), new Reading(now, told.get()));
        var ordered = one.desired().ordered();
        if (ordered.isEmpty() || ordered.get().callsPerTask() == 0) {
            leave(one, now, told, "It isn't known what its tasks carry; an EXTEND order plans them anew.");
        } else if (one.course().pause().isPresent()) {
            leave(
                    one,
                    now,
                    told,
                    "Left alone: %s.".formatted(one.course().pause().get().words()));
        } else if (one.course().way().canary().isPresent()) {
            leave(one, now, told, "Tasks are on trial: " + one.told().status().message());
        } else {
            follow(one, autoscaling, ordered.get(), now, told.get(), cpu(one, tasks, used));
        }
    }

    /** By workload; those that drain, and those of a revision that goes, included. */
    private Map<String, List<Task>> carrying(Deployment one) {
        return one.revisions().stream()
                .collect(Collectors.toMap(
                        Revision::workload,
                        revision -> engine.tasks(revision.workload()).stream()
                                .filter(task -> task.state() == Task.State.READY)
                                .toList()));
    }

    private void follow(
            Deployment one, Autoscaling autoscaling, OrderedCapacity ordered, Instant now, double calls, CpuUse cpu) {
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
                cpu,
                Optional.of(changedAt(one)),
                !one.mayScaleTo(Math.max(1, one.desired().tasks()) - 1));
        var scaling = Scaling.decide(situation, terms);
        tables.looked(
                one.id(),
                new Look(now, Optional.of(calls), Optional.of(scaling.needed()), scaling.tasks(), scaling.reason()));
        if (scaling.tasks() != one.desired().tasks()) {
            decide(one, autoscaling.mode(), scaling, now, calls);
        }
    }

    /** An order changes what tasks there are, too, or what they are for. */
    private Instant changedAt(Deployment one) {
        var ordered = one.order().acceptedAt();
        return tables.lastChange(one.id()).filter(ordered::isBefore).orElse(ordered);
    }

    private Foresight foresight(Deployment one, Autoscaling autoscaling, OrderedCapacity ordered, Instant now) {
        var halfHours = Foresight.halfHours(now, properties.lead());
        return new Foresight(ordered.calls(), autoscaling, tables.mostByHalfHour(one.id(), halfHours));
    }

    /** Written down first: what is carried out has its reason, whatever happens in between. */
    private void decide(Deployment one, Mode mode, Scaling scaling, Instant now, double calls) {
        var decision = new DecisionView(
                now, mode, one.desired().tasks(), scaling.tasks(), calls, scaling.needed(), scaling.reason());
        if (mode == Mode.ACT) {
            long written = tables.decided(one.id(), decision);
            if (!isCarriedOut(one, scaling)) {
                tables.takeBack(written);
            }
        } else if (tables.decisions(one.id(), 1).stream().noneMatch(last -> recommendsTheSame(last, decision))) {
            tables.decided(one.id(), decision);
        }
    }

    private static boolean recommendsTheSame(DecisionView last, DecisionView next) {
        return last.mode() == Mode.RECOMMEND
                && last.tasks() == next.tasks()
                && last.tasksBefore() == next.tasksBefore();
    }

    /** Whether so many tasks are wanted now; others may have wanted something else meanwhile, which takes precedence. */
    private boolean isCarriedOut(Deployment one, Scaling scaling) {
        try {
            return interventions
                            .carryOut(
                                    () -> deployments.find(List.of(one.id())).getFirst(),
                                    new Intervention.Scale(one.desired(), scaling.tasks(), scaling.reason()),
                                    "autoscaling")
                            .desired()
                            .tasks()
                    == scaling.tasks();
        } catch (Problem refused) {
            log.debug("instance {} is not scaled: {}", one.id(), refused.detail());
            return false;
        }
    }

    /** Empty unless all tell; one that lingers may be silent, as nothing waits for it. */
    private Optional<Double> calls(Deployment deployment, Map<String, List<Task>> tasks) {
        double all = 0;
        for (var told : AskedTasks.of(deployment.revisions(), tasks, task -> true, protocol::calls)
                .entrySet()) {
            if (told.getValue() instanceof Calls.Counted counted) {
                all += counted.active();
            } else if (!deployment.traffic().lingers(told.getKey())) {
                return Optional.empty();
            }
        }
        return Optional.of(all);
    }

    private CpuUse cpu(Deployment deployment, Map<String, List<Task>> tasks, TaskUsage.Latest used) {
        if (!usage.isMeasured()) {
            return new CpuUse.NotMeasured();
        }
        var shares = deployment.revisions().stream()
                .flatMap(revision -> tasks.getOrDefault(revision.workload(), List.of()).stream()
                        .flatMap(task -> used.of(task).stream())
                        .map(usage ->
                                (double) usage.cpuMillis() / revision.perTask().cpuMillis()))
                .mapToDouble(share -> share)
                .summaryStatistics();
        return shares.getCount() == 0
                ? new CpuUse.NotKnown()
                : new CpuUse.Measured(shares.getAverage(), (int) shares.getCount());
    }

    private void leave(Deployment one, Instant now, Optional<Double> calls, String why) {
        tables.looked(
                one.id(), new Look(now, calls, Optional.empty(), one.desired().tasks(), why));
    }
}
