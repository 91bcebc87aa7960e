package io.switchboard.access.balancer.kamailio;

import io.switchboard.access.balancer.kamailio.Dispatch.State;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * What upstreams become in the dispatcher.
 *
 * @param refused a sentence for operators, of upstreams that can't be carried; what they had stays
 */
record Plan(Dispatch dispatch, Map<UUID, String> refused) {

    /**
     * Domains keep the sets that they lead to now; of several instances that claim one, the latest has it.
     *
     * @param addresses the IP address of a host; throws {@link IllegalArgumentException} if it has none
     */
    static Plan of(Dispatch now, Collection<Upstream> upstreams, Function<String, String> addresses) {
        SortedMap<String, Integer> domains = new TreeMap<>();
        SortedMap<Integer, SortedMap<String, State>> sets = new TreeMap<>();
        SortedMap<String, Admission> admissions = new TreeMap<>();
        Map<UUID, String> refused = new HashMap<>();
        Set<Integer> taken = new HashSet<>(now.domains().values());
        taken.addAll(now.sets().keySet());
        upstreams.stream()
                .filter(upstream -> !upstream.removed())
                .sorted(Comparator.comparing(Upstream::instanceId, Upstream.BY_AGE))
                .forEach(upstream -> {
                    for (Route.Sip route : upstream.sip()) {
                        var current = domains.getOrDefault(
                                route.domain(), now.domains().get(route.domain()));
                        int number = current == null ? free(taken) : current;
                        domains.put(route.domain(), number);
                        admissions.put(
                                route.domain(),
                                Admission.of(route.domain(), upstream.policy().rules(route.port())));
                        try {
                            sets.put(number, tasks(upstream.endpoints(route.port()), addresses));
                        } catch (IllegalArgumentException e) {
                            refused.put(upstream.instanceId(), String.valueOf(e.getMessage()));
                            sets.put(number, now.set(number));
                        }
                    }
                });
        SortedMap<String, String> rules = new TreeMap<>();
        admissions.values().forEach(admission -> rules.putAll(admission.entries()));
        return new Plan(new Dispatch(domains, sets, rules), refused);
    }

    private static int free(Set<Integer> taken) {
        int number = 1;
        while (!taken.add(number)) {
            number++;
        }
        return number;
    }

    private static SortedMap<String, State> tasks(List<Endpoint> endpoints, Function<String, String> addresses) {
        SortedMap<String, State> tasks = new TreeMap<>();
        for (Endpoint endpoint : endpoints) {
            var host = addresses.apply(endpoint.host());
            var uri = "sip:" + (host.contains(":") ? "[" + host + "]" : host) + ":" + endpoint.number();
            tasks.merge(
                    uri,
                    endpoint.ready() ? State.ACTIVE : State.DRAINING,
                    (one, other) -> one == State.ACTIVE ? one : other);
        }
        return tasks;
    }
}
