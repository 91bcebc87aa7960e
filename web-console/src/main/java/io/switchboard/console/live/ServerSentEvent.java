package io.switchboard.console.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;

/**
 * One event of a {@code text/event-stream}.
 *
 * @param id what the stream numbered it with; empty if it has none
 * @param name its kind; {@code message} if it has none
 */
public record ServerSentEvent(String id, String name, String data) {

    /** The next event with data; comments and named pauses are passed over. Empty at the end of the stream. */
    static Optional<ServerSentEvent> next(BufferedReader stream) throws IOException {
        String id = "";
        String name = "message";
        StringBuilder data = new StringBuilder();
        for (String line = stream.readLine(); line != null; line = stream.readLine()) {
            if (line.isEmpty() && !data.isEmpty()) {
                return Optional.of(new ServerSentEvent(id, name, data.toString().strip()));
            }
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5)).append('\n');
            }
        }
        return Optional.empty();
    }
}
