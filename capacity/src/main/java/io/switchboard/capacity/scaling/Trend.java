package io.switchboard.capacity.scaling;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where calls in progress are going: on along a least-squares line through the last readings, as far as they have come up
 * lately, and as far beyond as they jump from one reading to the next.
 *
 * @param perSecond calls more, or less, each second
 * @param readings oldest first, at least one
 * @param deviation standard deviation of the change between two readings; of half of them at least, so that a step in load,
 *     which comes once, doesn't count
 */
record Trend(double perSecond, List<Reading> readings, double deviation) {

    /** What a short look back can't tell apart from noise; a line through fewer readings is flat. */
    private static final int FEWEST = 4;

    private static final double DEVIATIONS = 2;

    /** From the median of a normal distribution's distances to its standard deviation. */
    private static final double BY_MEDIAN = 1.4826;

    /** @param readings oldest first, at least one */
    static Trend of(List<Reading> readings) {
        if (readings.size() < FEWEST) {
            return new Trend(0, readings, 0);
        }
        double slope = slope(readings);
        // Along the line, or from one to the next: a steady rise has no noise, and neither has a step.
        double change = Math.min(medianChange(readings, slope), medianChange(readings, 0));
        return new Trend(slope, readings, BY_MEDIAN * change);
    }

    private static double slope(List<Reading> readings) {
        var last = readings.getLast();
        double meanTime = 0;
        double meanCalls = 0;
        for (var one : readings) {
            meanTime += seconds(last.at(), one) / readings.size();
            meanCalls += one.calls() / readings.size();
        }
        double covariance = 0;
        double spread = 0;
        for (var one : readings) {
            double time = seconds(last.at(), one) - meanTime;
            covariance += time * (one.calls() - meanCalls);
            spread += time * time;
        }
        return spread == 0 ? 0 : covariance / spread;
    }

    private static double medianChange(List<Reading> readings, double slope) {
        double[] changes = IntStream.range(1, readings.size())
                .mapToDouble(index -> change(readings.get(index - 1), readings.get(index), slope))
                .sorted()
                .toArray();
        return changes[changes.length / 2];
    }

    private static double change(Reading before, Reading after, double slope) {
        return Math.abs(after.calls() - before.calls() - slope * seconds(before.at(), after));
    }

    /**
     * The most calls to be ready for until then. A falling line is not trusted, and a rise goes on for no more than came in
     * as long before: what has come to rest stays there.
     */
    double most(Duration ahead) {
        var last = readings.getLast();
        var since = last.at().minus(ahead);
        double lowest = readings.stream()
                .filter(one -> !one.at().isBefore(since))
                .mapToDouble(Reading::calls)
                .min()
                .orElse(last.calls());
        double rise = Math.clamp(perSecond * ahead.toMillis() / 1000.0, 0, last.calls() - lowest);
        return last.calls() + rise + DEVIATIONS * deviation;
    }

    private static double seconds(Instant from, Reading one) {
        return Duration.between(from, one.at()).toMillis() / 1000.0;
    }
}
