package io.switchboard.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code ./switchboard demo}: one journey, each step timed and checked. */
public final class Demo {

    private static final Duration ORDER = Duration.ofMinutes(6);
    private static final Duration CONFIGURATION = Duration.ofMinutes(2);
    private static final int REQUESTS_PER_SECOND = 300;
    private static final int CALLS = 20;
    private static final Duration SHORTEST_CALL = Duration.ofSeconds(1);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(4);
    private static final int STEPS = 10;

    private final Installation installation;
    private int passed;

    private Demo(Installation installation) {
        this.installation = installation;
    }

    /** @param args the state directory, and how many seconds the start took */
    public static void main(String[] args) throws Exception {
        System.exit(run(Installation.in(Path.of(args[0])), args[1]) ? 0 : 1);
    }

    /** Whether every step passed. */
    static boolean run(Installation installation, String startSeconds) throws Exception {
        var demo = new Demo(installation);
        System.out.printf("  ok   start: %s s%n", startSeconds);
        demo.passed++;
        try {
            demo.run();
        } catch (StepFailed e) {
            System.out.println("  FAIL " + e.getMessage());
        }
        System.out.printf("demo: %d of %d steps passed%n", demo.passed, STEPS);
        return demo.passed == STEPS;
    }

    private void run() throws Exception {
        var tenant = "demo-" + Long.toString(System.currentTimeMillis() % 1_679_616, 36);
        var journey = step(
                "token: a tenant of its own, with an API key",
                () -> Journey.of(installation, tenant, "support-line", line -> System.out.println("         " + line)));
        var order = step("order: OPEN is accepted, and is the same order when repeated", () -> {
            var key = UUID.randomUUID().toString();
            var first = journey.open(600, key);
            check(first.path("id").equals(journey.open(600, key).path("id")), "a repeated order is another order");
            return first;
        });
        var instance = UUID.fromString(order.path("instanceId").asString());
        step("tasks: ready, and the order completed", () -> {
            journey.awaitCompleted(UUID.fromString(order.path("id").asString()), ORDER);
            return journey.tasks(instance).size() + " tasks";
        });
        step("answer: through the balancer at " + journey.host(), () -> {
            var reply = journey.call();
            check(reply.status() == 200, "the balancer answered " + reply.status());
            check(reply.body().path("strategy").asString("").equals("round-robin"), "what was ordered has no effect");
            return reply;
        });
        step("configuration: a change arrives in every running task", () -> configure(journey, instance));
        step(
                "EXTEND under traffic",
                () -> underTraffic(journey, instance, () -> {
                    int before = journey.tasks(instance).size();
                    order(
                            journey,
                            Map.of("kind", "EXTEND", "instanceId", instance, "loadProfile", Journey.load(9_000)));
                    int after = journey.tasks(instance).size();
                    check(after > before, "there are " + after + " tasks after " + before);
                    return before + " → " + after + " tasks";
                }));
        step(
                "RESTART under traffic",
                () -> underTraffic(journey, instance, () -> {
                    var before = journey.tasks(instance);
                    order(journey, Map.of("kind", "RESTART", "instanceId", instance));
                    var kept = new HashSet<>(journey.tasks(instance));
                    kept.retainAll(before);
                    check(kept.isEmpty(), kept.size() + " tasks were not replaced");
                    return before.size() + " tasks replaced";
                }));
        step("DELETE", () -> {
            order(journey, Map.of("kind", "DELETE", "instanceId", instance));
            return "";
        });
        step("nothing left behind", () -> nothingLeft(journey, instance));
    }

    private void order(Journey journey, Map<String, Object> order) throws Exception {
        var placed = journey.place(order, UUID.randomUUID().toString());
        journey.awaitCompleted(UUID.fromString(placed.path("id").asString()), ORDER);
    }

    private String configure(Journey journey, UUID instance) throws Exception {
        var greeting = "hello at " + Instant.now();
        var tasks = journey.tasks(instance);
        journey.configure("acd.greeting", greeting);
        var changed = new HashSet<String>();
        var deadline = Instant.now().plus(CONFIGURATION);
        while (!changed.equals(tasks)) {
            check(Instant.now().isBefore(deadline), changed.size() + " of " + tasks.size() + " tasks saw the change");
            var reply = journey.call();
            if (reply.body().path("greeting").asString("").equals(greeting)) {
                changed.add(reply.body().path("task").asString());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        check(journey.tasks(instance).equals(tasks), "tasks were replaced");
        return tasks.size() + " tasks, none restarted";
    }

    private String underTraffic(Journey journey, UUID instance, Act act) throws Exception {
        var calls = new HeldCalls(journey.callsPort(instance), CALLS, SHORTEST_CALL, LONGEST_CALL);
        var traffic = journey.traffic(REQUESTS_PER_SECOND);
        String what;
        try {
            TimeUnit.SECONDS.sleep(1);
            what = act.run();
            TimeUnit.SECONDS.sleep(1);
        } finally {
            calls.close();
            traffic.close();
        }
        var failures = traffic.failures();
        check(
                failures.isEmpty(),
                failures.size() + " of " + traffic.sent() + " requests failed, the first: "
                        + failures.stream().findFirst().orElse(""));
        check(
                calls.completed() == calls.begun(),
                calls.begun() - calls.completed() + " of " + calls.begun() + " calls were lost, the first: "
                        + Stream.concat(calls.drops().stream(), calls.failures().stream())
                                .findFirst()
                                .orElse(""));
        return "%s, %d requests and %d calls, none failed".formatted(what, traffic.sent(), calls.begun());
    }

    private String nothingLeft(Journey journey, UUID instance) throws Exception {
        var deployment = journey.deployment(instance);
        check(
                deployment.status() == 404 || deployment.body().path("tasks").isEmpty(),
                "the scheduler still knows tasks: " + deployment.body().path("tasks"));
        check(journey.api().get("access", "/api/v1/routes/" + instance).status() == 404, "a route is left");
        check(journey.call().status() == 404, "the balancer still knows the host name");
        check(
                Set.of("DELETED")
                        .contains(journey.instance(instance).path("state").asString()),
                "the instance is not deleted");
        return "";
    }

    private <T> T step(String name, Step<T> step) throws Exception {
        var began = Instant.now();
        T result;
        try {
            result = step.run();
        } catch (StepFailed e) {
            throw new StepFailed(name + ": " + e.getMessage());
        } catch (IOException e) {
            throw new StepFailed(name + ": " + e);
        }
        passed++;
        var millis = Duration.between(began, Instant.now()).toMillis();
        System.out.printf(
                "  ok   %s: %.1f s%s%n",
                name, millis / 1000.0, result instanceof String text && !text.isEmpty() ? " (" + text + ")" : "");
        return result;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new StepFailed(otherwise);
        }
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    private interface Act {
        String run() throws Exception;
    }
}
