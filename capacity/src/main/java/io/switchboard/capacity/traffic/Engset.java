package io.switchboard.capacity.traffic;

/**
 * Loss with few sources: each of a known number of users has at most one call at once.
 *
 * <p>Recursion as Erlang B's, with the traffic falling as sources become busy:
 * {@code E(0) = 1, E(k) = a·(S−k+1)·E(k−1) / (k + a·(S−k+1)·E(k−1))} (Engset 1918; Iversen, Teletraffic Engineering
 * Handbook, section 5.5).
 */
public final class Engset {

    private Engset() {}

    /**
     * The share of time in which all lines are busy, 0 to 1.
     *
     * @param sources users who may call, at least 1
     * @param lines 0 or more; none is ever missing with as many lines as sources
     * @param erlangsPerIdleSource calls an idle user starts per mean call duration, 0 or more
     */
    public static double timeCongestion(int sources, int lines, double erlangsPerIdleSource) {
        Traffic.servers("sources", sources);
        Traffic.notNegative("erlangsPerIdleSource", erlangsPerIdleSource);
        if (lines < 0) {
            throw new IllegalArgumentException("lines must not be negative but was " + lines);
        }
        return congestion(sources, lines, erlangsPerIdleSource);
    }

    /** The share of calls lost, 0 to 1: what a caller meets is the system without that caller (arrival theorem). */
    public static double callCongestion(int sources, int lines, double erlangsPerIdleSource) {
        timeCongestion(sources, lines, erlangsPerIdleSource);
        return congestion(sources - 1, lines, erlangsPerIdleSource);
    }

    /** The fewest lines with at most this share of calls lost. */
    public static int lines(int sources, double erlangsPerIdleSource, double mostBlocking) {
        Traffic.probability("mostBlocking", mostBlocking);
        double congestion = callCongestion(sources, 0, erlangsPerIdleSource);
        int lines = 0;
        while (congestion > mostBlocking) {
            congestion = next(congestion, sources - 1, ++lines, erlangsPerIdleSource);
        }
        return lines;
    }

    private static double congestion(int sources, int lines, double perIdleSource) {
        double congestion = 1;
        for (int line = 1; line <= lines && congestion > 0; line++) {
            congestion = next(congestion, sources, line, perIdleSource);
        }
        return congestion;
    }

    private static double next(double congestion, int sources, int line, double perIdleSource) {
        double lost = perIdleSource * Math.max(0, sources - line + 1) * congestion;
        return lost / (line + lost);
    }
}
