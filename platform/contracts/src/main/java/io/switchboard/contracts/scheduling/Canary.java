package io.switchboard.contracts.scheduling;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * A trial of new tasks: some of them carry calls beside the old ones, and only if they do as well the others follow.
 * If they do worse the old ones stay, and the order has failed.
 *
 * @param tasks how many are tried, 1 to 100; at most as many as the instance has
 * @param minutes how long they carry calls before they are judged for good, 1 to 1,440
 */
public record Canary(
        @Min(1) @Max(100) int tasks, @Min(1) @Max(1_440) int minutes) {}
