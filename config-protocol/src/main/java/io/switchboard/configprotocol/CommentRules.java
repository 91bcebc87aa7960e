package io.switchboard.configprotocol;

import java.util.regex.Pattern;

/** What the comment of an item may be. */
public final class CommentRules {

    /** In characters. */
    public static final int LONGEST = 1_000;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n]]");

    private CommentRules() {}

    /** How many characters it has, however many units of UTF-16 each takes. */
    public static int length(String comment) {
        return comment.codePointCount(0, comment.length());
    }

    public static boolean isTooLong(String comment) {
        return length(comment) > LONGEST;
    }

    /** Whether there is none but line feeds. */
    public static boolean isWithoutControls(String comment) {
        return !CONTROL.matcher(comment).find();
    }

    /** With a space in place of each that it may not have. */
    public static String withoutControls(String comment) {
        return CONTROL.matcher(comment).replaceAll(" ");
    }
}
