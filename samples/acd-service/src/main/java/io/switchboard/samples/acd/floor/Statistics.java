package io.switchboard.samples.acd.floor;

import java.util.Map;

/**
 * What happened since the task started, and what is now.
 *
 * @param refused because of draining or a full queue
 * @param activeCalls queued, ringing or talking
 */
record Statistics(
        long accepted,
        long answered,
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
