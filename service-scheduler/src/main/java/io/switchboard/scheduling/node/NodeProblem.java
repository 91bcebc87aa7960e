package io.switchboard.scheduling.node;

import io.switchboard.contracts.problem.ProblemCode;

/** Why a node can't be drained. */
final class NodeProblem {

    static final ProblemCode NODE_NEEDED = new ProblemCode(
            "NODE_NEEDED", 409, "Stop the platform for the maintenance of its only node; it goes on afterwards.");

    private NodeProblem() {}
}
