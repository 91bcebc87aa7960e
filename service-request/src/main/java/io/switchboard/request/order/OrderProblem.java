package io.switchboard.request.order;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with an order, beyond what the catalog says. */
final class OrderProblem {

    static final ProblemCode IDEMPOTENCY_KEY_INVALID = new ProblemCode(
            "IDEMPOTENCY_KEY_INVALID",
            400,
            "Send a header 'Idempotency-Key' of 1 to 128 visible ASCII characters, new for each order.");
    static final ProblemCode IDEMPOTENCY_KEY_REUSED = new ProblemCode(
            "IDEMPOTENCY_KEY_REUSED", 409, "Use a new key for a new order; repeat a key only with the same body.");
    static final ProblemCode IDEMPOTENCY_KEY_SPENT =
            new ProblemCode("IDEMPOTENCY_KEY_SPENT", 409, "Use a new key for a new order.");
    static final ProblemCode NAME_TAKEN =
            new ProblemCode("NAME_TAKEN", 409, "Choose another name, or delete the instance that has it.");
    static final ProblemCode INSTANCE_DELETING =
            new ProblemCode("INSTANCE_DELETING", 409, "Open a new instance; this one is on its way out.");
    static final ProblemCode INSTANCE_DELETED =
            new ProblemCode("INSTANCE_DELETED", 409, "Open a new instance; this one is gone.");
    static final ProblemCode DEPENDENCY_MISSING = new ProblemCode(
            "DEPENDENCY_MISSING", 409, "Name instances that you have and that aren't being deleted, or leave it out.");

    private OrderProblem() {}
}
