package io.switchboard.scheduling.measurement;

/** Where figures of tasks come from, whatever they are worth. */
@FunctionalInterface
interface Source {

    /** Without an answer, nothing of any task. */
    TaskUsage.Latest latest();
}
