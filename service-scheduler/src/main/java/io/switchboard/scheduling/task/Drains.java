package io.switchboard.scheduling.task;

import io.switchboard.engine.Task;

/** Asks tasks to finish their calls. */
@FunctionalInterface
public interface Drains {

    /** Tells the task to take no new calls, and answers how far it is; may be called again and again. */
    Drained ask(Task task);
}
