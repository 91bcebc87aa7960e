package io.switchboard.request.tenant;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with tenants and their users. */
final class TenantProblem {

    static final ProblemCode USER_NAME_TAKEN = new ProblemCode(
            "USER_NAME_TAKEN",
            409,
            "Choose another name; people log in by it alone, so it is unique over all tenants.");

    private TenantProblem() {}
}
