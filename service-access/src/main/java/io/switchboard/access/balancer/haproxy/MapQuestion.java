package io.switchboard.access.balancer.haproxy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Asks HAProxy for the part of a map that should have changed: key by key where that is little, however large the map is, or
 * for the whole map.
 *
 * @param before what the part held
 * @param keys that should have changed, if they are asked for one by one; the whole map is asked for if there are none
 */
record MapQuestion(Path file, Map<String, String> before, Map<String, String> planned, Set<String> keys) {

    /** A whole map costs as much as a hundred of its keys at some thousand entries. */
    private static final int MOST_KEYS = 100;

    private static final Pattern FOUND = Pattern.compile("found=yes,.* key=\"([^\"]*)\", value=\"([^\"]*)\"");

    static MapQuestion of(Path file, Map<String, String> before, Map<String, String> planned) {
        Set<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(planned.keySet());
        changed.removeIf(key -> Objects.equals(before.get(key), planned.get(key)));
        return new MapQuestion(file, before, planned, changed.size() > MOST_KEYS ? Set.of() : changed);
    }

    List<String> commands() {
        return keys.isEmpty()
                ? List.of("show map " + file)
                : keys.stream().map(key -> "get map " + file + " " + key).toList();
    }

    /** @return what the part holds now */
    Map<String, String> entries(List<String> answers) {
        if (keys.isEmpty()) {
            var all = RuntimeApi.map(answers.getFirst());
            // Of others' entries nothing was said.
            all.keySet().removeIf(key -> !before.containsKey(key) && !planned.containsKey(key));
            return all;
        }
        Map<String, String> part = new HashMap<>(before);
        int at = 0;
        for (String key : keys) {
            part.remove(key);
            // A map that looks for beginnings may answer with another key.
            FOUND.matcher(answers.get(at++))
                    .results()
                    .filter(found -> found.group(1).equals(key))
                    .forEach(found -> part.put(key, found.group(2)));
        }
        return part;
    }
}
