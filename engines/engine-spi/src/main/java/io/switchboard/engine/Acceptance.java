package io.switchboard.engine;

/** An engine's answer to a workload: it took it on, or says why it never will. */
public sealed interface Acceptance {

    record Accepted() implements Acceptance {}

    /** @param detail a sentence for people, naming what was asked for and what there is */
    record Refused(Reason reason, String detail) implements Acceptance {}

    enum Reason {
        /** More than this engine could ever give. */
        NO_CAPACITY,
        /** The engine lacks the ability. */
        UNSUPPORTED,
        /** The workload contradicts itself, the engine's knowledge, or what runs under its name. */
        INVALID
    }
}
