package io.switchboard.config.validation;

import java.util.Set;
import java.util.TreeSet;

/** Names that a value refers to as <code>${name}</code>, without a default of their own. */
final class References {

    private static final String START = "${";

    private References() {}

    /** Ordered. What is escaped, or never closed, is text. */
    static Set<String> of(String text) {
        Set<String> names = new TreeSet<>();
        add(text, names);
        return names;
    }

    static boolean isIn(String text) {
        return text.contains(START);
    }

    private static void add(String text, Set<String> names) {
        int start = text.indexOf(START);
        while (start >= 0) {
            int end = end(text, start + START.length());
            if (end < 0) {
                return;
            }
            if (start == 0 || text.charAt(start - 1) != '\\') {
                addOne(text.substring(start + START.length(), end), names);
            }
            start = text.indexOf(START, end);
        }
    }

    /** @param content between the braces */
    private static void addOne(String content, Set<String> names) {
        int colon = content.indexOf(':');
        int nested = content.indexOf(START);
        if (nested >= 0 && (colon < 0 || nested < colon)) {
            // A name made of others: which it is, only the application knows.
            add(content, names);
        } else if (colon >= 0) {
            add(content.substring(colon + 1), names);
        } else if (!content.isBlank()) {
            names.add(content.strip());
        }
    }

    /** Of the brace that closes what begins here; -1 if none does. */
    private static int end(String text, int from) {
        int open = 1;
        for (int at = from; at < text.length(); at++) {
            if (text.startsWith(START, at)) {
                open++;
            } else if (text.charAt(at) == '}' && --open == 0) {
                return at;
            }
        }
        return -1;
    }
}
