package io.switchboard.config.namespace;

import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a request to the config center. */
enum ConfigProblem implements ProblemCode {
    INVALID_NAME(400, Fault.CALLER, "Use a name of the form that 'detail' describes."),
    TENANT_MISSING(400, Fault.CALLER, "Name the tenant with the parameter 'tenant'."),
    INVALID_KEY(
            400,
            Fault.CALLER,
            "Use letters, digits, dots, dashes, underscores and brackets, starting with a letter or digit, at most 255"
                    + " characters."),
    INVALID_VALUE(400, Fault.CALLER, "Send well-formed Unicode text."),
    ITEM_TOO_LARGE(400, Fault.CALLER, "Shorten the value, or store what is so large elsewhere and refer to it."),
    NAMESPACE_FULL(409, Fault.CALLER, "Take items out, or move some to another namespace."),
    TOO_MANY_NAMES(409, Fault.CALLER, "Use one of those that exist, or ask the operator to remove some."),
    STALE_REVISION(409, Fault.CALLER, "Read the namespace again, look at what changed, and repeat with its revision."),
    NOTHING_TO_PUBLISH(409, Fault.CALLER, "Change the draft first; what clients read is the same already.");

    private final int status;
    private final Fault fault;
    private final String remedy;

    ConfigProblem(int status, Fault fault, String remedy) {
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
