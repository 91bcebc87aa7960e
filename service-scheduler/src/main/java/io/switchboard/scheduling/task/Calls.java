package io.switchboard.scheduling.task;

/** What a task says about its calls. */
public sealed interface Calls {

    /** Where a task doesn't say how long its calls take: three minutes, as in the examples of telephone traffic. */
    double USUAL_SECONDS = 180;

    /** More than any task carries; what a task says must neither take long to add up nor overflow a sum. */
    int MOST = 1_000_000;

    /**
     * @param active calls it carries now, 0 to {@link #MOST}
     * @param meanSeconds how long its calls take on average
     */
    record Counted(int active, double meanSeconds) implements Calls {

        /**
         * How long its last call is expected to take from now: the expected maximum of as many exponentially
         * distributed times, which is their mean times the harmonic number of their count (Rényi, "On the theory of
         * order statistics", 1953).
         */
        public double secondsToGo() {
            return meanSeconds * harmonic(active);
        }

        /** Exact for as few as decide anything; from there on it grows like the logarithm. */
        private static double harmonic(int count) {
            int exact = Math.min(count, 1_000);
            double sum = 0;
            for (int i = 1; i <= exact; i++) {
                sum += 1.0 / i;
            }
            return count > exact ? sum + Math.log((double) count / exact) : sum;
        }
    }

    /** It doesn't say, or gave no answer. */
    record Unknown() implements Calls {}
}
