package io.switchboard.capacity.traffic;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A discrete-event simulation of callers, agents and a queue; knows no formula.
 *
 * <p>Callers arrive at random, wait in order, and give up when their patience ends; calls last an exponential time.
 */
final class SimulatedQueue {

    /** What callers met, averaged over batches, with the half width of a 99.9 % confidence interval. */
    record Estimate(double mean, double halfWidth) {
        boolean covers(double value) {
            return Math.abs(value - mean) <= halfWidth;
        }
    }

    record Result(Estimate waiting, Estimate abandoning, Estimate meanWait, Estimate withinTwenty) {}

    private static final int BATCHES = 40;
    /** Student's t for 39 degrees of freedom, two-sided 99.9 %. */
    private static final double T = 3.558;

    private final SplittableRandom random;
    private final int agents;
    private final double arrivals;
    private final double handling;
    private final double patience;

    /** @param patience mean seconds, infinite for callers who never give up */
    SimulatedQueue(long seed, int agents, double erlangs, double handling, double patience) {
        this.random = new SplittableRandom(seed);
        this.agents = agents;
        this.arrivals = erlangs / handling;
        this.handling = handling;
        this.patience = patience;
    }

    Result run(int callers) {
        int each = callers / BATCHES;
        var sums = new double[4][BATCHES];
        var ends = new PriorityQueue<Double>();
        var queue = new ArrayDeque<double[]>();
        double now = 0;
        int warmUp = each;
        var counted = new int[] {0};
        for (int caller = 0; caller < warmUp + each * BATCHES; caller++) {
            now += exponential(1 / arrivals);
            serve(ends, queue, now, sums, each, warmUp, counted);
            double[] one = {caller, now, now + (Double.isInfinite(patience) ? patience : exponential(patience))};
            if (ends.size() < agents) {
                ends.add(now + exponential(handling));
                record(one, now, sums, each, warmUp, counted);
            } else {
                queue.add(one);
            }
        }
        serve(ends, queue, Double.MAX_VALUE, sums, each, warmUp, counted);
        if (counted[0] != each * BATCHES) {
            throw new IllegalStateException("lost callers: " + counted[0]);
        }
        return new Result(
                estimate(sums[0], each), estimate(sums[1], each), estimate(sums[2], each), estimate(sums[3], each));
    }

    /** Lets calls end until now; each freed agent takes the first caller still there. */
    private void serve(
            PriorityQueue<Double> ends,
            ArrayDeque<double[]> queue,
            double now,
            double[][] sums,
            int each,
            int warmUp,
            int[] counted) {
        while (!ends.isEmpty() && ends.peek() <= now) {
            double free = ends.poll();
            while (!queue.isEmpty()) {
                double[] caller = queue.poll();
                record(caller, free, sums, each, warmUp, counted);
                if (caller[2] > free) {
                    ends.add(free + exponential(handling));
                    break;
                }
            }
        }
    }

    private static void record(double[] caller, double answer, double[][] sums, int each, int warmUp, int[] counted) {
        int batch = ((int) caller[0] - warmUp) / each;
        if (caller[0] < warmUp) {
            return;
        }
        counted[0]++;
        boolean gaveUp = caller[2] <= answer;
        double wait = Math.min(answer, caller[2]) - caller[1];
        sums[0][batch] += wait > 0 ? 1 : 0;
        sums[1][batch] += gaveUp ? 1 : 0;
        sums[2][batch] += wait;
        sums[3][batch] += !gaveUp && wait <= 20 ? 1 : 0;
    }

    private double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    private static Estimate estimate(double[] sums, int each) {
        double mean = 0;
        for (double sum : sums) {
            mean += sum / each / BATCHES;
        }
        double square = 0;
        for (double sum : sums) {
            square += Math.pow(sum / each - mean, 2);
        }
        return new Estimate(mean, T * Math.sqrt(square / (BATCHES - 1) / BATCHES));
    }
}
