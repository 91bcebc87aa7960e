package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.deployment.Goal;
import io.switchboard.scheduling.deployment.Note;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.deployment.StaleDeployment;
import io.switchboard.scheduling.leadership.LeadershipLost;
import io.switchboard.scheduling.rollout.Observed.Obstacle;
import io.switchboard.scheduling.task.AskedTasks;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.ConfigAccess.ConfigCenterSilent;
import io.switchboard.scheduling.task.Drained;
import io.switchboard.scheduling.task.Quality;
import io.switchboard.scheduling.task.TaskProtocol;
import io.switchboard.scheduling.task.Workloads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one deployment as far as it gets now: look, decide, act, again and again, until there is something to wait
 * for. Everything that must outlive this process is in {@link Deployments} before the next act, so a crash between any
 * two acts costs nothing but a repetition.
 */
final class Rollout {

    private static final Logger log = LoggerFactory.getLogger(Rollout.class);

    /** A safeguard only: a rollout takes a handful of steps before it has to wait. */
    private static final int MOST_STEPS = 100;

    /** A stuck task's words may change with every attempt; they are told again after this long at the earliest. */
    private static final Duration RETELL = Duration.ofSeconds(10);

    private static final Duration RETELL_TRIAL = Duration.ofMinutes(1);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 5;

    private final Deployments deployments;
    private final Engine engine;
    private final Workloads workloads;
    private final TaskProtocol protocol;
    private final RolloutProperties limits;
    private final RolloutMetrics metrics;
    private final Clock clock;
    private final Map<UUID, Setback> setbacks = new ConcurrentHashMap<>();

    /** @param until when the wanted workload may be tried again */
    private record Setback(long revision, int count, Instant until, Obstacle obstacle) {}

