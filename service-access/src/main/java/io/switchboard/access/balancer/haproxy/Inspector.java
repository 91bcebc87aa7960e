package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.endpoint.Drift.Difference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What HAProxy does, by what it says of itself. Any thread may look.
 *
 * @param directory where the files are by which HAProxy knows its maps
 * @param socket where it answers
 * @throws io.switchboard.access.balancer.BalancerUnavailable from each look, if it gives no answer
 */
record Inspector(RuntimeApi api, Path directory, Path socket) {

    /**
     * All of it.
     *
     * @param description what its settings say of themselves
     * @param connections how many it holds
     */
    record Seen(String pid, String version, String description, String connections, Layout layout) {}

    Seen observe() {
        List<String> questions = new ArrayList<>(List.of("show servers state", "show info"));
        Maps.files(directory).forEach(file -> questions.add("show map " + file));
        var answers = api.run(socket, questions);
        var info = RuntimeApi.info(answers.get(1));
        var layout = layout(
                RuntimeApi.servers(answers.get(0)),
                Maps.of(answers.subList(2, answers.size()).stream()
                        .map(RuntimeApi::map)
                        .toList()));
        return new Seen(
                info.getOrDefault("Pid", ""),
                info.getOrDefault("Version", ""),
                info.getOrDefault("description", ""),
                info.getOrDefault("CurrConns", ""),
                layout);
    }

    String description() {
        return RuntimeApi.info(api.send(socket, "show info")).getOrDefault("description", "");
    }

    /** Frontends that somebody stopped by hand. */
    List<Difference> closedFrontends() {
        return RuntimeApi.stat(api.run(socket, List.of("show stat -1 1 -1")).getFirst()).stream()
                .filter(row -> !"OPEN".equals(row.get("status")))
                .map(row -> new Difference("frontend " + row.get("pxname"), "OPEN", row.getOrDefault("status", "")))
                .toList();
    }

    /** Unlike one that is paused, such a frontend can't be enabled again. */
    static boolean isShutDown(Difference closed) {
        return "STOP".equals(closed.found());
    }

    /** What it does now, asked only where it should have changed. */
    Layout readBack(Layout before, Layout planned) {
        var changed = planned.backends().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.servers(entry.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        var known = Maps.of(before);
        var expected = Maps.of(planned);
        var maps = expected.differingFrom(known);
        List<String> questions = new ArrayList<>();
        changed.forEach(backend -> questions.add("show servers state " + backend));
        List<MapQuestion> asked = new ArrayList<>();
        maps.forEach(map -> asked.add(MapQuestion.of(
                Maps.files(directory).get(map),
                known.all().get(map),
                expected.all().get(map))));
        asked.forEach(question -> questions.addAll(question.commands()));
        var answers = api.run(socket, questions);
        Map<String, Map<String, Server>> backends = new TreeMap<>(before.backends());
        for (int at = 0; at < changed.size(); at++) {
            backends.put(changed.get(at), RuntimeApi.servers(answers.get(at)).getOrDefault(changed.get(at), Map.of()));
        }
        backends.values().removeIf(Map::isEmpty);
        Map<Integer, Map<String, String>> read = new HashMap<>();
        int from = changed.size();
        for (int at = 0; at < maps.size(); at++) {
            int to = from + asked.get(at).commands().size();
            read.put(maps.get(at), asked.get(at).entries(answers.subList(from, to)));
            from = to;
        }
        return layout(backends, known.with(read));
    }

    private static Layout layout(Map<String, Map<String, Server>> backends, Maps maps) {
        Map<Integer, String> ports = new HashMap<>();
        maps.ports().forEach((port, backend) -> ports.put(Integer.valueOf(port), backend));
        return new Layout(backends, maps.places(), ports, maps.treatments());
    }
}
