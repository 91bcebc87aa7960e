package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.problem.ProblemCode;
import io.switchboard.contracts.scheduling.DeploymentStatus;

/** Why an order that was accepted can't be carried out. */
final class OrderProblem {

    static final ProblemCode LOAD_TOO_LARGE =
            new ProblemCode("LOAD_TOO_LARGE", 409, "Order at most the load named in the message, or a larger plan.");
    static final ProblemCode NO_ROOM = new ProblemCode(
            "NO_ROOM", 409, "Order at most the load named in the message, or have an operator add nodes.");
    static final ProblemCode INSTANCE_EXISTS =
            new ProblemCode("INSTANCE_EXISTS", 409, "Order an EXTEND of the instance, or open one with another name.");
    static final ProblemCode INSTANCE_NOT_RUNNING = new ProblemCode(
            "INSTANCE_NOT_RUNNING", 409, "Open a new instance; this one has ended or was never opened.");
    static final ProblemCode ORDER_TOO_OLD = new ProblemCode(
            "ORDER_TOO_OLD", 409, "Order again if it is still wanted; it may have been carried out before.");
    static final ProblemCode INVALID_PLAN =
            new ProblemCode("INVALID_PLAN", 500, "Have an operator correct the plan in the catalog, then order again.");

    private OrderProblem() {}

    static DeploymentStatus.Refused refusal(ProblemCode code, String message) {
        return new DeploymentStatus.Refused(code.name(), message, code.remedy());
    }
}
