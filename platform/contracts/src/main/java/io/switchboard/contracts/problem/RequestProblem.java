package io.switchboard.contracts.problem;

/** What can be wrong with any request to any service. */
public enum RequestProblem implements ProblemCode {
    MALFORMED_BODY(400, Fault.CALLER, "Send a body that is well-formed JSON."),
    INVALID_REQUEST(400, Fault.CALLER, "Correct the fields named in 'errors' and send the request again."),
    UNKNOWN_FIELD(400, Fault.CALLER, "Remove the field, or correct its spelling."),
    UNAUTHENTICATED(401, Fault.CALLER, "Get an access token from the issuer and send it as 'Authorization: Bearer'."),
    FORBIDDEN(403, Fault.CALLER, "Use a credential with the role that this call needs."),
    NOT_FOUND(404, Fault.CALLER, "Check the address and the id; what another tenant owns is not found either."),
    METHOD_NOT_ALLOWED(405, Fault.CALLER, "Use one of the methods in the 'Allow' header."),
    NOT_ACCEPTABLE(406, Fault.CALLER, "Accept 'application/json'."),
    CONFLICT(409, Fault.CALLER, "Read the current state, then decide again."),
    BODY_TOO_LARGE(413, Fault.CALLER, "Send a smaller body; the limit is named in 'detail'."),
    UNSUPPORTED_MEDIA_TYPE(415, Fault.CALLER, "Send 'Content-Type: application/json'."),
    TOO_MANY_REQUESTS(429, Fault.BUSY, "Wait as long as 'Retry-After' says, then repeat the call."),
    UNAVAILABLE(503, Fault.BUSY, "Wait as long as 'Retry-After' says, then repeat the same call."),
    DEFECT(500, Fault.PLATFORM, "Report the request id to the operator of this platform.");

    private final int status;
    private final Fault fault;
    private final String remedy;

    RequestProblem(int status, Fault fault, String remedy) {
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
