package io.switchboard.samples.acd.routing;

import java.time.Instant;
import java.util.List;

/**
 * An agent who could take a call now.
 *
 * @param agent the agent's id
 * @param skills what the agent can do, best first
 * @param idleSince end of the last call's wrap-up, or the log-in
 * @param calls answered since the log-in
 */
public record Candidate(String agent, List<String> skills, Instant idleSince, int calls) {

    public Candidate {
        skills = List.copyOf(skills);
    }
}
