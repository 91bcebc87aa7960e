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

    private SecretProblem() {}
}
