package io.switchboard.access.balancer.haproxy;

import io.switchboard.contracts.problem.ProblemCode;

/** What the balancer answers in place of a task. */
final class BalancerProblem {

    static final ProblemCode NO_ROUTE = new ProblemCode(
            "NO_ROUTE",
            404,
            "Check the address with the instance's owner; a new one answers once its order is fulfilled.");
    static final ProblemCode PATH_AMBIGUOUS = new ProblemCode(
            "PATH_AMBIGUOUS",
            400,
            "Write the path plainly: without encoded letters, empty segments, steps up, or parameters in its first segments.");
    static final ProblemCode NO_TASK_READY =
            new ProblemCode("NO_TASK_READY", 503, "Wait a few seconds, then repeat the call.");
    static final ProblemCode TASK_FAILED =
            new ProblemCode("TASK_FAILED", 502, "Repeat the call if it may be carried out twice.");
    static final ProblemCode TASK_SILENT =
            new ProblemCode("TASK_SILENT", 504, "Repeat the call if it may be carried out twice.");

    static final ProblemCode CALLER_NOT_ALLOWED = new ProblemCode(
            "CALLER_NOT_ALLOWED", 403, "Call from a network that the instance's owner has allowed, or ask for yours.");
    static final ProblemCode LIMIT_REACHED =
            new ProblemCode("LIMIT_REACHED", 429, "Wait a few seconds, then repeat the call, and call less often.");

    private BalancerProblem() {}
}
