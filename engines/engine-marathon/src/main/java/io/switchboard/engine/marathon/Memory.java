package io.switchboard.engine.marathon;

import io.switchboard.engine.marathon.SeenApp.SeenTask;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Marathon showed of tasks before they ended and no longer shows: where they listened, since when, and how they
 * ended. Only words and times come from here, never a decision; after a restart it is empty.
 */
final class Memory {

    record Start(Instant at, List<Integer> ports) {

        Start {
            ports = List.copyOf(ports);
        }
    }

    private final Map<String, Start> starts = new ConcurrentHashMap<>();
    private final Map<String, String> endings = new ConcurrentHashMap<>();
    private final Map<String, String> ailments = new ConcurrentHashMap<>();

    /** Keeps what is seen now, for what may be gone later. */
    void look(SeenApp app) {
        for (SeenTask task : app.tasks()) {
            Instant startedAt = task.startedAt();
            if (startedAt != null) {
                starts.put(task.id(), new Start(startedAt, task.ports()));
            }
            if (Boolean.FALSE.equals(task.alive())) {
                ailments.put(task.id(), task.healthFailure());
            }
        }
        app.failure().ifPresent(failure -> endings.put(failure.taskId(), failure.message()));
    }

    /** An event told it. */
    void ended(String taskId, String state, String message) {
        String words = state.equals("TASK_KILLED") && ailments.containsKey(taskId) ? unhealthy(taskId) : message;
        endings.put(taskId, words.isEmpty() ? state : words);
    }

    private String unhealthy(String taskId) {
        String why = ailments.getOrDefault(taskId, "");
        return why.isEmpty() ? "its health check failed too often" : "its health check failed too often: " + why;
    }

    Optional<Start> start(String taskId) {
        return Optional.ofNullable(starts.get(taskId));
    }

    /** Why the task ended, as a clause. */
    Optional<String> ending(String taskId) {
        String known = endings.get(taskId);
        if (known == null && ailments.containsKey(taskId)) {
            known = unhealthy(taskId);
        }
        return Optional.ofNullable(known).map(Memory::plain);
    }

    private static String plain(String message) {
        String words = message.startsWith("Command ") ? message.substring("Command ".length()) : message;
        return words.isEmpty() ? words : Character.toLowerCase(words.charAt(0)) + words.substring(1);
    }

    /** Forgets all but these places' tasks. */
    void keep(Set<String> places) {
        Set<String> old = new HashSet<>(starts.keySet());
        old.addAll(endings.keySet());
        old.addAll(ailments.keySet());
        for (String taskId : old) {
            int app = taskId.lastIndexOf("._app.");
            if (app < 0 || !places.contains(taskId.substring(0, app))) {
                starts.remove(taskId);
                endings.remove(taskId);
                ailments.remove(taskId);
            }
        }
    }
}
