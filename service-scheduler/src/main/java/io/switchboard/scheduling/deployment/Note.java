package io.switchboard.scheduling.deployment;

import java.time.Instant;

/**
 * What happened to a deployment beside its status, and why; for people who ask afterwards.
 *
 * @param text a sentence, with figures
 */
public record Note(Instant at, String text) {}
