package io.switchboard.fakes;

import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.ProblemCode;

enum FakeProblem implements ProblemCode {
    NAME_TAKEN(409, "Choose another name, or delete the instance that has it."),
    PARAMETERS_INVALID(422, "Correct the parameters named in 'errors'; the plan's schema is in the catalog."),
    DRAFT_CHANGED(409, "Read the draft again, then decide."),
    NOTHING_TO_PUBLISH(409, "Change an item first.");

    private final int status;
    private final String remedy;

    FakeProblem(int status, String remedy) {
        this.status = status;
        this.remedy = remedy;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Fault fault() {
        return Fault.CALLER;
    }

    @Override
    public String remedy() {
        return remedy;
    }
}
