package io.switchboard.request.tenant;

import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with tenants and their users. */
enum TenantProblem implements ProblemCode {
    USER_NAME_TAKEN(
            409, Fault.CALLER, "Choose another name; people log in by it alone, so it is unique over all tenants.");

    private final int status;
    private final Fault fault;
    private final String remedy;

    TenantProblem(int status, Fault fault, String remedy) {
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
}
