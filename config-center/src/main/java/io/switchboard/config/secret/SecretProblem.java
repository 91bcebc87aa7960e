package io.switchboard.config.secret;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with the keys of encrypted items. */
final class SecretProblem {

    static final ProblemCode NO_MASTER_KEY = new ProblemCode(
            "NO_MASTER_KEY",
            501,
            "Have the operator set 'config.secrets.master-keys' or 'config.secrets.master-key-file'.");
    static final ProblemCode MASTER_KEY_MISSING = new ProblemCode(
            "MASTER_KEY_MISSING",
            500,
            "Have the operator put that master key back behind the newer one, and leave it until all is sealed with the"
                    + " newer one.");

    static final ProblemCode ACCESS_KEY_IS_OLDER = new ProblemCode(
            "ACCESS_KEY_IS_OLDER", 409, "Choose a name that no valid key has; the newest one's is right too.");
    static final ProblemCode TOO_MANY_ACCESS_KEYS = new ProblemCode(
            "TOO_MANY_ACCESS_KEYS", 409, "Wait until one retires, or rotate to the newest one's name without overlap.");

    private SecretProblem() {}
}
