package io.switchboard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Real traffic while an instance is extended, shrunk, restarted and upgraded, five times each: requests and held calls,
 * all through the balancer. An operation is followed by the next as soon as its new tasks carry all that is new; the
 * old ones finish their calls meanwhile, so that calls live through several operations.
 */
@ExtendWith(SharedPlatform.class)
@ResourceLock(SharedPlatform.LOCK)
class LiveTrafficTests {

    private static final int ROUNDS = 5;
    private static final int CALLS = 200;
    private static final int REQUESTS_PER_SECOND = 200;
    private static final Duration SHORTEST_CALL = Duration.ofSeconds(8);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(6);
    /** Of the plan {@code basic}, one task's worth and two tasks' worth, of the same size. */
    private static final int ONE_TASK = 1_600;

    private static final int TWO_TASKS = 2_604;

    private final List<String> table = new ArrayList<>();
    private final List<UUID> orders = new ArrayList<>();
    private int heldByDraining;

    @Test
    void noOperationDropsACallOrFailsARequest(Installation installation) throws Exception {
        var scene = open(Journey.of(installation, "busy", "line", line -> {}));
        var began = Instant.now();
        try {
            await().atMost(PATIENCE).until(() -> scene.calls().tasks().size() == CALLS);
            for (int round = 1; round <= ROUNDS; round++) {
                operate(scene, Operation.RESTART);
                operate(scene, Operation.EXTEND);
                offer(installation, Integer.toString(round).repeat(64));
                operate(scene, Operation.UPGRADE);
                // For the task that goes to have something to lose.
                await().atMost(PATIENCE).until(() -> scene.fewestCalls() >= CALLS / 10);
                operate(scene, Operation.SHRINK);
            }
            scene.calls().beginNoMore();
            for (var order : orders) {
                scene.journey().awaitCompleted(order, PATIENCE);
            }
        } finally {
            scene.calls().close();
            scene.traffic().close();
            row("all", began, scene, Figures.NONE);
            table.forEach(System.out::println);
        }
        var seconds = Duration.between(began, Instant.now()).toSeconds();

        assertThat(scene.traffic().failures()).as("requests that failed").isEmpty();
        assertThat(scene.calls().failures()).as("calls that were not taken").isEmpty();
        assertThat(scene.calls().drops()).as("calls that were dropped").isEmpty();
        // Otherwise there was nothing to fail and to lose.
        assertThat(scene.traffic().sent()).isGreaterThan(seconds * REQUESTS_PER_SECOND / 2);
        assertThat(heldByDraining).isGreaterThan(CALLS * ROUNDS);
    }

    private static Scene open(Journey journey) throws Exception {
        // Nobody answers these calls: they wait as long as their callers want.
        var opened = journey.open("basic", ONE_TASK, Map.of("maxQueuedCalls", 1_000, "maxWaitSeconds", 3_600), "open");
        journey.awaitCompleted(UUID.fromString(opened.path("id").asString()), PATIENCE);
        var instance = UUID.fromString(opened.path("instanceId").asString());
        return new Scene(
                journey,
                instance,
                new HeldCalls(journey.callsPort(instance), CALLS, SHORTEST_CALL, LONGEST_CALL),
                journey.traffic(REQUESTS_PER_SECOND));
    }

    private enum Operation {
        EXTEND {
            @Override
            Map<String, Object> order() {
                return Map.of("kind", "EXTEND", "loadProfile", Journey.load(TWO_TASKS));
            }

            @Override
            boolean done(Set<String> before, Set<String> ready) {
                return ready.size() > before.size() && ready.containsAll(before);
            }
        },
        SHRINK {
            @Override
            Map<String, Object> order() {
                return Map.of("kind", "EXTEND", "loadProfile", Journey.load(ONE_TASK));
            }

            @Override
            boolean done(Set<String> before, Set<String> ready) {
                return ready.size() < before.size() && before.containsAll(ready);
            }
        },
        RESTART {
            @Override
            Map<String, Object> order() {
                return Map.of("kind", "RESTART");
            }
        },
        UPGRADE {
            @Override
            Map<String, Object> order() {
                return Map.of("kind", "UPGRADE");
            }
        };

        abstract Map<String, Object> order();

        /** Whether the ready tasks are what the operation is to bring about; those before it may still drain. */
        boolean done(Set<String> before, Set<String> ready) {
            return ready.size() == before.size() && before.stream().noneMatch(ready::contains);
        }
    }

    private void operate(Scene scene, Operation operation) throws Exception {
        var figures = scene.figures();
        var before = scene.readyTasks();
        var began = Instant.now();
        var order = new HashMap<>(operation.order());
        order.put("instanceId", scene.instance());
        var placed = scene.journey().place(order, UUID.randomUUID().toString());
        orders.add(UUID.fromString(placed.path("id").asString()));
        await().alias(operation.name())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> operation.done(before, scene.readyTasks()));
        row(operation.name(), began, scene, figures);
    }

    /** What the catalog offers from now on; the process engine runs the same program for every digest. */
    private static void offer(Installation installation, String digest) throws Exception {
        Api.operator(installation)
                .put("request", "/api/v1/catalog/acd/image", Map.of("reference", "platform/acd@sha256:" + digest))
                .expect(200);
    }

    private void row(String operation, Instant began, Scene scene, Figures before) throws Exception {
        if (table.isEmpty()) {
            table.add(
                    "operation  seconds  requests  failed  calls begun  held now  by draining tasks  not taken  dropped");
        }
        var now = scene.figures();
        var ready = scene.readyTasks();
        var held = scene.calls().tasks();
        int draining = (int) held.stream().filter(task -> !ready.contains(task)).count();
        heldByDraining += draining;
        table.add("%-9s %8.1f %9d %7d %12d %9d %18d %10d %8d"
                .formatted(
                        operation,
                        Duration.between(began, Instant.now()).toMillis() / 1000.0,
                        now.requests() - before.requests(),
                        now.failed() - before.failed(),
                        now.begun() - before.begun(),
                        held.size(),
                        draining,
                        now.notTaken() - before.notTaken(),
                        now.dropped() - before.dropped()));
    }

    private record Scene(Journey journey, UUID instance, HeldCalls calls, Traffic traffic) {

        /** Ids of the tasks that get what is new. */
        Set<String> readyTasks() throws IOException, InterruptedException {
            var ready = new HashSet<String>();
            for (var task : journey.deployment(instance).expect(200).path("tasks")) {
                if (task.path("state").asString().equals("READY")) {
                    ready.add(task.path("id").asString());
                }
            }
            return ready;
        }

        /** Of the ready tasks, what the one with the fewest holds. */
        long fewestCalls() throws IOException, InterruptedException {
            var held = calls.tasks();
            return readyTasks().stream()
                    .mapToLong(task -> held.stream().filter(task::equals).count())
                    .min()
                    .orElse(0);
        }

        Figures figures() {
            return new Figures(
                    traffic.sent(),
                    traffic.failures().size(),
                    calls.begun(),
                    calls.failures().size(),
                    calls.drops().size());
        }
    }

    /** What happened since the start. */
    private record Figures(long requests, int failed, long begun, int notTaken, int dropped) {

        static final Figures NONE = new Figures(0, 0, 0, 0, 0);
    }
}
