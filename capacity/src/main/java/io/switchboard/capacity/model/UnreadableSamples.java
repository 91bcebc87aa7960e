package io.switchboard.capacity.model;

/** A file of samples that can't be read as such; the message says what it must look like. */
public final class UnreadableSamples extends RuntimeException {

    UnreadableSamples(String message) {
        super(message);
    }
}
