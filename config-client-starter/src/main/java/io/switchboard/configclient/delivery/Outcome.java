package io.switchboard.configclient.delivery;

import java.util.Set;

/** What became of a release that an application was offered. */
public sealed interface Outcome {

    /** All of it is in effect. */
    record TakenOver(Set<String> changedKeys) implements Outcome {}

    /**
     * Nothing changed.
     *
     * @param reason what was wrong, without values
     */
    record Refused(String reason) implements Outcome {}
}
