package io.switchboard.config.namespace;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a request to the config center. */
final class ConfigProblem {

    static final ProblemCode INVALID_NAME =
            new ProblemCode("INVALID_NAME", 400, "Use a name of the form that 'detail' describes.");
    static final ProblemCode TENANT_MISSING =
            new ProblemCode("TENANT_MISSING", 400, "Name the tenant with the parameter 'tenant'.");
    static final ProblemCode INVALID_KEY = new ProblemCode(
            "INVALID_KEY",
            400,
            "Use letters, digits, dots, dashes, underscores and brackets, starting with a letter or digit, at most 255"
                    + " characters.");
    static final ProblemCode INVALID_VALUE = new ProblemCode("INVALID_VALUE", 400, "Send well-formed Unicode text.");
    static final ProblemCode ITEM_TOO_LARGE = new ProblemCode(
            "ITEM_TOO_LARGE", 400, "Shorten the value, or store what is so large elsewhere and refer to it.");
    static final ProblemCode NAMESPACE_FULL =
            new ProblemCode("NAMESPACE_FULL", 409, "Take items out, or move some to another namespace.");
    static final ProblemCode TOO_MANY_NAMES =
            new ProblemCode("TOO_MANY_NAMES", 409, "Use one of those that exist, or ask the operator to remove some.");
    static final ProblemCode STALE_REVISION = new ProblemCode(
            "STALE_REVISION", 409, "Read the namespace again, look at what changed, and repeat with its revision.");
    static final ProblemCode STALE_RELEASE = new ProblemCode(
            "STALE_RELEASE", 409, "Look at the release that is in effect now, and repeat with its number.");
    static final ProblemCode TOO_LARGE_TOGETHER =
            new ProblemCode("TOO_LARGE_TOGETHER", 409, "Publish the large ones by themselves.");
    static final ProblemCode INVALID_POINT = new ProblemCode(
            "INVALID_POINT", 400, "Name a release by its number, or use 'draft', 'current' or 'empty'.");
    static final ProblemCode NOTHING_TO_PUBLISH = new ProblemCode(
            "NOTHING_TO_PUBLISH", 409, "Change the draft first; what clients read is the same already.");

    private ConfigProblem() {}
}
