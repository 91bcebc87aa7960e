package io.switchboard.access.endpoint;

import java.time.Instant;

/**
 * A key of ours in the store whose value says nothing that can be understood, and which is passed over. What it says is shown to
 * nobody.
 *
 * @param key printable, and cut where it is very long
 * @param reason why, without anything of the value
 * @param since when it was first seen
 */
public record UnreadableRecord(String key, String reason, Instant since) {}
