package io.switchboard.request.tenant;

import io.switchboard.contracts.problem.RequestProblem;
import java.util.regex.Pattern;

/** The forms of names and labels that come as path or query parameters, or that the body's own rules leave too open. */
final class Names {

    private static final Pattern TENANT = Pattern.compile("[a-z]([a-z0-9-]{0,29}[a-z0-9])?");
    private static final Pattern USER = Pattern.compile("[a-z][a-z0-9._-]{0,62}");
    private static final Pattern KEY_ID = Pattern.compile("sbk-[0-9a-f]{1,64}");
    private static final Pattern LABEL = Pattern.compile("[^\\p{Cntrl}]{1,100}");

    private Names() {}

    static String tenant(String name) {
        return checked(
                TENANT,
                "tenant",
                name,
                "must be lower-case letters, digits and dashes, start with a letter, end with a letter or digit, and have at most 31 characters");
    }

    static String user(String name) {
        return checked(
                USER,
                "name",
                name,
                "must be lower-case letters, digits, dots, dashes and underscores, start with a letter, and have at most 63 characters");
    }

    static String label(String field, String label) {
        return checked(LABEL, field, label, "must be 1 to 100 characters without control characters");
    }

    static String keyId(String id) {
        return checked(KEY_ID, "id", id, "must be an API key's id");
    }

    private static String checked(Pattern pattern, String field, String value, String rule) {
        if (!pattern.matcher(value).matches()) {
            throw RequestProblem.invalid(field, rule);
        }
        return value;
    }
}
