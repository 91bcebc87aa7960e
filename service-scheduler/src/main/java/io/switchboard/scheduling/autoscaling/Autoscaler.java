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
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.TaskProtocol;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final TaskUsage usage;
    private final TaskProtocol protocol;
    private final AutoscalingTables tables;
    private final AutoscalingProperties properties;
    private final Clock clock;
    private final Rounds rounds;

    private record Carrying(Revision revision, Task task) {}

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
            deployments.find(active.keySet()).stream()
                    .filter(one -> one.goal() == Goal.RUN)
                    .forEach(one -> looks.execute(() -> unlessTrouble(one, active, used)));
        }
    }

    private void unlessTrouble(Deployment one, Map<UUID, Autoscaling> active, TaskUsage.Latest used) {
        try {
            look(one, active.getOrDefault(one.id(), Autoscaling.OFF), used);
        } catch (RuntimeException e) {
            log.warn("instance {} is not looked at this time: {}", one.id(), e.toString());
        }
    }

    private void look(Deployment one, Autoscaling autoscaling, TaskUsage.Latest used) {
        var now = clock.instant();
        List<Carrying> tasks;
        try {
            tasks = carrying(one);
        } catch (EngineUnavailable e) {
            leave(one, now, Optional.empty(), "The engine gave no answer.");
            return;
        }
        if (tasks.isEmpty()) {
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
            follow(one, autoscaling, ordered.get(), now, told.get(), cpu(tasks, used));
        }
    }

    /** Those that finish their calls, and those of a revision that goes, included. */
    private List<Carrying> carrying(Deployment one) {
        return one.revisions().stream()
                .flatMap(revision -> engine.tasks(revision.workload()).stream()
                        .filter(task -> task.state() == Task.State.READY)
                        .map(task -> new Carrying(revision, task)))
                .toList();
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
                Optional.of(changedAt(one)));
        var scaling = Scaling.decide(situation, terms);
        boolean wanted = scaling.tasks() != one.desired().tasks();
        var held = wanted ? obstacle(one, scaling) : Optional.<String>empty();
        tables.looked(
                one.id(),
                new Look(
                        now,
                        Optional.of(calls),
                        Optional.of(scaling.needed()),
                        held.isPresent() ? one.desired().tasks() : scaling.tasks(),
                        held.map(why -> scaling.reason() + " " + why).orElse(scaling.reason())));
        if (wanted && held.isEmpty()) {
            decide(one, autoscaling.mode(), scaling, now, calls);
        }
    }

    private static Optional<String> obstacle(Deployment one, Scaling scaling) {
        return one.mayScaleTo(scaling.tasks()) ? Optional.empty() : Optional.of("None goes during a rollout.");
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
            tables.decided(one.id(), decision);
            carryOut(one, scaling);
        } else if (tables.decisions(one.id(), 1).stream().noneMatch(last -> recommendsTheSame(last, decision))) {
            tables.decided(one.id(), decision);
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

    /** Empty unless all tell that aren't on their way out with all the time there is. */
    private Optional<Double> calls(Deployment deployment, List<Carrying> tasks) {
        double all = 0;
        for (var one : tasks) {
            if (protocol.calls(one.revision, one.task) instanceof Calls.Counted counted) {
                all += counted.active();
            } else if (!deployment.traffic().lingers(one.task.id())) {
                return Optional.empty();
            }
        }
        return Optional.of(all);
    }

    private CpuUse cpu(List<Carrying> tasks, TaskUsage.Latest used) {
        if (!usage.isMeasured()) {
            return new CpuUse.NotMeasured();
        }
        var shares = tasks.stream()
                .flatMap(one -> used.of(one.task).stream()
                        .map(usage -> (double) usage.cpuMillis()
                                / one.revision.perTask().cpuMillis()))
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
