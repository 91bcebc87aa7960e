package io.switchboard.bench;

/**
 * Tells when a program is as fast as it gets: once the last few windows gained nothing on all before them. What a fresh one takes says
 * little, and how long it stays fresh is another time on each machine.
 */
final class WarmUp {

    private static final int WITHOUT_GAIN = 3;

    /** Less is noise. */
    private static final double GAIN = 1.03;

    private double best;
    private int without;

    /** @param cost of what was done in one more window, by anything that goes down while a program warms up */
    void took(double cost) {
        if (best == 0 || cost * GAIN < best) {
            best = cost;
            without = 0;
        } else {
            without++;
        }
    }

    boolean isOver() {
        return without >= WITHOUT_GAIN;
    }

    /** For people; {@code took} is how long it lasted, in words. */
    String told(String took) {
        return took + (isOver() ? ", until it was settled" : ", and not settled by then");
    }
}
