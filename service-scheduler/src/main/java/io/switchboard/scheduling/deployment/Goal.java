package io.switchboard.scheduling.deployment;

/** What becomes of a deployment in the end. */
public enum Goal {
    /** Its tasks run. */
    RUN,
    /** Its tasks finish their calls and stop, and nothing is left. */
    REMOVE,
    /** Nothing ever ran and nothing will, because its first order was refused. */
    NOTHING
}
