package io.switchboard.configprotocol;

/**
 * What a value must keep to, beside its type; as an application's {@code jakarta.validation} annotations say.
 *
 * @param bound a decimal number, a duration (ISO 8601) or a regular expression, as the kind has it; empty where there is none
 */
public record Constraint(Kind kind, String bound) {

    public enum Kind {
        /** At least that number or duration. */
        MIN,
        /** At most that number or duration. */
        MAX,
        /** More than that number or duration. */
        ABOVE,
        /** Less than that number or duration. */
        BELOW,
        /** At least so many characters. */
        SHORTEST,
        /** At most so many characters. */
        LONGEST,
        /** Something beside white space. */
        NOT_BLANK,
        /** Matches that regular expression as a whole. */
        PATTERN,
        /** Must be given. */
        REQUIRED
    }
}
