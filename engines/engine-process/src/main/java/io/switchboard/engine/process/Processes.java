package io.switchboard.engine.process;

import static java.util.Comparator.comparingLong;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The processes of tasks: known by pid and start time, and by the marks in their environment. */
final class Processes {

    private final Proc proc;
    private final String marker;
    /** Those this JVM started: only of these the exit code can be known. */
    private final Map<String, Process> own = new ConcurrentHashMap<>();

    Processes(Proc proc, String marker) {
        this.proc = proc;
        this.marker = marker;
    }

    /** All that run with this engine's mark, by the id of their task. */
    Map<String, List<ProcessStat>> byTask() {
        Map<String, List<ProcessStat>> found = new HashMap<>();
        for (ProcessStat process : proc.all()) {
            if (process.runs() && proc.variable(process.pid(), Launcher.ENGINE).equals(Optional.of(marker))) {
                proc.variable(process.pid(), Launcher.TASK_ID)
                        .ifPresent(id -> found.computeIfAbsent(id, task -> new ArrayList<>())
                                .add(process));
            }
        }
        return found;
    }

    /** The first process of a task: all others are its children. */
    static ProcessStat eldest(List<ProcessStat> processes) {
        return Collections.min(processes, comparingLong(ProcessStat::startTicks).thenComparingLong(ProcessStat::pid));
    }

    TaskRecord own(TaskRecord task, Process process) {
        own.put(task.id(), process);
        // Even one that ended at once stays to be seen until this JVM has read its exit code, or nearly so.
        return proc.stat(process.pid())
                .map(task::startedAs)
                .orElseGet(() -> task.startedAs(new ProcessStat(process.pid(), 'X', process.pid(), 0, -1)));
    }

    void disown(String taskId) {
        own.remove(taskId);
    }

    boolean runs(TaskRecord task) {
        return task.isStarted()
                && proc.stat(task.pid())
                        .filter(process -> process.startTicks() == task.startTicks() && process.runs())
                        .isPresent();
    }

    /** How the task ended. */
    String endOf(TaskRecord task) {
        Process process = own.get(task.id());
        if (process == null) {
            return ExitReason.UNKNOWN;
        }
        try {
            // It is gone already; the JVM may need a moment to notice.
            return process.waitFor(5, TimeUnit.SECONDS) ? ExitReason.of(process.exitValue()) : ExitReason.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitReason.UNKNOWN;
        }
    }

    /** SIGTERM to the first process, which has to see to its children. */
    void terminate(TaskRecord task) {
        if (runs(task)) {
            ProcessHandle.of(task.pid()).ifPresent(ProcessHandle::destroy);
        }
    }

    void kill(ProcessStat process) {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    /**
     * SIGKILL to everything with the task's mark, also what has left its session.
     *
     * @return whether there was nothing left to kill
     */
    boolean killAll(String taskId) {
        List<ProcessStat> left = byTask().getOrDefault(taskId, List.of());
        left.forEach(this::kill);
        return left.isEmpty();
    }
}
