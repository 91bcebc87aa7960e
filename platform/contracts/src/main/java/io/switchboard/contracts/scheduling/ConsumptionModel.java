package io.switchboard.contracts.scheduling;

/**
 * From concurrent calls to resources of one service type: {@code fixed + perCall × calls}, within the range it was
 * measured in.
 *
 * @param cpu in thousandths of a core
 * @param memory in mebibytes
 * @param maxCallsPerTask calls beyond which a task was never measured, or its quality broke
 * @param marginPercent what is added to the estimate, from the relative error (p95) of the fit
 * @param source where the figures come from
 */
public record ConsumptionModel(Linear cpu, Linear memory, int maxCallsPerTask, int marginPercent, String source) {

    public ConsumptionModel {
        if (maxCallsPerTask < 1) {
            throw new IllegalArgumentException("maxCallsPerTask must be at least 1 but was " + maxCallsPerTask);
        }
        if (marginPercent < 0) {
            throw new IllegalArgumentException("marginPercent must not be negative but was " + marginPercent);
        }
    }

    /** {@code fixed + perCall × calls}; neither is negative. */
    public record Linear(double fixed, double perCall) {

        public Linear {
            if (!(fixed >= 0) || !(perCall >= 0)) {
                throw new IllegalArgumentException(
                        "fixed and perCall must not be negative but were " + fixed + ", " + perCall);
            }
        }

        public double at(double calls) {
            return fixed + perCall * calls;
        }
    }
}
