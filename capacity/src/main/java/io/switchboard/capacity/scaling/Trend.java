package io.switchboard.capacity.scaling;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Where calls in progress are going: a least-squares line through the last readings, and how far they lie from it.
 *
 * @param perSecond calls more, or less, each second
 * @param level calls at the last reading, by the line
 * @param deviation standard deviation of the readings around the line
 */
record Trend(double perSecond, double level, double deviation) {

    /** What a short look back can't tell apart from noise; a line through fewer readings is flat. */
    private static final int FEWEST = 4;

    private static final double DEVIATIONS = 2;

    /** @param readings oldest first, at least one */
    static Trend of(List<Reading> readings) {
        var last = readings.getLast();
        if (readings.size() < FEWEST) {
            return new Trend(0, last.calls(), 0);
        }
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
        double slope = spread == 0 ? 0 : covariance / spread;
        double level = meanCalls - slope * meanTime;
        double squares = 0;
        for (var one : readings) {
            double off = one.calls() - level - slope * seconds(last.at(), one);
            squares += off * off;
        }
        return new Trend(slope, level, Math.sqrt(squares / (readings.size() - 2)));
    }

    /** The most calls to be ready for until then: a falling line is not trusted. */
    double most(Duration ahead) {
        return level + Math.max(0, perSecond) * ahead.toMillis() / 1000.0 + DEVIATIONS * deviation;
    }

    private static double seconds(Instant from, Reading one) {
        return Duration.between(from, one.at()).toMillis() / 1000.0;
    }
}
