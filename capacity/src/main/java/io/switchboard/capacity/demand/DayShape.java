package io.switchboard.capacity.demand;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How traffic spreads over time: one factor per half-hour, relative to the busiest half-hour.
 *
 * @param factors 48 for a day or 336 for a week, each 0 to 1, the largest 1
 */
public record DayShape(List<Double> factors) {

    private static final int DAY = 48;

    /** A weekday with office hours from eight to six, busiest at half past ten and three, quieter at noon. */
    public static final DayShape OFFICE = hours(
            0, 0, 0, 0, 0, 0, 0.02, 0.08, 0.35, 0.75, 1.0, 0.92, 0.7, 0.72, 0.9, 0.95, 0.85, 0.55, 0.2, 0.08, 0.03, 0,
            0, 0);

    /** The same traffic around the clock. */
    public static final DayShape FLAT =
            new DayShape(DoubleStream.generate(() -> 1).limit(DAY).boxed().toList());

    public DayShape {
        factors = List.copyOf(factors);
        if (factors.size() != DAY && factors.size() != 7 * DAY) {
            throw new IllegalArgumentException("factors must be 48 or 336 half-hours but were " + factors.size());
        }
        factors.forEach(factor -> Assumptions.within("each factor", factor, 0, 1));
        if (factors.stream().noneMatch(factor -> factor == 1)) {
            throw new IllegalArgumentException("the busiest half-hour must have factor 1");
        }
    }

    /** A week from one day: Monday a tenth busier than the rest, Saturday and Sunday by their own factors. */
    public DayShape week(double saturday, double sunday) {
        Assumptions.within("saturday", saturday, 0, 1);
        Assumptions.within("sunday", sunday, 0, 1);
        double[] days = {1, 0.91, 0.91, 0.91, 0.91, saturday, sunday};
        return new DayShape(Arrays.stream(days)
                .boxed()
                .flatMap(day -> factors.stream().limit(DAY).map(factor -> day * factor))
                .toList());
    }

    private static DayShape hours(double... hours) {
        return new DayShape(Arrays.stream(hours)
                .boxed()
                .flatMap(hour -> List.of(hour, hour).stream())
                .toList());
    }
}
