package io.switchboard.samples.acd.floor;

import java.util.Map;

/**
 * What happened since the task started, and what is now.
 *
 * @param answeredInTime of those answered, by whom the setting {@code acd.queue.answer-within} was kept
 * @param refused because of draining or a full queue
 * @param activeCalls queued, ringing or talking
 */
record Statistics(
        long accepted,
        long answered,
        long answeredInTime,
        long abandoned,
        long refused,
        int activeCalls,
        int queued,
        Map<Agent.Kind, Integer> agents) {

    Statistics {
        agents = Map.copyOf(agents);
    }

    long offered() {
        return accepted + refused;
    }
}
