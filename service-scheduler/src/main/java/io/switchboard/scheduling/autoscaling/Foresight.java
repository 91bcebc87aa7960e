package io.switchboard.scheduling.autoscaling;

import io.switchboard.capacity.demand.Assumptions;
import io.switchboard.capacity.demand.DayShape;
import io.switchboard.capacity.demand.Demand;
import io.switchboard.capacity.scaling.Expected;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
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
    private static final int WEEKS = 4;

    /** Half-hours whose calls are worth knowing for a decision then, by their begins. */
    static Set<Instant> halfHours(Instant now, Duration lead) {
        var begin = halfHour(now);
        return Stream.concat(
                        halves(begin.minus(HOUR), begin.minusSeconds(1)),
                        halves(begin, now.plus(lead)).flatMap(Foresight::weeksBefore))
                .collect(Collectors.toSet());
    }

    static Instant halfHour(Instant at) {
        return Instant.ofEpochSecond(at.getEpochSecond() - Math.floorMod(at.getEpochSecond(), HALF_HOUR.toSeconds()));
    }

    private static Stream<Instant> weeksBefore(Instant half) {
        return Stream.iterate(half.minus(WEEK), before -> before.minus(WEEK)).limit(WEEKS);
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
        double factor = halves(from, until)
                .mapToDouble(
                        half -> shape.factors().get(index(half, shape.factors().size())))
                .max()
                .orElse(0);
        return factor == 0 ? 0 : Demand.peakOf(Demand.meanOf(busiest, Assumptions.USUAL) * factor, Assumptions.USUAL);
    }

    /** Half-hours of the wall clock there, from midnight, of Monday for a week. */
    private int index(Instant half, int size) {
        var there = half.atZone(autoscaling.timeZone());
        int week = (there.getDayOfWeek().getValue() - 1) * 48 + there.getHour() * 2 + there.getMinute() / 30;
        return week % size;
    }

    private Optional<Double> usual(Instant from, Instant until) {
        return halves(from, until)
                .flatMap(half -> average(half).stream().boxed())
                .max(Double::compare);
    }

    private OptionalDouble average(Instant half) {
        return weeksBefore(half)
                .flatMap(before -> Stream.ofNullable(mostByHalfHour.get(before)))
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
