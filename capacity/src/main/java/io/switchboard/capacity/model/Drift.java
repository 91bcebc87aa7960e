package io.switchboard.capacity.model;

/**
 * Whether use has left what a model expects, for good: the two-sided cumulative sum of Page ("Continuous inspection
 * schemes", 1954) over relative residuals, use over expected use, less one.
 *
 * <p>Residuals within the {@link #SLACK} leave it at rest; above, each adds what exceeds the slack. With minutes whose means
 * scatter by 7 % a false alarm is rarer than one in ten years; a lasting change by 20 % is noticed within nine minutes.
 *
 * @param above what residuals above the slack have added up to, 0 or more
 * @param below likewise for those below
 */
public record Drift(double above, double below) {

    /** A relative change that is none. */
    static final double SLACK = 0.03;

    private static final double ALARM = 1.5;

    /** One minute must not raise the alarm alone, whatever it saw. */
    private static final double MOST_AT_ONCE = 0.5;

    public static final Drift NONE = new Drift(0, 0);

    public enum Direction {
        NONE,
        UP,
        DOWN
    }

    /** With one more residual; what is no number changes nothing. */
    public Drift with(double residual) {
        if (Double.isNaN(residual)) {
            return this;
        }
        double step = Math.clamp(residual, -MOST_AT_ONCE, MOST_AT_ONCE);
        return new Drift(Math.max(0, above + step - SLACK), Math.max(0, below - step - SLACK));
    }

    public Direction direction() {
        if (above > ALARM) {
            return Direction.UP;
        }
        return below > ALARM ? Direction.DOWN : Direction.NONE;
    }
}
