package io.switchboard.contracts.image;

import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a request about images. */
public enum ImageProblem implements ProblemCode {
    IMAGE_NOT_FOUND(404, Fault.CALLER, "Push the image first, or correct the repository or the digest."),
    VERSION_IMMUTABLE(409, Fault.CALLER, "Choose another version; what a version means is never changed."),
    REGISTRY_ABSENT(
            503,
            Fault.BUSY,
            "Have an operator install docker-registry (Debian: apt-get install docker-registry) and restart, or name a"
                    + " registry in 'image.registry'."),
    REGISTRY_SILENT(503, Fault.BUSY, "Try again in a minute; if it lasts, look at the registry's log.");

    private final int status;
    private final Fault fault;
    private final String remedy;

    ImageProblem(int status, Fault fault, String remedy) {
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
