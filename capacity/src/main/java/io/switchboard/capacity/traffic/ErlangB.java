package io.switchboard.capacity.traffic;

/**
 * Loss without waiting (M/M/n/n): the share of calls that find all lines busy.
 *
 * <p>Uses the recursion {@code B(0) = 1, B(k) = A·B(k−1) / (k + A·B(k−1))}, which adds and multiplies positive numbers of
 * at most 1 only, so it neither overflows nor cancels for any traffic (Erlang 1917; recursion: Jagerman 1974).
 */
public final class ErlangB {

    private ErlangB() {}

    /**
     * The share of calls lost, 0 to 1.
     *
     * @param lines 0 or more
     * @param erlangs offered traffic, 0 or more
     */
    public static double blocking(int lines, double erlangs) {
        Traffic.erlangs(erlangs);
        if (lines < 0) {
            throw new IllegalArgumentException("lines must not be negative but was " + lines);
        }
        double blocking = 1;
        for (int line = 1; line <= lines; line++) {
            blocking = next(blocking, line, erlangs);
        }
        return blocking;
    }

    /** The fewest lines with at most this share of calls lost; none without traffic. */
    public static int lines(double erlangs, double mostBlocking) {
        Traffic.erlangs(erlangs);
        Traffic.probability("mostBlocking", mostBlocking);
        double blocking = erlangs == 0 ? 0 : 1;
        int lines = 0;
        while (blocking > mostBlocking) {
            blocking = next(blocking, ++lines, erlangs);
        }
        return lines;
    }

    /** The traffic in erlangs that this many lines carry with exactly this share of calls lost. */
    public static double erlangs(int lines, double blocking) {
        Traffic.servers("lines", lines);
        Traffic.probability("blocking", blocking);
        // Lost at most: A·B <= A, and A − n <= A·B, so A <= n / (1 − B).
        double low = 0;
        double high = lines / (1 - blocking);
        while (high - low > 1e-12 * high) {
            double middle = (low + high) / 2;
            if (middle <= low || middle >= high) {
                break;
            }
            if (blocking(lines, middle) < blocking) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /**
     * The fresh traffic in erlangs that this many lines carry at this blocking when a share of the blocked calls tries
     * again at once (extended Erlang B): what the lines see is {@code fresh / (1 − blocking·retries)}.
     *
     * @param retries share of blocked calls that try again, 0 to 1
     */
    public static double freshErlangs(int lines, double blocking, double retries) {
        Traffic.share("retries", retries);
        return erlangs(lines, blocking) * (1 - blocking * retries);
    }

    /** One more line: from {@code B(line − 1)} to {@code B(line)}. */
    static double next(double blocking, int line, double erlangs) {
        double lost = erlangs * blocking;
        return lost / (line + lost);
    }
}
