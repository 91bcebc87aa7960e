package io.switchboard.scheduling.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.engine.Acceptance;
import io.switchboard.engine.ForwardingEngine;
import io.switchboard.engine.Task;
import io.switchboard.engine.Workload;
import io.switchboard.scheduling.Orders;
import io.switchboard.scheduling.deployment.Course;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Goal;
import io.switchboard.scheduling.deployment.InMemoryDeployments;
import io.switchboard.scheduling.deployment.Note;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.deployment.StaleDeployment;
import io.switchboard.scheduling.rollout.SimulatedEngine.Body;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.ConfigAccess;
import io.switchboard.scheduling.task.Drained;
import io.switchboard.scheduling.task.Quality;
import io.switchboard.scheduling.task.TaskProperties;
import io.switchboard.scheduling.task.TaskProtocol;
import io.switchboard.scheduling.task.TaskSecrets;
import io.switchboard.scheduling.task.Workloads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real rollout in a simulated world, with crashes before and after every act, a slow and sometimes silent engine, a
 * slow balancer, dying tasks, calls, and orders that come in the middle of rollouts. Every seed is a reproducible story.
 */
class RolloutSimulationTests {

    private static final RolloutProperties.CanaryLimits CANARY =
            new RolloutProperties.CanaryLimits(100, 1.5, Duration.ofMillis(20), Duration.ofSeconds(5));

    private static final int STORIES = 150;
    private static final int CHAOS_TICKS = 250;
    private static final int CALM_TICKS = 1_200;
    /** See {@link InMemoryDeployments#intervene}. */
    private static final int RESUME = 5;

    private static final int SURGE = 3;

    @Test
    void noCallIsLostAndEveryStoryEndsWell() {
        IntStream.range(0, STORIES).forEach(seed -> new World(seed).run());
    }

    @Test
    void aStoryToldTwiceIsTheSame() {
        assertThat(new World(7).run()).isEqualTo(new World(7).run());
    }

    /** What an operation does to a world whose instance runs as it should. */
    private enum Operation {
        OPEN(world -> world.order(Orders.open(world.instance, 1_000))),
        GROW(world -> world.order(Orders.extend(world.instance, 5_000))),
        GROW_DURING_A_TRIAL(world -> {
            world.order(Orders.upgrade(world.instance, "acd:2", 3_000));
            world.order(Orders.extend(world.instance, 5_000));
        }),
        SCALE_OUT(world -> world.store.scale(world.instance, 7, world.now)),
        SCALE_IN(world -> world.store.scale(world.instance, 2, world.now)),
        SCALE_IN_AND_OUT_AGAIN(world -> {
            world.store.scale(world.instance, 2, world.now);
            IntStream.range(0, 5).forEach(tick -> world.tick());
            world.store.scale(world.instance, 6, world.now);
        }),
        SHRINK(world -> world.order(Orders.extend(world.instance, 1_000))),
        RESTART(world -> world.order(Orders.restart(world.instance))),
        UPGRADE(world -> world.order(Orders.upgrade(world.instance, "acd:2", 3_000))),
        RESTART_TASK(world -> world.intervene(4)),
        ROLL_BACK(world -> {
            world.order(Orders.upgrade(world.instance, "acd:2", 3_000));
            IntStream.range(0, 5).forEach(tick -> world.tick());
            world.intervene(1);
        }),
        DELETE(world -> world.order(Orders.delete(world.instance)));

        private final Consumer<World> begin;

        Operation(Consumer<World> begin) {
            this.begin = begin;
        }
    }

    /** Not sampled: each write, each call of the engine and each question to a task, before and after it. */
    @ParameterizedTest
    @EnumSource
    void aCrashBetweenAnyTwoActsOfAnOperationCostsARepetitionAndNothingElse(Operation operation) {
        var undisturbed = new World(11);
        int acts = undisturbed.carryOut(operation, -1, false);
        assertThat(acts).isGreaterThan(4);

        for (int at = 0; at < acts; at++) {
            for (boolean after : new boolean[] {false, true}) {
                var world = new World(11);
                world.carryOut(operation, at, after);
                assertThat(world.crashes).isEqualTo(1);
                assertThat(world.engine.started())
                        .as(
                                "tasks started by %s with a crash %s act %d of %d",
                                operation, after ? "after" : "before", at, acts)
                        .isEqualTo(undisturbed.engine.started());
                assertThat(world.store.get(world.instance).desired())
                        .isEqualTo(undisturbed.store.get(undisturbed.instance).desired());
            }
        }
    }

