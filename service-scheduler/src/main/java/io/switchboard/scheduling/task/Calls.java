package io.switchboard.scheduling.task;

/** What a task says about its calls. */
public sealed interface Calls {

    /** Where a task doesn't say how long its calls take: three minutes, as in the examples of telephone traffic. */
    double USUAL_SECONDS = 180;

    /**
     * @param active calls it carries now, 0 or more
     * @param meanSeconds how long its calls take on average
     */
    record Counted(int active, double meanSeconds) implements Calls {

        /**
         * How long its last call is expected to take from now: the expected maximum of as many exponentially
         * distributed times, which is their mean times the harmonic number of their count (Rényi, "On the theory of
         * order statistics", 1953).
         */
        public double secondsToGo() {
            double harmonic = 0;
            for (int i = 1; i <= active; i++) {
                harmonic += 1.0 / i;
            }
            return meanSeconds * harmonic;
        }
    }

    /** It doesn't say, or gave no answer. */
    record Unknown() implements Calls {}
}
