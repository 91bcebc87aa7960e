package io.switchboard.access.balancer.kamailio;

import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who may begin something with a domain, and how often, as the configuration's table {@code rules} has it.
 *
 * @param entries by their names there; one that is absent refuses nobody
 */
record Admission(SortedMap<String, String> entries) {

    private static final String PER_SECOND = "perSecond";
    private static final String PER_SECOND_PER_SOURCE = "perSecondPerSource";
    /** The configuration asks for the second only where the first doesn't have a caller. */
    private static final List<String> ALLOW = List.of("allow1", "allow2");

    private static final int NETWORKS_PER_ENTRY = Policy.Rules.MOST_NETWORKS / ALLOW.size();

    static Admission of(String domain, Policy.Rules rules) {
        SortedMap<String, String> entries = new TreeMap<>();
        // Longer ones come first: Kamailio compares an address of IPv6 with the next network as the last one's length
        // left it.
        var networks = rules.allow().stream()
                .sorted(Comparator.comparingInt(Network::length).reversed().thenComparing(Network::text))
                .map(Network::text)
                .toList();
        for (int part = 0; part * NETWORKS_PER_ENTRY < networks.size(); part++) {
            entries.put(
                    key(ALLOW.get(part), domain),
                    networks.stream()
                            .skip((long) part * NETWORKS_PER_ENTRY)
                            .limit(NETWORKS_PER_ENTRY)
                            .collect(Collectors.joining(",")));
        }
        limit(PER_SECOND, domain, rules.limits().perSecond(), entries);
        limit(PER_SECOND_PER_SOURCE, domain, rules.limits().perSecondPerSource(), entries);
        return new Admission(entries);
    }

    /** What a whole table says of a domain. */
    static Admission among(SortedMap<String, String> table, String domain) {
        SortedMap<String, String> entries = new TreeMap<>();
        for (String name : List.of(ALLOW.get(0), ALLOW.get(1), PER_SECOND, PER_SECOND_PER_SOURCE)) {
            var value = table.get(key(name, domain));
            if (value != null) {
                entries.put(key(name, domain), value);
            }
        }
        return new Admission(entries);
    }

    private static void limit(String name, String domain, int limit, SortedMap<String, String> entries) {
        if (limit > 0) {
            entries.put(key(name, domain), Integer.toString(limit));
        }
    }

    private static String key(String name, String domain) {
        return name + "::" + domain;
    }
}
