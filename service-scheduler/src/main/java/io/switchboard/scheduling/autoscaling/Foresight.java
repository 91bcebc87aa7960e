package io.switchboard.scheduling.autoscaling;

import io.switchboard.capacity.demand.Assumptions;
import io.switchboard.capacity.demand.DayShape;
import io.switchboard.capacity.demand.Demand;
import io.switchboard.capacity.scaling.Expected;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What an order's profile and earlier half-hours lead one to expect.
 *
 * @param busiest calls at once that the order is for
 * @param mostByHalfHour the most calls there were, by the begin of the half-hour
 */
record Foresight(double busiest, Autoscaling autoscaling, Map<Instant, Double> mostByHalfHour) {

    private static final Duration HALF_HOUR = Duration.ofMinutes(30);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final int HALVES_OF_A_WEEK = 336;

    static Instant halfHour(Instant at) {
        return Instant.ofEpochSecond(at.getEpochSecond() - Math.floorMod(at.getEpochSecond(), HALF_HOUR.toSeconds()));
    }

    Expected at(Instant now, Duration lead) {
        var begin = halfHour(now);
        var end = now.plus(lead);
        return new Expected(
                autoscaling.shape().map(shape -> mostOrdered(shape, begin, end)),
                usual(begin, end),
                autoscaling.shape().map(shape -> mostOrdered(shape, begin.minus(HOUR), begin.minusSeconds(1))),
                seenBefore(begin));
    }

    private double mostOrdered(DayShape shape, Instant from, Instant until) {
        double mean = meanOf(busiest);
        return halves(from, until)
                .mapToDouble(
                        half -> shape.factors().get(index(half, shape.factors().size())))
                .map(factor -> factor == 0 ? 0 : Demand.peakOf(mean * factor, Assumptions.USUAL))
                .max()
                .orElse(0);
    }

    /** Half-hours of the wall clock there, from Monday's midnight. */
    private int index(Instant half, int size) {
        var there = half.atZone(autoscaling.timeZone());
        int week = (there.getDayOfWeek().getValue() - 1) * 48 + there.getHour() * 2 + there.getMinute() / 30;
        return week % HALVES_OF_A_WEEK % size;
    }

    /** The mean whose deviations make the peak. */
    private static double meanOf(double peak) {
        double low = 0;
        double high = peak;
        for (int i = 0; i < 50; i++) {
            double middle = (low + high) / 2;
            if (Demand.peakOf(middle, Assumptions.USUAL) > peak) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    private Optional<Double> usual(Instant from, Instant until) {
        var most = halves(from, until)
                .map(this::average)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .max();
        return most.isPresent() ? Optional.of(most.getAsDouble()) : Optional.empty();
    }

    private OptionalDouble average(Instant half) {
        return LongStream.rangeClosed(1, 4)
                .mapToObj(weeks -> mostByHalfHour.get(half.minus(WEEK.multipliedBy(weeks))))
                .filter(Objects::nonNull)
                .mapToDouble(most -> most)
                .average();
    }

    private Optional<Double> seenBefore(Instant begin) {
        return halves(begin.minus(HOUR), begin.minusSeconds(1))
                .flatMap(half -> Stream.ofNullable(mostByHalfHour.get(half)))
                .max(Double::compare);
    }

    private static Stream<Instant> halves(Instant from, Instant until) {
        return Stream.iterate(halfHour(from), half -> !half.isAfter(until), half -> half.plus(HALF_HOUR));
    }
}
