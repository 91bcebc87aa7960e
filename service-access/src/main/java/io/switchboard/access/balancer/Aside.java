package io.switchboard.access.balancer;

import io.switchboard.access.balancer.Balancer.Outcome;
import io.switchboard.access.route.Upstream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives a balancer on a thread of its own, so that nobody waits for it. What is wished while it works is taken together. */
final class Aside implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Aside.class);
    private static final long STOP_SECONDS = 5;

    private final String name;
    private final Balancer balancer;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("access-aside").factory());

    private volatile Map<UUID, Settled> settled = Map.of();
    private volatile Runnable news = () -> {};
    private @Nullable Wish next;
    private @Nullable List<Upstream> last;
    private boolean busy;

    /** @param name of what it carries, for operators */
    Aside(String name, Balancer balancer) {
        this.name = name;
        this.balancer = balancer;
    }

    /** What became of an upstream as it was then. */
    record Settled(Upstream upstream, Outcome outcome) {}

    private record Wish(List<Upstream> upstreams, boolean audit) {}

    /** Returns at once; a wish that is no other than the last is only looked at with an audit. */
    synchronized void wish(List<Upstream> upstreams, boolean audit) {
        if (!audit && upstreams.equals(last)) {
            return;
        }
        last = upstreams;
        next = new Wish(upstreams, audit || next != null && next.audit());
        if (!busy) {
            busy = true;
            worker.execute(this::work);
        }
    }

    /** Looks again at the last wish; returns at once. */
    synchronized void audit() {
        if (last != null) {
            wish(last, true);
        }
    }

    /** By instance, as of the last wish that was settled. */
    Map<UUID, Settled> settled() {
        return settled;
    }

    /** @param listener called, from a thread of its own, when something was settled otherwise than before */
    void onNews(Runnable listener) {
        news = listener;
    }

    private void work() {
        for (var wish = taken(); wish != null; wish = taken()) {
            var before = settled;
            var after = settled(wish, before);
            if (!after.equals(before)) {
                settled = after;
                news.run();
            }
        }
    }

    private synchronized @Nullable Wish taken() {
        var wish = next;
        next = null;
        busy = wish != null;
        return wish;
    }

    private Map<UUID, Settled> settled(Wish wish, Map<UUID, Settled> before) {
        Map<UUID, Settled> after = new HashMap<>();
        try {
            var outcomes = wish.audit() ? balancer.audit(wish.upstreams()) : balancer.carry(wish.upstreams());
            for (Upstream upstream : wish.upstreams()) {
                var id = upstream.instanceId();
                var was = before.get(id);
                var outcome = outcomes.getOrDefault(id, was == null ? null : was.outcome());
                if (outcome != null) {
                    after.put(id, new Settled(upstream, outcome));
                }
            }
        } catch (BalancerUnavailable e) {
            refuse(wish, String.valueOf(e.getMessage()), after);
        } catch (RuntimeException e) {
            log.error("{} can't be brought in line, which is tried again", name, e);
            refuse(wish, "failed: " + e, after);
        }
        return after;
    }

    private void refuse(Wish wish, String reason, Map<UUID, Settled> outcomes) {
        var refused = new Outcome.Refused(name + ": " + reason);
        wish.upstreams().forEach(upstream -> outcomes.put(upstream.instanceId(), new Settled(upstream, refused)));
    }

    @Override
    public void close() {
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("{} is left as it is, with a change under way", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        balancer.close();
    }
}
