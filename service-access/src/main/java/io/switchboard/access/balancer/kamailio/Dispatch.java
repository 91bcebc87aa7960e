package io.switchboard.access.balancer.kamailio;

import io.switchboard.access.endpoint.Drift.Difference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go: a domain leads to a set of the dispatcher, a set holds tasks. And which aren't let in.
 *
 * @param domains number of the set by domain
 * @param sets state by the SIP URI of a task, by number of the set; none is empty
 * @param rules of all domains; see {@link Admission}
 */
record Dispatch(
        SortedMap<String, Integer> domains,
        SortedMap<Integer, SortedMap<String, State>> sets,
        SortedMap<String, String> rules) {

    static final Dispatch EMPTY = new Dispatch(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    /** By the flags of module dispatcher's list file. */
    enum State {
        /** Gets new calls. */
        ACTIVE(0, 'A'),
        /** Gets only what belongs to the calls that it has. */
        DRAINING(4, 'D'),
        /** What we never say: somebody else did. */
        INACTIVE(1, 'I');

        private final int flags;
        private final char letter;

        State(int flags, char letter) {
            this.flags = flags;
            this.letter = letter;
        }

        /** @param flags as {@code dispatcher.list} shows them, for example {@code AX} */
        static State shown(String flags) {
            for (State state : values()) {
                if (flags.indexOf(state.letter) == 0) {
                    return state;
                }
            }
            return INACTIVE;
        }

        /** As {@code dispatcher.set_state} takes it. */
        String command() {
            return String.valueOf(Character.toLowerCase(letter));
        }
    }

    Dispatch {
        domains = Collections.unmodifiableSortedMap(new TreeMap<>(domains));
        SortedMap<Integer, SortedMap<String, State>> copied = new TreeMap<>();
        sets.forEach((number, set) -> {
            if (!set.isEmpty()) {
                copied.put(number, Collections.unmodifiableSortedMap(new TreeMap<>(set)));
            }
        });
        sets = Collections.unmodifiableSortedMap(copied);
        rules = Collections.unmodifiableSortedMap(new TreeMap<>(rules));
    }

    /** Of a set; empty for one that isn't there. */
    SortedMap<String, State> set(int number) {
        return sets.getOrDefault(number, Collections.emptySortedMap());
    }

    /** Whether requests to a domain are let in, and go, as they do in another. */
    boolean same(String domain, Dispatch other) {
        var number = domains.get(domain);
        if (number == null) {
            return !other.domains.containsKey(domain);
        }
        return number.equals(other.domains.get(domain))
                && set(number).equals(other.set(number))
                && Admission.among(rules, domain).equals(Admission.among(other.rules, domain));
    }

    /** Whether the same tasks are in the same sets, whatever their states. */
    boolean sameTasks(Dispatch other) {
        return tasks().equals(other.tasks());
    }

    private Map<Integer, TreeSet<String>> tasks() {
        Map<Integer, TreeSet<String>> tasks = new HashMap<>();
        sets.forEach((number, set) -> tasks.put(number, new TreeSet<>(set.keySet())));
        return tasks;
    }

    /** The dispatcher's list file. */
    String list() {
        var list = new StringBuilder("# Written by Switchboard; changes made here are lost.\n");
        sets.forEach((number, set) -> set.forEach((uri, state) -> list.append(number)
                .append(' ')
                .append(uri)
                .append(' ')
                .append(state.flags)
                .append('\n')));
        return list.toString();
    }

    /** The part of the configuration that tells domains and rules at the start. */
    String start() {
        var route = new StringBuilder(
                "# Written by Switchboard; changes made here are lost.\nevent_route[htable:mod-init] {\n");
        domains.forEach((domain, number) -> route.append("  $sht(domains=>")
                .append(domain)
                .append(") = ")
                .append(number)
                .append(";\n"));
        rules.forEach((key, value) -> route.append("  $sht(rules=>")
                .append(key)
                .append(") = \"")
                .append(value)
                .append("\";\n"));
        return route.append("  return;\n}\n").toString();
    }

    /** What {@code found} has otherwise, thing by thing. */
    List<Difference> differences(Dispatch found) {
        List<Difference> differences = new ArrayList<>();
        compare("SIP domain ", domains, found.domains, differences);
        var numbers = new TreeSet<>(sets.keySet());
        numbers.addAll(found.sets.keySet());
        numbers.forEach(number -> compare("SIP set " + number + " ", set(number), found.set(number), differences));
        compare("SIP rule ", rules, found.rules, differences);
        return differences;
    }

    private static <V> void compare(
            String kind, SortedMap<String, V> wanted, SortedMap<String, V> found, List<Difference> differences) {
        var keys = new TreeSet<>(wanted.keySet());
        keys.addAll(found.keySet());
        for (String key : keys) {
            var should = text(wanted.get(key));
            var does = text(found.get(key));
            if (!should.equals(does)) {
                differences.add(new Difference(kind + key, should, does));
            }
        }
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
