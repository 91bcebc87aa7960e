package io.switchboard.samples.acd.floor;

import java.util.Map;
import java.util.Optional;

/**
 * What happened since the task started, and what is now.
 *
 * @param offered taken or not
 * @param answeredInTime of those answered, by whom the setting {@code acd.queue.answer-within} was kept
 * @param refused because of draining, a full queue or too many connections
 * @param failed not set up though the caller did nothing wrong; a full queue is what was ordered, so it doesn't count
 * @param meanCallSeconds from the offer to the end; empty until a call has ended
 * @param activeCalls queued, ringing or talking
 */
record Statistics(
        long offered,
        long accepted,
        long answered,
        long answeredInTime,
        long abandoned,
        long refused,
        long failed,
        Optional<Double> meanCallSeconds,
        int activeCalls,
        int queued,
        Map<Agent.Kind, Integer> agents) {

    Statistics {
        agents = Map.copyOf(agents);
    }
}
