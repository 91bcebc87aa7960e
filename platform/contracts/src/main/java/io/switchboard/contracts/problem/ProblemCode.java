package io.switchboard.contracts.problem;

/**
 * One way to fail, as it goes over the wire (RFC 9457). Enums implement it; the constant's name is the {@code code}.
 */
public interface ProblemCode {

    /** The code that clients may switch on, in upper snake case; never renamed once released. */
    String name();

    /** The HTTP status, 400 to 599. */
    int status();

    Fault fault();

    /** One sentence, in the imperative, that tells the one whose turn it is what to do. */
    String remedy();
}
