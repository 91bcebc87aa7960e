package io.switchboard.capacity.traffic;

/**
 * What callers of a queue meet.
 *
 * @param waiting share of callers that find all agents busy, 0 to 1
 * @param abandoning share of callers that give up before an agent answers, 0 to 1
 * @param meanWaitSeconds mean time in the queue over all callers, those who gave up included; infinite when the queue
 *     only grows
 * @param occupancy share of an agent's time spent on calls, 0 to 1
 */
public record Queue(double waiting, double abandoning, double meanWaitSeconds, double occupancy) {}
