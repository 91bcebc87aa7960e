package io.switchboard.access.balancer.kamailio;

import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.balancer.kamailio.Dispatch.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** A Kamailio that runs: what it does, and what it is told to. */
final class Dispatcher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    /**
     * Between two reloads. Kamailio frees the list before last with each, without a look at who still reads it; its own limit, of
     * whole seconds, would hold up changes.
     */
    private static final Duration RELOAD_EVERY = Duration.ofMillis(100);

    private final Rpc rpc;
    private long lastReload = System.nanoTime() - RELOAD_EVERY.toNanos();

    Dispatcher(Path directory, Duration timeout) {
        this.rpc = new Rpc(directory, "replies", timeout);
    }

    /** @throws BalancerUnavailable if it doesn't answer, or not as Kamailio does */
    String version() {
        try {
            // For example: kamailio 5.6.3 (x86_64/linux)
            return rpc.call("core.version").asString("").replaceFirst("^kamailio (\\S+).*", "$1");
        } catch (Rpc.Refused e) {
            throw new BalancerUnavailable(String.valueOf(e.getMessage()), e);
        }
    }

    Dispatch observe() {
        return new Dispatch(new TreeMap<>(table("domains")), sets(), rules());
    }

    private SortedMap<Integer, SortedMap<String, State>> sets() {
        JsonNode answer;
        try {
            answer = rpc.call("dispatcher.list");
        } catch (Rpc.Refused e) {
            // It says so where there is no set at all.
            log.debug("{}", e.getMessage());
            return new TreeMap<>();
        }
        SortedMap<Integer, SortedMap<String, State>> sets = new TreeMap<>();
        for (JsonNode record : answer.path("RECORDS")) {
            var set = record.path("SET");
            SortedMap<String, State> tasks = new TreeMap<>();
            for (JsonNode target : set.path("TARGETS")) {
                var task = target.path("DEST");
                tasks.put(
                        task.path("URI").asString(""),
                        State.shown(task.path("FLAGS").asString("")));
            }
            sets.put(set.path("ID").asInt(), tasks);
        }
        return sets;
    }

    private SortedMap<String, String> rules() {
        return new TreeMap<>(table("rules", value -> value.asString("")));
    }

    /** What one of its tables holds. */
    Map<String, Integer> table(String name) {
        return table(name, value -> value.asInt(0));
    }

    private <V> Map<String, V> table(String name, Function<JsonNode, V> as) {
        try {
            Map<String, V> entries = new HashMap<>();
            for (JsonNode entry : rpc.call("htable.dump", name)) {
                for (JsonNode item : entry.path("slot")) {
                    entries.put(item.path("name").asString(""), as.apply(item.path("value")));
                }
            }
            return entries;
        } catch (Rpc.Refused e) {
            throw new BalancerUnavailable("Kamailio tells nothing of " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Domains that go or move come first, so that no call goes to the tasks of others in between; no domain leads anywhere before
     * its rules are there.
     */
    void tell(Dispatch now, Dispatch wanted) throws Rpc.Refused {
        for (var domain : now.domains().entrySet()) {
            if (!domain.getValue().equals(wanted.domains().get(domain.getKey()))) {
                rpc.call("htable.delete", "domains", domain.getKey());
            }
        }
        if (now.sameTasks(wanted)) {
            tellStates(now, wanted);
        } else {
            reload();
        }
        tellRules(now.rules(), wanted.rules());
        for (var domain : wanted.domains().entrySet()) {
            if (!domain.getValue().equals(now.domains().get(domain.getKey()))) {
                rpc.call("htable.seti", "domains", domain.getKey(), domain.getValue());
            }
        }
    }

    /** The second part of a list before the first, which refuses, and what goes last: nobody is refused who is on both lists. */
    private void tellRules(SortedMap<String, String> now, SortedMap<String, String> wanted) throws Rpc.Refused {
        for (var rule : wanted.reversed().entrySet()) {
            if (!rule.getValue().equals(now.get(rule.getKey()))) {
                rpc.call("htable.sets", "rules", rule.getKey(), rule.getValue());
            }
        }
        for (String key : now.keySet()) {
            if (!wanted.containsKey(key)) {
                rpc.call("htable.delete", "rules", key);
            }
        }
    }

    private void tellStates(Dispatch now, Dispatch wanted) throws Rpc.Refused {
        for (var set : wanted.sets().entrySet()) {
            var before = now.set(set.getKey());
            for (var task : set.getValue().entrySet()) {
                if (task.getValue() != before.get(task.getKey())) {
                    rpc.call("dispatcher.set_state", task.getValue().command(), set.getKey(), task.getKey());
                }
            }
        }
    }

    private void reload() throws Rpc.Refused {
        long wait = RELOAD_EVERY.toMillis()
                - Duration.ofNanos(System.nanoTime() - lastReload).toMillis();
        try {
            Thread.sleep(Math.max(0, wait));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BalancerUnavailable("interrupted before Kamailio was told", e);
        }
        rpc.call("dispatcher.reload");
        lastReload = System.nanoTime();
    }

    @Override
    public void close() {
        rpc.close();
    }
}
