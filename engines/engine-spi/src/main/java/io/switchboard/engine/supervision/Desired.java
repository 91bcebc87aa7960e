package io.switchboard.engine.supervision;

import io.switchboard.engine.Workload;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * What should be the case for a workload: kept as one, so that a crash can't leave half of it.
 *
 * @param stopping tasks that were told to stop and must not come back
 * @param removed whether the workload is to be forgotten once its tasks are gone
 */
public record Desired(Workload workload, Set<String> stopping, boolean removed) {

    public Desired {
        stopping = Set.copyOf(stopping);
    }

    public static Desired of(Workload workload) {
        return new Desired(workload, Set.of(), false);
    }

    int tasks() {
        return removed ? 0 : workload.tasks();
    }

    boolean stops(String taskId) {
        return removed || stopping.contains(taskId);
    }

    Desired withWorkload(Workload changed) {
        return new Desired(changed, stopping, false);
    }

    /** These stop, and as many fewer are wanted. */
    Desired without(Collection<String> taskIds) {
        Set<String> all = new HashSet<>(stopping);
        all.addAll(taskIds);
        int lowered = Math.max(0, workload.tasks() - taskIds.size());
        return new Desired(workload.withTasks(lowered), all, removed);
    }

    /** These stop because there are more than wanted. */
    Desired withSurplus(Collection<String> taskIds) {
        Set<String> all = new HashSet<>(stopping);
        all.addAll(taskIds);
        return new Desired(workload, all, removed);
    }

    Desired gone(String taskId) {
        Set<String> left = new HashSet<>(stopping);
        left.remove(taskId);
        return new Desired(workload, left, removed);
    }

    Desired asRemoved(Collection<String> taskIds) {
        return new Desired(workload.withTasks(0), withSurplus(taskIds).stopping(), true);
    }
}
