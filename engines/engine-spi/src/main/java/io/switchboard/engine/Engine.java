package io.switchboard.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs workloads somewhere.
 *
 * <p>Calls state what should run and return before it does; {@link #tasks} tells what runs now. Every call may be
 * repeated, also after a crash of the caller: an engine finds again what it ran in an earlier life. An engine that
 * can't be reached throws {@link EngineUnavailable}, and nothing else: what it refuses is an
 * {@link Acceptance.Refused}. All methods may be called from several threads.
 */
public interface Engine extends AutoCloseable {

    /** What operators and settings call it: {@code process}, {@code docker}, {@code marathon}. */
    String name();

    Set<Capability> capabilities();

    /**
     * Says that changes are those of this epoch's leader from now on; returns at once. An engine that keeps tasks for
     * several adapters refuses changes of earlier epochs with {@link EngineUnavailable} as soon as the first one of a
     * later epoch was asked for; what it can't refuse, it says itself. One that isn't shared takes no notice. Never
     * called, there is one adapter only.
     *
     * @param epoch at least 1; greater than that of any leader before
     */
    default void lead(long epoch) {}

    /**
     * Makes the workload run with as many tasks as it says: starts what is missing, restarts what died (after a
     * second, and after twice as long each time, up to a minute), and leaves running tasks alone. Fewer tasks than before are reached by stopping the
     * youngest; {@link #stopTasks} chooses. A workload is never changed in anything but its number of tasks: another
     * image, command, environment or size under a known name is {@link Acceptance.Reason#INVALID}.
     */
    Acceptance ensure(Workload workload);

    /**
     * Stops the named tasks and lowers the wanted number by as many, in one step, so that none comes back; tasks
     * that aren't known or are stopping already change nothing. They get SIGTERM, then SIGKILL after the workload's stop grace.
     */
    void stopTasks(String workload, Set<String> taskIds);

    /** Stops the workload's tasks and forgets it; a workload that is not known is already removed. */
    void remove(String workload);

    /** The tasks that exist now, oldest first; none for a workload that is not known. */
    List<Task> tasks(String workload);

    /**
     * Why the workload has fewer tasks than it should, in plain words and without a full stop; empty if it has them
     * all, isn't known, or the engine shows every missing one as a task that is {@link Task.State#STARTING}.
     */
    default Optional<String> shortfall(String workload) {
        return Optional.empty();
    }

    /** Names of all workloads this engine runs for this platform, in no order. */
    Set<String> workloads();

    /** How many tasks each workload has on each machine that has any: by {@link Task#host}, then by workload. */
    default Map<String, Map<String, Integer>> placements() {
        Map<String, Map<String, Integer>> placements = new HashMap<>();
        for (String workload : workloads()) {
            for (Task task : tasks(workload)) {
                placements.computeIfAbsent(task.host(), host -> new HashMap<>()).merge(workload, 1, Integer::sum);
            }
        }
        return placements;
    }

    /** The machines that may run tasks, in no order. */
    default List<Node> nodes() {
        return List.of();
    }

    /**
     * Keeps workloads that are not known yet off these nodes, and off no others, until the next such call; an engine's
     * next adapter has to be told again. Tasks that run there go on.
     *
     * @param hosts as in {@link Task#host}
     * @throws UnsupportedOperationException without {@link Capability#CORDON_NODES}
     */
    default void cordon(Set<String> hosts) {
        throw new UnsupportedOperationException("engine '" + name() + "' can't keep workloads off a node");
    }

    /** What a task uses now; empty if it isn't known, or not measured yet. */
    Optional<Usage> usage(String taskId);

    /**
     * The last lines a task wrote to its standard output and error, oldest first, at most {@code lines}; none if it
     * isn't known. The log of a task that ended by itself can be read until its successor has ended too.
     */
    List<String> logTail(String taskId, int lines);

    /**
     * What a task wrote since an earlier part of its log, for those who follow it; only that is read. A line comes once it is
     * complete, or if nothing was added to it since the last part. What a log has lost meanwhile, because it was cut to
     * its size, is left out without a word.
     *
     * @param after the end of the last part; empty to begin with the last lines there are
     * @param lines at most so many, the last ones
     */
    default LogPart logAfter(String taskId, Optional<String> after, int lines) {
        return new LogPart(List.of(), after.orElse(""));
    }

    /**
     * Calls the listener with a workload's name whenever its tasks may have changed. A hint to look again: hints may
     * be lost, late or repeated.
     */
    void onChange(ChangeListener listener);

    /**
     * Lets go of the engine. With {@link Capability#OUTLIVE_ADAPTER} the tasks go on running and are found again by
     * the next adapter; without it they end. Calls after this one fail.
     */
    @Override
    default void close() {}

    /** See {@link Engine#onChange}. */
    @FunctionalInterface
    interface ChangeListener {
        void changed(String workload);
    }
}
