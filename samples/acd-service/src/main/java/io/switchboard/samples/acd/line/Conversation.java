package io.switchboard.samples.acd.line;

import io.switchboard.samples.acd.floor.Call;
import io.switchboard.samples.acd.floor.Floor;
import io.switchboard.samples.acd.floor.Offer;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said on one connection, and the call that it holds. */
final class Conversation {

    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    private final Floor floor;
    private final String task;
    private @Nullable UUID call;

    Conversation(Floor floor, String task) {
        this.floor = floor;
        this.task = task;
    }

    Reply hear(String line) {
        var request = Request.parse(line);
        if (request instanceof Request.Invalid) {
            return new Reply.Close("ERROR LINE_INVALID see the service's documentation for what can be said");
        }
        var held = call;
        if (held == null) {
            return request instanceof Request.NewCall(String caller, Optional<String> skill)
                    ? offer(caller, skill)
                    : new Reply.Close("ERROR NO_CALL a connection begins with CALL");
        }
        var over = over(held);
        if (over.isPresent()) {
            return over.get();
        }
        return switch (request) {
            case Request.Ping() -> new Reply.Say("PONG " + state(held));
            case Request.Pong() -> new Reply.Silence();
            case Request.Bye() -> {
                floor.end(held);
                yield over(held).orElseThrow();
            }
            case Request.NewCall again -> new Reply.Close("ERROR LINE_INVALID a connection holds one call");
            case Request.Invalid invalid -> throw new IllegalStateException("answered above");
        };
    }

    /** What to say to a caller who is silent. */
    Reply onSilence() {
        var held = call;
        return held == null ? new Reply.Silence() : over(held).orElseGet(() -> new Reply.Say("PING"));
    }

    /** The connection is gone, whoever closed it. */
    void end() {
        var held = call;
        if (held != null) {
            floor.end(held);
        }
    }

    private Reply offer(String caller, Optional<String> skill) {
        try {
            return switch (floor.offer(caller, skill)) {
                case Offer.Taken(Call taken) -> {
                    call = taken.id();
                    yield new Reply.Say("CALL " + taken.id() + " " + task);
                }
                case Offer.Draining() ->
                    new Reply.Close("REFUSED DRAINING this task is about to stop; another one takes the call");
                case Offer.QueueFull(String full, int limit) ->
                    new Reply.Close(
                            "REFUSED QUEUE_FULL all " + limit + " places in the queue for " + full + " are taken");
            };
        } catch (RuntimeException e) {
            log.error("a call could not be taken", e);
            return new Reply.Close("REFUSED INTERNAL_ERROR try again");
        }
    }

    private Call.Kind state(UUID held) {
        return floor.call(held).map(known -> known.state().kind()).orElse(Call.Kind.ENDED);
    }

    /** The last line of a call that has ended; empty while it goes on. */
    private Optional<Reply> over(UUID held) {
        var known = floor.call(held);
        if (known.isEmpty()) {
            // So many have ended since that this one's outcome is forgotten.
            return Optional.of(new Reply.Close("BYE " + Call.Kind.ENDED));
        }
        return known.get().state() instanceof Call.Ended ended
                ? Optional.of(new Reply.Close("BYE " + ended.outcome()))
                : Optional.empty();
    }
}
