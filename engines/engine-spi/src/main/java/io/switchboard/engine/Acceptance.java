package io.switchboard.engine;

import java.util.Optional;

/** An engine's answer to a workload: it took it on, or says why it never will. */
public sealed interface Acceptance {

    record Accepted() implements Acceptance {}

    /** @param detail a sentence for people, naming what was asked for and what there is */
    record Refused(Reason reason, String detail) implements Acceptance {}

    /**
     * What an engine without {@link Capability#MEDIA_PORTS} says to a workload; empty if that needs none.
     *
     * @param remedy what an operator may do, without a full stop
     */
    static Optional<Refused> lacksMediaPorts(String engine, Workload workload, String remedy) {
        return workload.mediaPorts().stream()
                .findFirst()
                .map(port -> new Refused(
                        Reason.UNSUPPORTED,
                        "port " + port.name() + " is a block of " + port.count()
                                + " ports for media, and engine '" + engine
                                + "' has none to give; " + remedy));
    }

    enum Reason {
        /** More than this engine could ever give. */
        NO_CAPACITY,
        /** The engine lacks the ability. */
        UNSUPPORTED,
        /** The workload contradicts itself, the engine's knowledge, or what runs under its name. */
        INVALID
    }
}
