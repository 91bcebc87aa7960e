package io.switchboard.config.validation;

/**
 * A text that is read for so long and no longer. A regular expression looks at its text again and again, so that one which would
 * take for ever ends here.
 */
final class TimedText implements CharSequence {

    private static final int LOOKS_BETWEEN = 1_024;

    private final String text;
    private final Deadline deadline;
    private int looks;

    /** @param deadline several may share it */
    TimedText(String text, Deadline deadline) {
        this.text = text;
        this.deadline = deadline;
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
        if (++looks % LOOKS_BETWEEN == 0 && deadline.isOver()) {
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
        return new TimedText(text.substring(from, to), deadline);
    }

    @Override
    public String toString() {
        return text;
    }
}
