package io.switchboard.contracts.problem;

/** Whose turn it is once something went wrong. */
public enum Fault {
    /** The caller changes the request; sent as 4xx. */
    CALLER,
    /** The caller waits and repeats the same call; sent as 429, 503, or by a balancer as 502 or 504. */
    BUSY,
    /** We repair a defect; sent as 500. */
    PLATFORM
}
