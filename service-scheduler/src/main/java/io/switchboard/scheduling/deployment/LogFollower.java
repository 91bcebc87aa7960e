package io.switchboard.scheduling.deployment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what tasks have written since the last look. Engines show the last lines of a log and no more. */
final class LogFollower {

    private final Map<String, List<String>> seen = new HashMap<>();

    /**
     * Lines that are new.
     *
     * @param lines the last lines of the task's log, as many as the time before at most
     */
    List<String> fresh(String taskId, List<String> lines) {
        var before = seen.put(taskId, List.copyOf(lines));
        return before == null ? lines : fresh(before, lines);
    }

    /** Forgets all other tasks: ids never come again, and one that crashes again and again has many successors. */
    void keep(Set<String> taskIds) {
        seen.keySet().retainAll(taskIds);
    }

    /**
     * The log went on from where it was, so the end of what was seen is the beginning of what is seen now; where lines
     * repeat, as few as possible count as new.
     */
    static List<String> fresh(List<String> before, List<String> now) {
        for (int gone = 0; gone < before.size(); gone++) {
            int kept = before.size() - gone;
            if (kept <= now.size() && now.subList(0, kept).equals(before.subList(gone, before.size()))) {
                return now.subList(kept, now.size());
            }
        }
        return now;
    }
}
