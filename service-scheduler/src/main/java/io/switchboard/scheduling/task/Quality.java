package io.switchboard.scheduling.task;

import java.util.Collection;

/**
 * How well a task has served since it started; every figure only grows.
 *
 * @param requests answered, well or badly
 * @param failedRequests of these, answered with an error of the task's own (HTTP 5xx)
 * @param requestSeconds time spent on all of them
 * @param callSetups calls that were offered to it
 * @param failedCallSetups of these, not set up although the caller did nothing wrong
 */
public record Quality(
        long requests, long failedRequests, double requestSeconds, long callSetups, long failedCallSetups) {

    public Quality {
        if (requests < 0
                || failedRequests < 0
                || failedRequests > requests
                || callSetups < 0
                || failedCallSetups < 0
                || failedCallSetups > callSetups
                || !(requestSeconds >= 0 && Double.isFinite(requestSeconds))) {
            throw new IllegalArgumentException(
                    "figures must not be negative, and no more may fail than there were, but were %d, %d, %s, %d, %d"
                            .formatted(requests, failedRequests, requestSeconds, callSetups, failedCallSetups));
        }
    }

    /** Of several tasks together. */
    public static Quality sum(Collection<Quality> each) {
        return new Quality(
                each.stream().mapToLong(Quality::requests).sum(),
                each.stream().mapToLong(Quality::failedRequests).sum(),
                each.stream().mapToDouble(Quality::requestSeconds).sum(),
                each.stream().mapToLong(Quality::callSetups).sum(),
                each.stream().mapToLong(Quality::failedCallSetups).sum());
    }
}
