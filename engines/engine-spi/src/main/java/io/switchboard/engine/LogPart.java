package io.switchboard.engine;

import java.util.List;

/**
 * Lines of a task's log, and where they end.
 *
 * @param lines oldest first
 * @param end for the next part; what it holds is the engine's own
 */
public record LogPart(List<String> lines, String end) {

    public LogPart {
        lines = List.copyOf(lines);
    }
}
