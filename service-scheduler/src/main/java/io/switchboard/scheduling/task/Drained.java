package io.switchboard.scheduling.task;

/** What a task that was asked to finish its calls says about them. */
public sealed interface Drained {

    /** @param activeCalls calls it still carries, 1 to {@link Calls#MOST} */
    record Busy(int activeCalls) implements Drained {}

    record Idle() implements Drained {}

    /** It knows nothing of draining; only the balancer keeps calls away from it. */
    record NotAsked() implements Drained {}

    /** It gave no answer that could be understood; it may still carry calls. */
    record Silent(String reason) implements Drained {}
}
