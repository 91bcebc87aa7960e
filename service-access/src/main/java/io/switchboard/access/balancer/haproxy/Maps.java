package io.switchboard.access.balancer.haproxy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The maps by which HAProxy finds its way, each with a file that it knows it by.
 *
 * @param hosts backend by host
 * @param paths backend by host and path with a slash at the end, so that only whole segments begin with it
 * @param rules by backend, what {@link Treatment#rules} holds
 * @param allowed by backend, a slash and what callers' keys may start with
 * @param stickiness by backend and what {@link Treatment#stickiness} has
 * @param serverNames backend by the name in TLS
 */
record Maps(
        Map<String, String> hosts,
        Map<String, String> paths,
        Map<String, String> ports,
        Map<String, String> rules,
        Map<String, String> allowed,
        Map<String, String> stickiness,
        Map<String, String> serverNames) {

    static Maps of(Layout layout) {
        Map<String, String> hosts = new HashMap<>();
        Map<String, String> paths = new HashMap<>();
        layout.hosts().forEach((place, backend) -> {
            if (place.contains("/")) {
                paths.put(place + "/", backend);
            } else {
                hosts.put(place, backend);
            }
        });
        Map<String, String> ports = new HashMap<>();
        layout.ports().forEach((port, backend) -> ports.put(port.toString(), backend));
        Map<String, String> rules = new HashMap<>();
        Map<String, String> allowed = new HashMap<>();
        Map<String, String> stickiness = new HashMap<>();
        Map<String, String> serverNames = new HashMap<>();
        layout.treatments().forEach((backend, treatment) -> {
            if (!treatment.rules().isEmpty()) {
                rules.put(backend, treatment.rules());
            }
            treatment.allowed().forEach(prefix -> allowed.put(backend + "/" + prefix, "1"));
            treatment.stickiness().forEach((key, value) -> stickiness.put(backend + key, value));
            treatment.serverNames().forEach(name -> serverNames.put(name, backend));
        });
        return new Maps(hosts, paths, ports, rules, allowed, stickiness, serverNames);
    }

    /** Backend by host, and by host and path. */
    Map<String, String> places() {
        Map<String, String> places = new HashMap<>(hosts);
        paths.forEach((key, backend) -> places.put(key.substring(0, key.length() - 1), backend));
        return places;
    }

    /** What all but the first three say of each backend. */
    Map<String, Treatment> treatments() {
        Map<String, Set<String>> prefixes = new HashMap<>();
        allowed.keySet()
                .forEach(key -> prefixes.computeIfAbsent(backend(key), none -> new HashSet<>())
                        .add(key.substring(backend(key).length() + 1)));
        Map<String, Map<String, String>> sticky = new HashMap<>();
        stickiness.forEach((key, value) -> sticky.computeIfAbsent(backend(key), none -> new HashMap<>())
                .put(key.substring(backend(key).length()), value));
        Map<String, Set<String>> names = new HashMap<>();
        serverNames.forEach((name, backend) ->
                names.computeIfAbsent(backend, none -> new HashSet<>()).add(name));
        Map<String, Treatment> treatments = new HashMap<>();
        Stream.of(rules.keySet(), prefixes.keySet(), sticky.keySet(), names.keySet())
                .flatMap(Set::stream)
                .forEach(backend -> treatments.put(
                        backend,
                        new Treatment(
                                rules.getOrDefault(backend, ""),
                                prefixes.getOrDefault(backend, Set.of()),
                                sticky.getOrDefault(backend, Map.of()),
                                names.getOrDefault(backend, Set.of()))));
        return treatments;
    }

    private static String backend(String key) {
        int end = 0;
        while (end < key.length() && key.charAt(end) != '/' && key.charAt(end) != '.') {
            end++;
        }
        return key.substring(0, end);
    }

    /** @param directory where the files are */
    static List<Path> files(Path directory) {
        return List.of(
                directory.resolve("host.map"),
                directory.resolve("path.map"),
                directory.resolve("port.map"),
                directory.resolve("rules.map"),
                directory.resolve("allowed.map"),
                directory.resolve("sticky.map"),
                directory.resolve("name.map"));
    }

    /** In the order of {@link #files}. */
    List<Map<String, String>> all() {
        return List.of(hosts, paths, ports, rules, allowed, stickiness, serverNames);
    }

    static Maps of(List<Map<String, String>> all) {
        return new Maps(all.get(0), all.get(1), all.get(2), all.get(3), all.get(4), all.get(5), all.get(6));
    }

    /** Which of them differ, by their place in {@link #files}. */
    List<Integer> differingFrom(Maps other) {
        List<Integer> differing = new ArrayList<>();
        for (int at = 0; at < all().size(); at++) {
            if (!all().get(at).equals(other.all().get(at))) {
                differing.add(at);
            }
        }
        return differing;
    }

    /** This, with these in place of its own. */
    Maps with(Map<Integer, Map<String, String>> others) {
        List<Map<String, String>> next = new ArrayList<>(all());
        others.forEach(next::set);
        return of(next);
    }
}
