package io.switchboard.scheduling.task;

import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Revision;
import java.util.Optional;

/** What the scheduler says to a task of a revision, and asks it. A task need not understand any of it. */
@FunctionalInterface
public interface TaskProtocol {

    /** Tells the task to take no new calls, and answers how far it is; may be called again and again. */
    Drained drain(Revision revision, Task task);

    /** How many calls the task carries, without any effect on it. */
    default Calls calls(Revision revision, Task task) {
        return new Calls.Unknown();
    }

    /** How well the task has served so far; empty if it doesn't say. */
    default Optional<Quality> quality(Revision revision, Task task) {
        return Optional.empty();
    }
}
