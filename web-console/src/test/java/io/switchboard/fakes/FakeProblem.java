package io.switchboard.fakes;

import io.switchboard.contracts.problem.ProblemCode;

final class FakeProblem {

    static final ProblemCode NAME_TAKEN =
            new ProblemCode("NAME_TAKEN", 409, "Choose another name, or delete the instance that has it.");
    static final ProblemCode PARAMETERS_INVALID = new ProblemCode(
            "PARAMETERS_INVALID",
            422,
            "Correct the parameters named in 'errors'; the plan's schema is in the catalog.");
    static final ProblemCode DRAFT_CHANGED =
            new ProblemCode("DRAFT_CHANGED", 409, "Read the draft again, then decide.");
    static final ProblemCode NOTHING_TO_PUBLISH = new ProblemCode("NOTHING_TO_PUBLISH", 409, "Change an item first.");

    private FakeProblem() {}
}
