package io.switchboard.config.validation;

import java.time.Duration;

/**
 * A text that is read for so long and no longer. A regular expression looks at its text again and again, so that one which would
 * take for ever ends here.
 */
final class TimedText implements CharSequence {

    private static final int LOOKS_BETWEEN = 1_024;

    private final String text;
    private final long end;
    private int looks;

    TimedText(String text, Duration atMost) {
        this(text, System.nanoTime() + atMost.toNanos());
    }

    /** @param end as {@link System#nanoTime} has it; several may share it */
    TimedText(String text, long end) {
        this.text = text;
        this.end = end;
    }

    /** It was read for long enough. */
    static final class OutOfTime extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private OutOfTime() {
            super("a regular expression took too long", null, false, false);
        }
    }

    @Override
    public char charAt(int index) {
        if (++looks % LOOKS_BETWEEN == 0 && System.nanoTime() - end > 0) {
            throw new OutOfTime();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return new TimedText(text.substring(from, to), end);
    }

    @Override
    public String toString() {
        return text;
    }
}
