package io.switchboard.request.catalog;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a wish when it is held against the catalog. */
public final class CatalogProblem {

    public static final ProblemCode UNKNOWN_SERVICE_TYPE = new ProblemCode(
            "UNKNOWN_SERVICE_TYPE", 422, "Choose one of the service types that GET /api/v1/catalog lists.");
    public static final ProblemCode UNKNOWN_PLAN = new ProblemCode(
            "UNKNOWN_PLAN", 422, "Choose one of the plans that the catalog lists for this service type.");
    public static final ProblemCode NO_IMAGE = new ProblemCode(
            "NO_IMAGE",
            409,
            "Have an operator pin an image with PUT /api/v1/catalog/{serviceType}/image, or order another service type.");
    public static final ProblemCode PARAMETERS_INVALID = new ProblemCode(
            "PARAMETERS_INVALID",
            422,
            "Correct the parameters named in 'errors'; the plan's schema is in the catalog.");
    public static final ProblemCode LOAD_TOO_LARGE = new ProblemCode(
            "LOAD_TOO_LARGE",
            422,
            "Order at most the load named in 'nearest', or open an instance of the plan named there.");
    public static final ProblemCode IMAGE_REFERENCE_INVALID = new ProblemCode(
            "IMAGE_REFERENCE_INVALID",
            422,
            "Send 'repository@sha256:' and 64 hexadecimal digits, the bare name of a known program, or the reference that"
                    + " the settings name.");

    private CatalogProblem() {}
}
