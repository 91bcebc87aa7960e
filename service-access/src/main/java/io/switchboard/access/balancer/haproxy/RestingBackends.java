package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Claims.Place;
import io.switchboard.access.balancer.haproxy.Planner.Assignment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Backends that no route leads to any more, and that get no other instance while old requests may be retried. */
final class RestingBackends {

    private static final UUID NOBODY = new UUID(0, 0);
    /** At a backend that rests longer because it is busy. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private final Duration quarantine;
    private final Clock clock;
    private final Map<String, Resting> resting = new HashMap<>();
    /** By backend, whose it is or was last. */
    private final Map<String, UUID> holders = new HashMap<>();

    /** @param quarantine how long a backend rests at least */
    RestingBackends(Duration quarantine, Clock clock) {
        this.quarantine = quarantine;
        this.clock = clock;
    }

    private record Resting(Instant until, Planner.Left left) {}

    Set<String> names() {
        return Set.copyOf(resting.keySet());
    }

    /** Who left each of them, and where. */
    Map<String, Planner.Left> left() {
        Map<String, Planner.Left> left = new HashMap<>();
        resting.forEach((backend, each) -> left.put(backend, each.left()));
        return left;
    }

    /**
     * Once its time is over, a backend may get another instance, unless something is still going on there: a call, say.
     *
     * @param idle whether nothing goes on, for each of these backends
     */
    void giveBack(Function<List<String>, List<Boolean>> idle) {
        var now = clock.instant();
        var over = resting.entrySet().stream()
                .filter(entry -> entry.getValue().until().isBefore(now))
                .map(Map.Entry::getKey)
                .toList();
        if (over.isEmpty()) {
            return;
        }
        var answers = idle.apply(over);
        for (int at = 0; at < over.size(); at++) {
            if (answers.get(at)) {
                resting.remove(over.get(at));
            } else {
                resting.computeIfPresent(
                        over.get(at), (backend, busy) -> new Resting(now.plus(LOOK_AGAIN), busy.left()));
            }
        }
    }

    /** What routes led to before, and don't any more, rests from now on. */
    void rest(Layout before, Layout after) {
        var led = after.led();
        before.hosts().forEach((host, backend) -> rest(backend, new Place.Host(host), led));
        before.ports().forEach((port, backend) -> rest(backend, new Place.Port(port), led));
        resting.keySet().removeAll(led);
    }

    private void rest(String backend, Place place, Set<String> led) {
        if (!led.contains(backend)) {
            var holder = holders.getOrDefault(backend, NOBODY);
            resting.put(backend, new Resting(clock.instant().plus(quarantine), new Planner.Left(holder, place)));
        }
    }

    void hold(Assignment plan) {
        plan.backends().forEach((instance, own) -> own.forEach(backend -> holders.put(backend, instance)));
    }
}
