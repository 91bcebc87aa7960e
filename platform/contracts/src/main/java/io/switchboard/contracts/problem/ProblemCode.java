package io.switchboard.contracts.problem;

import java.util.Locale;

/**
 * One way to fail, as it goes over the wire (RFC 9457). Each service keeps its own as constants of a class whose name
 * ends in {@code Problem}; from these the reference lists them.
 *
 * @param name the {@code code} that clients may switch on, in upper snake case; never renamed once released
 * @param status the HTTP status, 400 to 599
 * @param remedy one sentence, in the imperative, that tells the one whose turn it is what to do
 */
public record ProblemCode(String name, int status, String remedy) {

    public ProblemCode {
        if (!name.matches("[A-Z][A-Z0-9_]*")) {
            throw new IllegalArgumentException("name must be in upper snake case but was " + name);
        }
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be 400 to 599 but was " + status);
        }
    }

    /** {@code NAME_TAKEN} reads "Name taken". */
    public String title() {
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Whose turn it is; the status says so. */
    public Fault fault() {
        return switch (status) {
            case 429, 502, 503, 504 -> Fault.BUSY;
            default -> status < 500 ? Fault.CALLER : Fault.PLATFORM;
        };
    }
}
