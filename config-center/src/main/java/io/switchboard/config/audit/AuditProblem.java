package io.switchboard.config.audit;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a question to the audit. */
final class AuditProblem {

    static final ProblemCode NO_AUDIT = new ProblemCode(
            "NO_AUDIT",
            409,
            "Have the operator give the config center a database (config.history.url); until then, its log says it.");

    private AuditProblem() {}
}
