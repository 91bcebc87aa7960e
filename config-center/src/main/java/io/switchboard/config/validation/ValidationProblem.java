package io.switchboard.config.validation;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a schema. */
public final class ValidationProblem {

    public static final ProblemCode INVALID_SCHEMA = new ProblemCode(
            "INVALID_SCHEMA",
            400,
            "Send a JSON schema of draft 2020-12, 2019-09 or 07 that refers to nothing outside of it.");

    public static final ProblemCode NO_DOCUMENT =
            new ProblemCode("NO_DOCUMENT", 409, "Use a namespace whose name ends in '.yaml' or '.json'.");

    private ValidationProblem() {}
}
