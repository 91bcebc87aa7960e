package io.switchboard.config.validation;

import java.util.Locale;

/** Names of properties as Spring Boot's relaxed binding compares them. */
final class Names {

    private Names() {}

    /** Of one property however it is written: {@code maxWait}, {@code max-wait}, {@code max_wait}. */
    static String uniform(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    /** Of a name that may come from an environment variable, whose dots and brackets are underscores. */
    static String letters(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    /** Where a longer name's part in front of this place ends one of its elements. */
    static boolean isBoundary(String name, int at) {
        return at == name.length() || name.charAt(at) == '.' || name.charAt(at) == '[';
    }
}
