package io.switchboard.capacity.traffic;

/**
 * Waiting without end (M/M/n): callers who find all agents busy wait as long as it takes.
 *
 * <p>{@code C = n·B / (n − A·(1 − B))} with Erlang B's {@code B}, for {@code A < n}; service level within t seconds is
 * {@code 1 − C·e^(−(n − A)·t/AHT)}, average speed of answer {@code C·AHT / (n − A)} (Erlang 1917; Koole, Call Center
 * Optimization, 2013, chapter 4). With as many erlangs as agents or more the queue only grows: everyone waits, for ever.
 */
public final class ErlangC {

    private ErlangC() {}

    /** The share of callers who wait, 0 to 1. */
    public static double waiting(int agents, double erlangs) {
        Traffic.servers("agents", agents);
        return waiting(agents, Traffic.erlangs(erlangs), ErlangB.blocking(agents, erlangs));
    }

    /** The share of callers answered within so many seconds, 0 to 1. */
    public static double serviceLevel(int agents, double erlangs, double handlingSeconds, double withinSeconds) {
        Traffic.positive("handlingSeconds", handlingSeconds);
        Traffic.notNegative("withinSeconds", withinSeconds);
        return serviceLevel(agents, erlangs, handlingSeconds, withinSeconds, waiting(agents, erlangs));
    }

    public static Queue queue(int agents, double erlangs, double handlingSeconds) {
        Traffic.positive("handlingSeconds", handlingSeconds);
        double waiting = waiting(agents, erlangs);
        double wait = erlangs < agents ? waiting * handlingSeconds / (agents - erlangs) : Double.POSITIVE_INFINITY;
        return new Queue(waiting, 0, wait, Math.min(1, erlangs / agents));
    }

    /** The fewest agents that answer at least this share of callers within so many seconds; at least one. */
    public static int agents(double erlangs, double handlingSeconds, double withinSeconds, double serviceLevel) {
        Traffic.positive("handlingSeconds", handlingSeconds);
        Traffic.notNegative("withinSeconds", withinSeconds);
        Traffic.probability("serviceLevel", serviceLevel);
        return fewest(
                erlangs,
                (agents, waiting) ->
                        serviceLevel(agents, erlangs, handlingSeconds, withinSeconds, waiting) >= serviceLevel);
    }

    /** The fewest agents with at most this average speed of answer in seconds; at least one. */
    public static int agentsForAnswer(double erlangs, double handlingSeconds, double mostSeconds) {
        Traffic.positive("handlingSeconds", handlingSeconds);
        Traffic.positive("mostSeconds", mostSeconds);
        return fewest(erlangs, (agents, waiting) -> waiting * handlingSeconds / (agents - erlangs) <= mostSeconds);
    }

    private interface Goal {
        boolean met(int agents, double waiting);
    }

    /** Walks Erlang B's recursion once: waiting falls with each agent, so the first that meets the goal is the fewest. */
    private static int fewest(double erlangs, Goal goal) {
        Traffic.erlangs(erlangs);
        double blocking = 1;
        for (int agents = 1; agents <= Traffic.MOST_SERVERS; agents++) {
            blocking = ErlangB.next(blocking, agents, erlangs);
            if (agents > erlangs && goal.met(agents, waiting(agents, erlangs, blocking))) {
                return agents;
            }
        }
        throw new IllegalArgumentException("erlangs must be less than " + Traffic.MOST_SERVERS + " but was " + erlangs);
    }

    private static double waiting(int agents, double erlangs, double blocking) {
        return erlangs >= agents ? 1 : agents * blocking / (agents - erlangs * (1 - blocking));
    }

    private static double serviceLevel(int agents, double erlangs, double handling, double within, double waiting) {
        return erlangs >= agents ? 0 : 1 - waiting * Math.exp(-(agents - erlangs) * within / handling);
    }
}
