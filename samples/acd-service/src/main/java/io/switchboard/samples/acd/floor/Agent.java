package io.switchboard.samples.acd.floor;

import io.switchboard.samples.acd.routing.Candidate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Someone who answers calls.
 *
 * @param skills what the agent can do, best first
 * @param calls answered since the log-in
 * @param leaving logs out at the end of the call in hand
 */
record Agent(String id, List<String> skills, State state, int calls, boolean leaving) {

    Agent {
        skills = List.copyOf(skills);
    }

    Agent in(State next) {
        return new Agent(id, skills, next, calls, leaving);
    }

    Agent answering(UUID call) {
        return new Agent(id, skills, new Talking(call), calls + 1, leaving);
    }

    Optional<Candidate> candidate() {
        return state instanceof Idle idle
                ? Optional.of(new Candidate(id, skills, idle.since(), calls))
                : Optional.empty();
    }

    sealed interface State {

        /** The name on the wire and in metrics. */
        default Kind kind() {
            return switch (this) {
                case Idle idle -> Kind.IDLE;
                case Ringing ringing -> Kind.RINGING;
                case Talking talking -> Kind.TALKING;
                case WrapUp wrapUp -> Kind.WRAP_UP;
            };
        }
    }

    record Idle(Instant since) implements State {}

    record Ringing(UUID call) implements State {}

    record Talking(UUID call) implements State {}

    record WrapUp(Instant until) implements State {}

    enum Kind {
        IDLE,
        RINGING,
        TALKING,
        WRAP_UP
    }
}
