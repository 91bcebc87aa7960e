package io.switchboard.samples.acd.floor;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** @param skill what the agent must be able to do */
public record Call(UUID id, String caller, String skill, Instant offeredAt, State state) {

    Call in(State next) {
        return new Call(id, caller, skill, offeredAt, next);
    }

    public sealed interface State {

        /** The name on the wire. */
        default Kind kind() {
            return switch (this) {
                case Queued queued -> Kind.QUEUED;
                case Ringing ringing -> Kind.RINGING;
                case Talking talking -> Kind.TALKING;
                case Ended ended -> Kind.ENDED;
            };
        }

        /** Who has the call, or had it last. */
        default Optional<String> holder() {
            return switch (this) {
                case Queued queued -> Optional.empty();
                case Ringing ringing -> Optional.of(ringing.agent());
                case Talking talking -> Optional.of(talking.agent());
                case Ended ended -> ended.last();
            };
        }
    }

    public record Queued() implements State {}

    public record Ringing(String agent, Instant since) implements State {}

    public record Talking(String agent, Instant since) implements State {}

    public record Ended(Outcome outcome, Optional<String> last, Instant at) implements State {}

    public enum Outcome {
        /** An agent had answered. */
        COMPLETED,
        /** The caller hung up before anyone answered. */
        ABANDONED,
        /** Nobody answered within the longest wait. */
        TIMED_OUT
    }

    public enum Kind {
        QUEUED,
        RINGING,
        TALKING,
        ENDED
    }
}
