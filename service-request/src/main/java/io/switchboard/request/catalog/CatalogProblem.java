package io.switchboard.request.catalog;

import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a wish when it is held against the catalog. */
public enum CatalogProblem implements ProblemCode {
    UNKNOWN_SERVICE_TYPE(422, Fault.CALLER, "Choose one of the service types that GET /api/v1/catalog lists."),
    UNKNOWN_PLAN(422, Fault.CALLER, "Choose one of the plans that the catalog lists for this service type."),
    NO_IMAGE(
            409,
            Fault.CALLER,
            "Have an operator pin an image with PUT /api/v1/catalog/{serviceType}/image, or order another service type."),
    PARAMETERS_INVALID(
            422, Fault.CALLER, "Correct the parameters named in 'errors'; the plan's schema is in the catalog."),
    LOAD_TOO_LARGE(422, Fault.CALLER, "Order the plan or the load named in 'nearest'."),
    IMAGE_REFERENCE_INVALID(
            422,
            Fault.CALLER,
            "Send 'repository@sha256:' and 64 hexadecimal digits, or the bare name of a known program.");

    private final int status;
    private final Fault fault;
    private final String remedy;

    CatalogProblem(int status, Fault fault, String remedy) {
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
