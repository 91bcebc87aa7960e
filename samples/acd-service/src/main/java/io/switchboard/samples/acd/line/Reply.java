package io.switchboard.samples.acd.line;

/** What the service says to a caller's line. */
sealed interface Reply {

    /** @param line without its end */
    record Say(String line) implements Reply {}

    /** Says it and closes. */
    record Close(String line) implements Reply {}

    record Silence() implements Reply {}
}