    Rollout(
            Deployments deployments,
            Engine engine,
            Workloads workloads,
            TaskProtocol protocol,
            RolloutProperties limits,
            RolloutMetrics metrics,
            Clock clock) {
        this.deployments = deployments;
        this.engine = engine;
        this.workloads = workloads;
        this.protocol = protocol;
        this.limits = limits;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * @return how long from now to look again without any hint; empty if hints and the periodic pass are enough
     * @throws StaleDeployment if an order came meanwhile: read and try again
     */
    Optional<Duration> advance(Deployment start) {
        var pass = new Pass(start);
        try {
            var again = pass.run();
            pass.write(pass.notebook.notes());
            return again;
        } catch (StaleDeployment | LeadershipLost e) {
            // What another one decided counts; what was done was done.
            pass.write(pass.notebook.done());
            throw e;
        } catch (EngineUnavailable e) {
            var reason = "engine '%s' gave no answer".formatted(engine.name());
            var setback = setBack(pass.deployment, new Obstacle(reason, false));
            // What is as it should be most likely stays so: the engine's silence alone stops no task.
            if (!pass.deployment.told().settled()) {
                pass.tell(Step.whileSilent(pass.deployment, reason, clock.instant(), limits));
            }
            // What was done before the engine fell silent was done.
            pass.write(pass.notebook.notes());
            return Optional.of(Duration.between(clock.instant(), setback.until()));
        }
    }

    private Setback setBack(Deployment deployment, Obstacle obstacle) {
        var setback = setbacks.compute(deployment.id(), (id, last) -> {
            int count = last == null || last.revision() != deployment.desired().revision() ? 0 : last.count() + 1;
            var pause = FIRST_RETRY.multipliedBy(1L << Math.min(count, MOST_DOUBLINGS));
            return new Setback(
                    deployment.desired().revision(), count, clock.instant().plus(pause), obstacle);
        });
        // It is tried again and again; the first time is news.
        if (setback.count() == 0) {
            log.info(
                    "instance {} of tenant {}, order {}: {}",
                    deployment.id(),
                    deployment.instance().tenant(),
                    deployment.order().id(),
                    obstacle.reason());
        }
        return setback;
    }

    /** One look-decide-act loop over one deployment. */
    private final class Pass {

        private Deployment deployment;
        private final Map<String, Drained> drained = new HashMap<>();
        private final Set<String> stopped = new HashSet<>();
        private final Map<String, Calls> calls = new HashMap<>();
        private Optional<Map<String, Quality>> qualities = Optional.empty();
        private final Notebook notebook = new Notebook(clock);
        private final Set<String> started = new HashSet<>();

        Pass(Deployment start) {
            this.deployment = start;
        }

        Optional<Duration> run() {
            for (int i = 0; i < MOST_STEPS; i++) {
                var observed = look();
                var step = Step.next(deployment, observed, limits);
                metrics.step(step);
                switch (step) {
                    case Step.PublishSnapshot publish -> publish(publish, observed);
                    case Step.Drain(Set<String> tasks) -> {
                        notebook.asked(tasks);
                        save(deployment.ask(tasks, observed.now()));
                    }
                    case Step.CountCalls(Set<String> tasks) -> calls.putAll(asked(tasks, observed, protocol::calls));
                    case Step.AskQuality(Set<String> tasks) ->
                        qualities = Optional.of(present(asked(tasks, observed, protocol::quality)));
                    case Step.NoteCut(Map<String, Integer> cut) -> noteCut(cut);
                    case Step.BeginCanary() -> {
                        notebook.note(
                                "The trial of revision %d begins.",
                                deployment.desired().revision());
                        save(deployment.beginCanary(observed.now()));
                    }
                    case Step.PassCanary() -> {
                        log.info("trial passed by {}", subject());
                        notebook.note(
                                "Revision %d has passed its trial.",
                                deployment.desired().revision());
                        save(deployment.passCanary(observed.now()));
                    }
                    case Step.RollBack(String why) -> {
                        log.warn("rolls back {}: {}", subject(), why);
                        notebook.note("Rolled back. %s", why);
                        metrics.rolledBack();
                        save(deployment.rollBack(why, observed.now()));
                    }
                    case Step.Arrive() -> save(deployment.arrive());
                    case Step.StopTasks(String workload, Set<String> tasks) -> {
                        engine.stopTasks(workload, tasks);
                        log.info("stops tasks {} of {}", tasks, subject());
                        notebook.stopped(deployment, tasks);
                        stopped.addAll(tasks);
                    }
                    case Step.RemoveWorkload(String workload) -> {
                        engine.remove(workload);
                        log.info("removes workload {} of {}", workload, subject());
                        save(deployment.retire(workload, observed.now()));
                    }
                    case Step.EnsureWorkload ensure -> ensure(ensure);
                    case Step.FinishRemoval() -> {
                        finish(observed.now());
                        return Optional.empty();
                    }
                    case Step.Waiting waiting -> {
                        tell(waiting);
                        return lookAgain(waiting, observed);
                    }
                    case Step.Nothing() -> {
                        setbacks.remove(deployment.id());
                        return Optional.empty();
                    }
                }
            }
            log.warn("deployment of {} took {} steps without a rest", deployment.id(), MOST_STEPS);
            return Optional.of(FIRST_RETRY);
        }

        /** What no save has taken along. */
        private void write(List<Note> left) {
            if (!left.isEmpty()) {
                deployments.note(deployment.id(), left);
            }
        }

        private Observed look() {
            var now = clock.instant();
            var tasks = new HashMap<String, List<Task>>();
            for (var revision : deployment.revisions()) {
                tasks.put(revision.workload(), withStopped(engine.tasks(revision.workload())));
            }
            askDraining(tasks);
            return new Observed(
                    now, tasks, drained, calls, qualities, started, obstacle(now), shortfall(tasks), awaited());
        }

        /** One that was deleted since is waited for no longer. */
        private Optional<String> awaited() {
            var others = deployment.course().dependsOn();
            return others.isEmpty() || deployment.told().settled()
                    ? Optional.empty()
                    : deployments.find(others).stream()
                            .filter(other ->
                                    other.goal() == Goal.RUN && !other.told().settled())
                            .map(other -> other.instance().name())
                            .sorted()
                            .findFirst();
        }

        /** Asked only where tasks are missing: an engine may have to look it up. */
        private Optional<String> shortfall(Map<String, List<Task>> tasks) {
            return deployment
                    .wanted()
                    .filter(revision ->
                            tasks.getOrDefault(revision.workload(), List.of()).size()
                                    < deployment.desired().tasks())
                    .flatMap(revision -> engine.shortfall(revision.workload()));
        }

        /** An engine may take its time to show what it was just told. */
        private List<Task> withStopped(List<Task> tasks) {
            return stopped.isEmpty()
                    ? tasks
                    : tasks.stream()
                            .map(task -> stopped.contains(task.id()) ? stopping(task) : task)
                            .toList();
        }

        private static Task stopping(Task task) {
            return new Task(
                    task.id(),
                    task.host(),
                    task.ports(),
                    Task.State.STOPPING,
                    task.message(),
                    task.startedAt(),
                    task.restarts(),
                    task.media());
        }

        private void askDraining(Map<String, List<Task>> tasks) {
            var draining = deployment.traffic().draining();
            drained.putAll(asked(
                    tasks,
                    task -> {
                        var drain = draining.get(task.id());
                        return drain != null
                                && drain.askedAt().isPresent()
                                && task.state() != Task.State.STOPPING
                                && !drained.containsKey(task.id());
                    },
                    protocol::drain));
        }

        private <T> Map<String, T> asked(Set<String> ids, Observed observed, BiFunction<Revision, Task, T> question) {
            return asked(observed.tasks(), task -> ids.contains(task.id()), question);
        }

        private <T> Map<String, T> asked(
                Map<String, List<Task>> tasks, Predicate<Task> which, BiFunction<Revision, Task, T> question) {
            return AskedTasks.of(deployment.revisions(), tasks, which, question);
        }

        private static Map<String, Quality> present(Map<String, Optional<Quality>> answers) {
            var present = new HashMap<String, Quality>();
            answers.forEach((id, answer) -> answer.ifPresent(quality -> present.put(id, quality)));
            return present;
        }

        private void noteCut(Map<String, Integer> cut) {
            var before = deployment.course().way().haste().cutCalls();
            save(deployment.cut(cut));
            int more = deployment.course().way().haste().cutCalls() - before;
            metrics.cut(more);
            log.warn("cuts {} calls with tasks {} of {}", more, cut.keySet(), subject());
        }

        private Optional<Obstacle> obstacle(Instant now) {
            return Optional.ofNullable(setbacks.get(deployment.id()))
                    .filter(setback ->
                            setback.revision() == deployment.desired().revision()
                                    && setback.until().isAfter(now))
                    .map(Setback::obstacle);
        }

        private void ensure(Step.EnsureWorkload step) {
            var revision = deployment.revision(step.revision()).orElseThrow();
            try {
                var workload = workloads.workload(deployment.instance(), revision, step.tasks());
                boolean first = deployment.told().status() instanceof DeploymentStatus.Planned;
                var acceptance = engine.ensure(workload);
                switch (acceptance) {
                    case Acceptance.Accepted() -> {
                        if (first) {
                            metrics.ordered(Duration.between(deployment.order().acceptedAt(), clock.instant()));
                        }
                        setbacks.remove(deployment.id());
                        started.add(revision.workload());
                        log.info(
                                "wants {} of workload {} of {}",
                                step.tasks() == 1 ? "1 task" : step.tasks() + " tasks",
                                revision.workload(),
                                subject());
                    }
                    case Acceptance.Refused(Acceptance.Reason reason, String detail) ->
                        setBack(
                                deployment,
                                new Obstacle("engine '%s' refused: %s".formatted(engine.name(), detail), true));
                }
            } catch (IllegalArgumentException e) {
                // The catalog holds what no engine takes; the message names the field and never a value of the tenant.
                setBack(deployment, new Obstacle("the service can't be started: " + e.getMessage(), true));
            } catch (ConfigCenterSilent e) {
                setBack(
                        deployment,
                        new Obstacle("tasks start once they can read their configuration: " + e.getMessage(), false));
            }
        }

        private void publish(Step.PublishSnapshot step, Observed observed) {
            notebook.published(deployment, step, observed);
            var after = deployment.publish(step.serving(), step.newlyDraining(), observed.now());
            // What follows from the snapshot alone goes into the same transaction.
            if (Step.next(after, observed, limits) instanceof Step.Waiting waiting && isNews(waiting, observed.now())) {
                save(told(after, waiting, observed.now()));
            } else {
                save(after);
            }
        }

        private void finish(Instant now) {
            var nothing = deployment.publish(List.of(), Set.of(), now);
            save(nothing.tell(
                    new DeploymentStatus.Removed("Every task has stopped and nothing is left."), true, true, now));
            setbacks.remove(deployment.id());
            log.info("has removed {}", subject());
        }

        private void tell(Step.Waiting waiting) {
            var now = clock.instant();
            if (isNews(waiting, now)) {
                if (waiting instanceof Step.ReportStuck
                        && !(deployment.told().status() instanceof DeploymentStatus.Stuck)) {
                    log.warn("{} is stuck: {}", subject(), waiting.status().message());
                }
                save(told(deployment, waiting, now));
            } else if (deployment.told().settled() != settles(waiting)) {
                save(deployment.settle(settles(waiting)));
            }
        }

        private boolean isNews(Step.Waiting waiting, Instant now) {
            var told = deployment.told();
            if (waiting.status().equals(told.status())) {
                return false;
            }
            return switch (waiting) {
                case Step.ReportStuck stuck ->
                    !sameFigures(stuck.status(), told.status())
                            || !now.isBefore(told.changedAt().plus(RETELL));
                // What is said of its requests grows with each of them.
                case Step.AwaitCanary trial ->
                    !sameWords(trial.status(), told.status())
                            || !sameFigures(trial.status(), told.status())
                            || !now.isBefore(told.changedAt().plus(RETELL_TRIAL));
                default -> true;
            };
        }

        private static boolean sameWords(DeploymentStatus one, DeploymentStatus other) {
            return one.message().replaceAll("\\d", "").equals(other.message().replaceAll("\\d", ""));
        }

        private static Deployment told(Deployment deployment, Step.Waiting waiting, Instant now) {
            boolean progress = !(waiting instanceof Step.ReportStuck)
                    && !sameFigures(waiting.status(), deployment.told().status());
            return deployment.tell(waiting.status(), settles(waiting), progress, now);
        }

        private static boolean settles(Step.Waiting waiting) {
            return waiting instanceof Step.ReportSteady;
        }

        private static boolean sameFigures(DeploymentStatus one, DeploymentStatus other) {
            return figures(one).equals(figures(other));
        }

        private static List<Object> figures(DeploymentStatus status) {
            return switch (status) {
                case DeploymentStatus.RollingOut(int ready, int wanted, String message) ->
                    List.of(DeploymentStatus.RollingOut.class, ready, wanted);
                case DeploymentStatus.Stuck(int ready, int wanted, String message) ->
                    List.of(DeploymentStatus.Stuck.class, ready, wanted);
                case DeploymentStatus.Planned planned -> List.of(planned);
                case DeploymentStatus.Steady steady -> List.of(steady);
                case DeploymentStatus.RolledBack back -> List.of(back);
                case DeploymentStatus.Refused refused -> List.of(refused);
                case DeploymentStatus.Removed removed -> List.of(removed);
            };
        }

        private Optional<Duration> lookAgain(Step.Waiting waiting, Observed observed) {
            if (waiting instanceof Step.ReportSteady) {
                setbacks.remove(deployment.id());
            }
            if (waiting instanceof Step.AwaitCalls || !(waiting instanceof Step.AwaitBalancer) && isToBeAsked()) {
                return Optional.of(limits.drainEvery());
            }
            if (waiting instanceof Step.ReportSteady
                    && !deployment.traffic().draining().isEmpty()) {
                return Optional.of(limits.lingerEvery());
            }
            if (waiting instanceof Step.AwaitCanary) {
                return Optional.of(limits.canary().every());
            }
            return Optional.ofNullable(setbacks.get(deployment.id()))
                    .filter(setback -> observed.obstacle().isPresent())
                    .map(setback -> Duration.between(clock.instant(), setback.until()));
        }

        /** Whether a task that drains was not told yet; nothing else happens when its grace is over. */
        private boolean isToBeAsked() {
            return deployment.traffic().draining().values().stream()
                    .anyMatch(drain -> drain.askedAt().isEmpty());
        }

        /** What a line of the log is about, never with what the tenant set. */
        private String subject() {
            var instance = deployment.instance();
            return "instance %s (%s) of tenant %s, revision %d, order %s"
                    .formatted(
                            instance.id(),
                            instance.name(),
                            instance.tenant(),
                            deployment.desired().revision(),
                            deployment.order().id());
        }

        private void save(Deployment after) {
            deployment = deployments.save(deployment, after, notebook.notes());
            notebook.stored();
        }
    }
}