    /** The trial takes ten minutes; the load is carried after one, and whatever becomes of the trial. */
    @ParameterizedTest
    @CsvSource({"1000, 5000", "5000, 6000"})
    void loadOrderedDuringATrialIsCarriedBeforeItsEnd(int before, int after) {
        var ends = IntStream.range(0, 20)
                .mapToObj(seed -> new World(seed).extendDuringATrial(before, after))
                .collect(Collectors.toSet());

        assertThat(ends).hasSize(2);
    }

    /** Stands for kill -9: what was in memory is gone. */
    private static final class Crash extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Crash() {
            super("crash", null, false, false);
        }
    }

    private static final class World {

        private final int seed;
        private final Random random;
        private final UUID instance;
        private final SimulatedEngine engine;
        private final Store store = new Store();
        private final Deque<TaskSnapshot> toBalancer = new ArrayDeque<>();
        private final Map<String, Integer> calls = new HashMap<>();
        private final Set<String> refusesCalls = new HashSet<>();
        private final Set<String> everInBalancer = new HashSet<>();
        private final Workloads workloads;
        private final RolloutMetrics metrics = new RolloutMetrics(new SimpleMeterRegistry());
        private final RolloutProperties limits = new RolloutProperties(
                SURGE,
                true,
                Duration.ofSeconds(15),
                Duration.ofHours(5),
                Duration.ofSeconds(1),
                Duration.ofHours(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMinutes(2),
                CANARY);
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");
        private Optional<TaskSnapshot> inForce = Optional.empty();
        private UUID lastOrder = new UUID(0, 0);
        private int snapshotsSeen;
        private boolean calm;
        private int acts;
        private int crashes;
        private boolean crashing;
        private int crashAt = -1;
        private boolean crashAfter;
        private Rollout rollout;

        World(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.instance = new UUID(1, seed);
            this.engine = new SimulatedEngine(random);
            this.workloads = new Workloads(this::configAccess, new TaskSecrets(new byte[32]), TASKS);
            this.rollout = freshRollout();
        }

        private static final TaskProperties TASKS = new TaskProperties(
                "/ready",
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));

        private Map<String, String> configAccess(String tenant, String application, String stage, String workload) {
            if (!calm && random.nextInt(10) == 0) {
                throw new ConfigAccess.ConfigCenterSilent("simulated");
            }
            return Map.of("SWITCHBOARD_CONFIG_USER", application);
        }

        private Rollout freshRollout() {
            var clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
            return new Rollout(store, new Watched(), workloads, new Talk(), limits, metrics, clock);
        }

        /** Answers how many acts it took. */
        int carryOut(Operation operation, int at, boolean after) {
            calm = true;
            engine.calm = true;
            if (operation != Operation.OPEN) {
                order(Orders.open(instance, 3_000));
                settle(false);
            }
            acts = 0;
            crashAt = at;
            crashAfter = after;
            operation.begin.accept(this);
            boolean delete = operation == Operation.DELETE;
            settle(delete);
            assertEnd(delete);
            return acts;
        }

        /** Answers whether the trial was passed. */
        boolean extendDuringATrial(int before, int after) {
            calm = true;
            engine.calm = true;
            order(Orders.open(instance, before));
            settle(false);
            var upgrade = Orders.upgrade(instance, "acd:2", before);
            order(upgrade);
            order(Orders.extend(instance, after));
            int owed = store.get(instance)
                    .course()
                    .way()
                    .canary()
                    .flatMap(Course.Canary::beside)
                    .orElseThrow();
            IntStream.range(0, 60).forEach(tick -> tick());
            assertThat(inForce.map(World::ready).orElse(Set.of()))
                    .as(story("the load ordered during the trial"))
                    .hasSizeGreaterThanOrEqualTo(owed);
            boolean failed =
                    store.events.stream().anyMatch(event -> event.status() instanceof DeploymentStatus.RolledBack);
            assertThat(store.get(instance).course().way().canary().isPresent())
                    .as(story("the trial goes on unless it failed"))
                    .isEqualTo(!failed);
            settle(false);
            assertEnd(false);
            assertThat(store.events)
                    .as(story("the trial is its own order's"))
                    .filteredOn(event -> event.status() instanceof DeploymentStatus.RolledBack)
                    .allMatch(event -> event.orderId().equals(upgrade.orderId()));
            assertThat(store.events.getLast().orderId()).as(story("the load")).isEqualTo(lastOrder);
            assertThat(store.get(instance).desired().revision() == 1)
                    .as(story("the revision"))
                    .isEqualTo(failed);
            return !failed;
        }

        private void settle(boolean delete) {
            for (int i = 0; i < CALM_TICKS && !ended(delete); i++) {
                tick();
            }
            assertThat(ended(delete)).as(story("the end")).isTrue();
        }

        List<Object> run() {
            order(Orders.open(instance, 200 + random.nextInt(7_500)));
            for (int i = 0; i < CHAOS_TICKS; i++) {
                if (random.nextInt(40) == 0) {
                    order(anyOrder());
                }
                if (random.nextInt(40) == 0) {
                    intervene(random.nextInt(6));
                }
                if (random.nextInt(40) == 0) {
                    store.scale(instance, 1 + random.nextInt(9), now);
                }
                if (random.nextInt(30) == 0) {
                    engine.silent = !engine.silent;
                }
                tick();
            }
            calm = true;
            engine.calm = true;
            engine.silent = false;
            intervene(RESUME);
            boolean delete = random.nextInt(3) == 0;
            if (delete) {
                order(Orders.delete(instance));
            }
            // The last change before the calm is seen within a few ticks at most.
            for (int i = 0; i < CALM_TICKS && (i < 20 || !ended(delete)); i++) {
                tick();
            }
            assertEnd(delete);
            return List.of(
                    store.events.stream()
                            .map(event -> List.of(event.sequence(), event.status()))
                            .toList(),
                    store.snapshots);
        }

        private OrderMessage anyOrder() {
            return switch (random.nextInt(5)) {
                case 0 -> Orders.restart(instance);
                case 1 -> Orders.upgrade(instance, "acd:" + random.nextInt(3), 200 + random.nextInt(7_500));
                default -> Orders.extend(instance, 200 + random.nextInt(7_500));
            };
        }

        private void order(OrderMessage order) {
            lastOrder = order.orderId();
            store.order(order, now);
        }

        private void intervene(int which) {
            var bodies = engine.bodies();
            var task = bodies.isEmpty() ? "none" : bodies.get(random.nextInt(bodies.size())).id;
            store.intervene(instance, which, task, now);
        }

        private void tick() {
            now = now.plusSeconds(1);
            engine.tick();
            balance();
            carryCalls();
            try {
                rollout.advance(store.get(instance));
                if (crashing) {
                    crashIf(true);
                }
            } catch (Crash e) {
                crashes++;
                rollout = freshRollout();
            } catch (StaleDeployment e) {
                // Read again on the next tick.
            }
        }

        /** Takes over snapshots in order, some time after they were published. */
        private void balance() {
            for (; snapshotsSeen < store.snapshots.size(); snapshotsSeen++) {
                toBalancer.add(store.snapshots.get(snapshotsSeen));
            }
            while (!toBalancer.isEmpty() && (calm || random.nextInt(3) == 0)) {
                var next = toBalancer.remove();
                inForce = Optional.of(next);
                ready(next).forEach(everInBalancer::add);
                store.routed(Map.of(instance, next.sequence()), now);
            }
        }

        private void carryCalls() {
            var living = engine.bodies().stream().map(body -> body.id).collect(Collectors.toSet());
            calls.keySet().retainAll(living);
            for (var id : inForce.map(World::ready).orElse(Set.of())) {
                engine.bodies().stream()
                        .filter(body -> body.id.equals(id))
                        .findFirst()
                        .ifPresent(body -> {
                            assertThat(body.lives())
                                    .as(story("the balancer sends calls to a stopped task"))
                                    .isTrue();
                            if (!refusesCalls.contains(id) && random.nextInt(3) == 0) {
                                calls.merge(id, 1, Integer::sum);
                            }
                        });
            }
            calls.replaceAll((id, active) -> active > 0 && random.nextInt(2) == 0 ? active - 1 : active);
        }

        /** What tasks say; half of the revisions serve badly. */
        private final class Talk implements TaskProtocol {

            @Override
            public Drained drain(Revision revision, Task task) {
                return asked(() -> drained(task));
            }

            @Override
            public Calls calls(Revision revision, Task task) {
                return Math.floorMod(task.id().hashCode(), 6) == 0
                        ? new Calls.Unknown()
                        : new Calls.Counted(calls.getOrDefault(task.id(), 0), Calls.USUAL_SECONDS);
            }

            @Override
            public Optional<Quality> quality(Revision revision, Task task) {
                boolean bad = Integer.bitCount(revision.workload().hashCode()) % 2 == 0;
                return Optional.of(new Quality(500, bad ? 100 : 0, 5, 0, 0));
            }
        }

        private Drained drained(Task task) {
            refusesCalls.add(task.id());
            if (!calm && random.nextInt(6) == 0) {
                return new Drained.Silent("simulated");
            }
            int active = calls.getOrDefault(task.id(), 0);
            return active > 0 ? new Drained.Busy(active) : new Drained.Idle();
        }

        private boolean ended(boolean delete) {
            var told = store.get(instance).told();
            return delete
                    ? told.status() instanceof DeploymentStatus.Removed
                    : told.settled()
                            && store.get(instance).traffic().routeSequence()
                                    == store.get(instance).traffic().sequence()
                            && store.get(instance).traffic().draining().isEmpty();
        }

        private void assertEnd(boolean delete) {
            var deployment = store.get(instance);
            if (delete) {
                assertThat(deployment.told().status())
                        .as(story("the end"))
                        .isInstanceOf(DeploymentStatus.Removed.class);
                assertThat(engine.bodies()).as(story("the end")).isEmpty();
                assertThat(engine.workloads()).as(story("the end")).isEmpty();
                assertThat(store.snapshots.getLast().removed()).isTrue();
            } else {
                assertThat(deployment.told().status()).as(story("the end")).isInstanceOf(DeploymentStatus.Steady.class);
                assertThat(engine.bodies())
                        .as(story("the end"))
                        .hasSize(deployment.desired().tasks());
                assertThat(engine.workloads())
                        .as(story("the end"))
                        .containsExactly(deployment.wanted().orElseThrow().workload());
                assertThat(inForce.map(World::ready))
                        .as(story("the end"))
                        .hasValue(engine.bodies().stream().map(body -> body.id).collect(Collectors.toSet()));
            }
            for (int i = 0; i < store.events.size(); i++) {
                assertThat(store.events.get(i).sequence()).as(story("events")).isEqualTo(i + 1);
            }
            assertThat(store.events).as(story("not too much is said")).hasSizeLessThan(400);
        }

        private static Set<String> ready(TaskSnapshot snapshot) {
            return snapshot.tasks().stream()
                    .filter(task -> task.state() == TaskSnapshot.State.READY)
                    .map(TaskSnapshot.ServingTask::id)
                    .collect(Collectors.toSet());
        }

        private String story(String what) {
            return "seed " + seed + " at " + now + ": " + what + "; last order " + lastOrder + "; "
                    + store.get(instance).told().status();
        }

        /** An act that a crash may prevent, or follow. */
        private <T> T perilously(Supplier<T> act) {
            int number = acts++;
            crashIf(number == crashAt && !crashAfter);
            var result = act.get();
            crashIf(number == crashAt && crashAfter);
            return result;
        }

        /** Tasks are asked by threads of their own, with whom nothing ends: the crash comes as soon as may be. */
        private synchronized Drained asked(Supplier<Drained> question) {
            int number = acts++;
            if (number == crashAt) {
                crashing = true;
            }
            return number == crashAt && !crashAfter ? new Drained.Silent("crashed") : question.get();
        }

        private void crashIf(boolean now) {
            if (now || crashing || !calm && random.nextInt(60) == 0) {
                crashing = false;
                throw new Crash();
            }
        }

        /** Checks what is told to the balancer. */
        private final class Store extends InMemoryDeployments {

            @Override
            public Deployment save(Deployment before, Deployment after, List<Note> noted) {
                return perilously(() -> {
                    var saved = super.save(before, after, noted);
                    check(before, after);
                    return saved;
                });
            }

            private void check(Deployment before, Deployment after) {
                assertThat(after.traffic().sequence() - before.traffic().sequence())
                        .as(story("sequence"))
                        .isBetween(0L, 1L);
                boolean sendsAway = after.traffic().draining().keySet().stream()
                        .filter(id -> !before.traffic().draining().containsKey(id))
                        .anyMatch(id -> engine.bodies().stream()
                                .anyMatch(body -> body.id.equals(id) && body.state == Task.State.READY));
                if (sendsAway && after.goal() == Goal.RUN) {
                    assertThat(ready(after.snapshot()))
                            .as(story("ready tasks are sent away before there are enough others"))
                            .hasSizeGreaterThanOrEqualTo(after.desired().tasks());
                }
            }
        }

        /** Checks what is asked of the engine. */
        private final class Watched extends ForwardingEngine {

            Watched() {
                super(engine);
            }

            @Override
            public Acceptance ensure(Workload workload) {
                return perilously(() -> {
                    long living = living(engine.bodies(workload.name()));
                    long all = living(engine.bodies());
                    assertThat((long) workload.tasks())
                            .as(story("a scale-down stops tasks nobody chose"))
                            .isGreaterThanOrEqualTo(living);
                    assertThat(all - living + workload.tasks())
                            .as(story("more than wanted and surge"))
                            .isLessThanOrEqualTo(owed() + SURGE + lingering());
                    var answer = super.ensure(workload);
                    assertThat(answer).as(story("ensure")).isEqualTo(new Acceptance.Accepted());
                    return answer;
                });
            }

            @Override
            public void stopTasks(String name, Set<String> taskIds) {
                perilously(() -> {
                    for (var id : taskIds) {
                        assertThat(calls.getOrDefault(id, 0))
                                .as(story(id + " is stopped with calls"))
                                .isZero();
                        assertThat(inForce.map(World::ready).orElse(Set.of()))
                                .as(story(id + " is stopped while the balancer sends it calls"))
                                .doesNotContain(id);
                        if (everInBalancer.contains(id)) {
                            assertThat(refusesCalls)
                                    .as(story(id + " was not asked"))
                                    .contains(id);
                        }
                        assertThat(toBalancer.stream().flatMap(snapshot -> ready(snapshot).stream()))
                                .as(story(id + " will get calls yet"))
                                .doesNotContain(id);
                    }
                    super.stopTasks(name, taskIds);
                    return true;
                });
            }

            @Override
            public void remove(String workload) {
                perilously(() -> {
                    assertThat(engine.bodies(workload))
                            .as(story("a workload is removed with its tasks"))
                            .isEmpty();
                    super.remove(workload);
                    return true;
                });
            }

            private int owed() {
                var deployment = store.get(instance);
                return Math.max(
                        deployment.desired().tasks(),
                        deployment
                                .course()
                                .way()
                                .canary()
                                .flatMap(Course.Canary::beside)
                                .orElse(0));
            }

            /** Tasks that may take as long as their calls last. */
            private int lingering() {
                var traffic = store.get(instance).traffic();
                return (int) traffic.draining().keySet().stream()
                        .filter(traffic::lingers)
                        .count();
            }

            private static long living(List<Body> bodies) {
                return bodies.stream().filter(Body::lives).count();
            }
        }
    }
}
