package io.switchboard.fakes;

import io.switchboard.contracts.problem.ProblemCode;

final class FakeProblem {

    static final ProblemCode NAME_TAKEN =
            new ProblemCode("NAME_TAKEN", 409, "Choose another name, or delete the instance that has it.");
    static final ProblemCode PARAMETERS_INVALID = new ProblemCode(
            "PARAMETERS_INVALID",
            422,
            "Correct the parameters named in 'errors'; the plan's schema is in the catalog.");
    static final ProblemCode STALE_REVISION =
            new ProblemCode("STALE_REVISION", 409, "Read the draft again, then decide.");
    static final ProblemCode FROZEN = new ProblemCode("FROZEN", 409, "Wait, or say why it can't wait.");
    static final ProblemCode DRAFT_UNFIT = new ProblemCode("DRAFT_UNFIT", 409, "Correct it, or say why it is right.");
    static final ProblemCode TAKEN_BACK = new ProblemCode("TAKEN_BACK", 409, "Correct it, or publish it again.");
    static final ProblemCode NOTHING_TO_PUBLISH = new ProblemCode("NOTHING_TO_PUBLISH", 409, "Change an item first.");

    static final ProblemCode RULES_IN_FORCE = new ProblemCode("RULES_IN_FORCE", 403, "Ask an operator.");

    static final ProblemCode NOTHING_UNDER_WAY =
            new ProblemCode("NOTHING_UNDER_WAY", 409, "Nothing is left to do; roll back to a revision by its number.");
    static final ProblemCode NOTHING_BEFORE =
            new ProblemCode("NOTHING_BEFORE", 409, "Delete the instance, or order another load.");
    static final ProblemCode NO_TRIAL = new ProblemCode("NO_TRIAL", 409, "Only a rollout with a canary is promoted.");
    static final ProblemCode UNKNOWN_REVISION =
            new ProblemCode("UNKNOWN_REVISION", 409, "Choose one of the revisions that are listed.");
    static final ProblemCode DEPENDENCY_MISSING = new ProblemCode(
            "DEPENDENCY_MISSING", 409, "Name instances that you have and that aren't being deleted, or leave it out.");

    private FakeProblem() {}
}
