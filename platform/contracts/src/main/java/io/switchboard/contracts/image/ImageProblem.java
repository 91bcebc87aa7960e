package io.switchboard.contracts.image;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a request about images. */
public final class ImageProblem {

    public static final ProblemCode IMAGE_NOT_FOUND =
            new ProblemCode("IMAGE_NOT_FOUND", 404, "Push the image first, or correct the repository or the digest.");
    public static final ProblemCode VERSION_IMMUTABLE =
            new ProblemCode("VERSION_IMMUTABLE", 409, "Choose another version; what a version means is never changed.");
    public static final ProblemCode REGISTRY_ABSENT = new ProblemCode(
            "REGISTRY_ABSENT",
            503,
            "Have an operator install docker-registry (Debian: apt-get install docker-registry) and restart, or name a"
                    + " registry in 'image.registry'.");
    public static final ProblemCode REGISTRY_SILENT =
            new ProblemCode("REGISTRY_SILENT", 503, "Try again in a minute; if it lasts, look at the registry's log.");

    private ImageProblem() {}
}
