package io.switchboard.bench;

import io.switchboard.capacity.model.Resource;
import io.switchboard.capacity.model.Samples;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What one reserves without a model, block by block from the history of the other blocks: the rule of thumb of a vertical
 * autoscaler (90th percentile and 15 %), and the size that held everything seen.
 *
 * @param seconds steady seconds
 * @param ruleViolations seconds beyond the rule's reservation
 * @param ruleReserved what the rule reserves over all seconds
 * @param fixedViolations seconds beyond the largest use in the history
 * @param fixedReserved what that reserves over all seconds
 */
record FixedRules(int seconds, int ruleViolations, double ruleReserved, int fixedViolations, double fixedReserved) {

    static FixedRules of(Samples samples, Resource resource) {
        int[] rows = IntStream.range(0, samples.size())
                .filter(samples::steady)
                .filter(row -> !Double.isNaN(samples.use(resource, row)))
                .toArray();
        var sum = new FixedRules(0, 0, 0, 0, 0);
        for (int block : Arrays.stream(rows).map(samples::block).distinct().toArray()) {
            double[] history = Arrays.stream(rows)
                    .filter(row -> samples.block(row) != block)
                    .mapToDouble(row -> samples.use(resource, row))
                    .sorted()
                    .toArray();
            double rule = 1.15 * history[(int) Math.ceil(0.9 * history.length) - 1];
            double most = history[history.length - 1];
            double[] uses = Arrays.stream(rows)
                    .filter(row -> samples.block(row) == block)
                    .mapToDouble(row -> samples.use(resource, row))
                    .toArray();
            sum = sum.plus(new FixedRules(
                    uses.length, above(uses, rule), uses.length * rule, above(uses, most), uses.length * most));
        }
        return sum;
    }

    FixedRules plus(FixedRules other) {
        return new FixedRules(
                seconds + other.seconds,
                ruleViolations + other.ruleViolations,
                ruleReserved + other.ruleReserved,
                fixedViolations + other.fixedViolations,
                fixedReserved + other.fixedReserved);
    }

    private static int above(double[] uses, double reservation) {
        return (int) Arrays.stream(uses).filter(use -> use > reservation).count();
    }
}
