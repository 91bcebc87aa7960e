package io.switchboard.config.ensemble;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with what ZooKeeper holds. */
final class EnsembleProblem {

    static final ProblemCode UNREADABLE_DOCUMENT = new ProblemCode(
            "UNREADABLE_DOCUMENT",
            409,
            "Have an operator look at the node that 'detail' names, and put back what it held, or delete it.");

    static final ProblemCode RESTORE_UNDER_WAY = new ProblemCode(
            "RESTORE_UNDER_WAY",
            503,
            "Wait as long as 'Retry-After' says, then repeat the call; have an operator repeat a restore that was cut off.");

    static final ProblemCode RESTORE_CUT_OFF =
            new ProblemCode("RESTORE_CUT_OFF", 409, "Repeat the restore, unless somebody else has begun one.");

    private EnsembleProblem() {}
}
