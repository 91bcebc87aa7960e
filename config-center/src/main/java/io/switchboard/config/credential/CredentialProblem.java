package io.switchboard.config.credential;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a request about reader keys. */
final class CredentialProblem {

    static final ProblemCode NEWEST_READER_KEY = new ProblemCode(
            "NEWEST_READER_KEY", 409, "Issue another one first, and retire this one when no client uses it any more.");
    static final ProblemCode TOO_MANY_READER_KEYS =
            new ProblemCode("TOO_MANY_READER_KEYS", 409, "Retire the oldest one first.");

    static final ProblemCode READER_KEY_IS_OLDER = new ProblemCode(
            "READER_KEY_IS_OLDER", 409, "Choose a name that no valid key has; the newest one's is right too.");

    private CredentialProblem() {}
}
