package io.switchboard.samples.acd.line;

import io.switchboard.samples.acd.floor.Name;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a caller's line says. */
sealed interface Request {

    /** @param skill the queue's own if absent */
    record NewCall(String caller, Optional<String> skill) implements Request {}

    record Ping() implements Request {}

    record Pong() implements Request {}

    record Bye() implements Request {}

    record Invalid() implements Request {}

    /** The caller is one word of printable ASCII, as with a SIP or E.164 address. */
    Pattern CALL = Pattern.compile("CALL ([!-~]{1,100})(?: (" + Name.PATTERN + "))?");

    static Request parse(String line) {
        return switch (line) {
            case "PING" -> new Ping();
            case "PONG" -> new Pong();
            case "BYE" -> new Bye();
            default -> {
                var call = CALL.matcher(line);
                yield call.matches() ? new NewCall(call.group(1), Optional.ofNullable(call.group(2))) : new Invalid();
            }
        };
    }
}
