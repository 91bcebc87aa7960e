package io.switchboard.engine.supervision;

import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.LogPart;
import io.switchboard.engine.Node;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Starts and stops single tasks and shows what runs; how many there should be is not its business.
 *
 * <p>Whatever it keeps survives the JVM, so that a crash between any two calls leaves nothing that {@link #recover}
 * and {@link #look} don't show. All methods may throw {@link EngineUnavailable}. Calls for one workload don't overlap,
 * except that several of its tasks may be started, stopped and discarded at once.
 */
public interface Runner extends AutoCloseable {

    /** The machine that all tasks run on. */
    Node node();

    /** Why this machine never runs the workload; empty if it may. */
    Optional<Refused> refusal(Workload workload);

    /** What is desired for every workload of earlier lives, as far as it was kept. */
    List<Desired> recover();

    /** Keeps what is desired, replacing what was before, all or nothing. */
    void keep(Desired desired);

    /** Drops what {@link #keep} kept. */
    void forget(String workload);

    /** All tasks of the workload that were started, in this life or an earlier one, and not discarded. */
    List<ObservedTask> look(String workload);

    /** Starts a task; returns once {@link #look} shows it. */
    void start(Workload workload, Launch launch) throws StartFailed;

    /** Sends SIGTERM; nothing happens if the task has ended. */
    void terminate(ObservedTask task);

    /** Sends SIGKILL to all that the task consists of. */
    void kill(ObservedTask task);

    /** Clears away what is left of an ended task, its log too. */
    void discard(ObservedTask task);

    Optional<Usage> usage(String taskId);

    List<String> logTail(String taskId, int lines);

    /** See {@link io.switchboard.engine.Engine#logAfter}. */
    LogPart logAfter(String taskId, Optional<String> after, int lines);

    /** Whom to tell the name of a workload whose tasks may have changed. Called once, before everything else. */
    void onHint(Consumer<String> hint);

    /** How long to go without a look when there are no hints. */
    Duration patrol();

    /** Lets go; tasks go on running. */
    @Override
    void close();
}
