package io.switchboard.contracts.ordering;

/** How far an order is. It only moves forward: ACCEPTED, IN_PROGRESS, then COMPLETED or FAILED for good. */
public enum OrderState {
    /** Stored durably; the scheduler has not answered yet. */
    ACCEPTED,
    /** The scheduler works on it. */
    IN_PROGRESS,
    COMPLETED,
    /** Refused by the scheduler; the last timeline entry says why and what to do. */
    FAILED
}
