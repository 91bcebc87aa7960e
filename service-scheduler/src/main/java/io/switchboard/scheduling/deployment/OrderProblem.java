package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.ProblemCode;
import io.switchboard.contracts.scheduling.DeploymentStatus;

/** Why an order that was accepted can't be carried out. */
enum OrderProblem implements ProblemCode {
    LOAD_TOO_LARGE(409, Fault.CALLER, "Order at most the load named in the message, or a larger plan."),
    INSTANCE_EXISTS(409, Fault.CALLER, "Order an EXTEND of the instance, or open one with another name."),
    INSTANCE_NOT_RUNNING(409, Fault.CALLER, "Open a new instance; this one has ended or was never opened."),
    INVALID_PLAN(500, Fault.PLATFORM, "Have an operator correct the plan in the catalog, then order again.");

    private final int status;
    private final Fault fault;
    private final String remedy;

    OrderProblem(int status, Fault fault, String remedy) {
        this.status = status;
        this.fault = fault;
        this.remedy = remedy;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Fault fault() {
        return fault;
    }

    @Override
    public String remedy() {
        return remedy;
    }

    DeploymentStatus.Refused refusal(String message) {
        return new DeploymentStatus.Refused(name(), message, remedy);
    }
}
