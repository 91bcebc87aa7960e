package io.switchboard.request.order;

import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with an order, beyond what the catalog says. */
enum OrderProblem implements ProblemCode {
    IDEMPOTENCY_KEY_INVALID(
            400,
            Fault.CALLER,
            "Send a header 'Idempotency-Key' of 1 to 128 visible ASCII characters, new for each order."),
    IDEMPOTENCY_KEY_REUSED(409, Fault.CALLER, "Use a new key for a new order; repeat a key only with the same body."),
    NAME_TAKEN(409, Fault.CALLER, "Choose another name, or delete the instance that has it."),
    INSTANCE_DELETING(409, Fault.CALLER, "Open a new instance; this one is on its way out."),
    INSTANCE_DELETED(409, Fault.CALLER, "Open a new instance; this one is gone.");

    private final int status;
    private final Fault fault;
    private final String remedy;

    OrderProblem(int status, Fault fault, String remedy) {
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
