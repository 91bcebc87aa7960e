package io.switchboard.config.ensemble;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with what ZooKeeper holds. */
final class EnsembleProblem {

    static final ProblemCode UNREADABLE_DOCUMENT = new ProblemCode(
            "UNREADABLE_DOCUMENT",
            409,
            "Have an operator look at the node that 'detail' names, and put back what it held, or delete it.");

    private EnsembleProblem() {}
}
