package io.switchboard.capacity.traffic;

import org.hipparchus.analysis.solvers.BrentSolver;
import org.hipparchus.distribution.continuous.NormalDistribution;

/** Rules of thumb with a proof behind them, and the steps from agents on the phone to people on the payroll. */
public final class Staffing {

    private static final NormalDistribution NORMAL = new NormalDistribution();

    private Staffing() {}

    /**
     * Agents by the square-root rule, {@code A + β·√A}, with β from the share of callers that may wait:
     * {@code α = 1 / (1 + β·Φ(β)/φ(β))} (Halfin and Whitt 1981). Within a few agents of Erlang C from 10 erlangs up.
     *
     * @param waiting share of callers that may have to wait, between 0 and 1
     */
    public static int squareRoot(double erlangs, double waiting) {
        return overDispersed(erlangs, waiting, 0);
    }

    /**
     * The square-root rule when the traffic itself is uncertain: its spread {@code cv·A} adds to the Poisson spread
     * {@code √A}, so the agents are {@code A + β·√(A + cv²·A²)} (Whitt 2006, Staffing a call center with uncertain
     * arrival rate; Maman 2009).
     *
     * @param variation standard deviation of the traffic over its mean, 0 or more; 0 is the plain rule
     */
    public static int overDispersed(double erlangs, double waiting, double variation) {
        Traffic.erlangs(erlangs);
        Traffic.notNegative("variation", variation);
        double spread = Math.sqrt(erlangs + variation * variation * erlangs * erlangs);
        return (int) Math.max(1, Math.ceil(erlangs + beta(waiting) * spread));
    }

    /** The service grade β with which this share of callers waits in the limit of large systems. */
    public static double beta(double waiting) {
        Traffic.probability("waiting", waiting);
        return new BrentSolver(1e-12).solve(200, beta -> halfinWhitt(beta) - waiting, 0, 10);
    }

    /** People to employ so that this many agents are logged in, when a share of paid time goes to anything else. */
    public static int headcount(int agents, double shrinkage) {
        if (agents < 0) {
            throw new IllegalArgumentException("agents must not be negative but was " + agents);
        }
        if (!(shrinkage >= 0) || !(shrinkage < 1)) {
            throw new IllegalArgumentException("shrinkage must be at least 0 and below 1 but was " + shrinkage);
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(agents / (1 - shrinkage) - 1e-9));
    }

    /**
     * Calls an hour to plan for, from the calls of a day.
     *
     * @param busyHourShare share of the day's calls in its busiest hour, 0 to 1; 0.10 to 0.17 is usual
     * @param halfHourPeak the busiest half-hour over the mean of its hour, at least 1; 1.1 to 1.25 is usual
     */
    public static double peakCallsPerHour(double callsPerDay, double busyHourShare, double halfHourPeak) {
        Traffic.notNegative("callsPerDay", callsPerDay);
        Traffic.share("busyHourShare", busyHourShare);
        if (!(halfHourPeak >= 1) || halfHourPeak > 2) {
            throw new IllegalArgumentException("halfHourPeak must be 1 to 2 but was " + halfHourPeak);
        }
        return callsPerDay * busyHourShare * halfHourPeak;
    }

    /** The share that waits at this β; 1 at 0, and falling. */
    private static double halfinWhitt(double beta) {
        return 1 / (1 + beta * NORMAL.cumulativeProbability(beta) / NORMAL.density(beta));
    }
}
