package io.switchboard.scheduling.capacity;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with plans, models and samples. */
final class CapacityProblem {

    static final ProblemCode LOAD_TOO_LARGE =
            new ProblemCode("LOAD_TOO_LARGE", 409, "Ask for at most the load named in 'nearest', or allow more tasks.");
    static final ProblemCode NO_ROOM = new ProblemCode(
            "NO_ROOM", 409, "Ask for at most the load named in 'nearest', or have an operator add nodes.");
    static final ProblemCode NO_MODEL = new ProblemCode(
            "NO_MODEL", 409, "Name a kind of work that has a model: GET /api/v1/capacity/models?inForce=true.");
    static final ProblemCode SAMPLES_UNREADABLE = new ProblemCode(
            "SAMPLES_UNREADABLE",
            400,
            "Send rows with the column 'service' and at least one of 'cpu_cores_used', 'mem_bytes', 'net_rx_bytes_s',"
                    + " 'net_tx_bytes_s', 'rec_bytes_s'.");
    static final ProblemCode NOTHING_TO_FIT = new ProblemCode(
            "NOTHING_TO_FIT",
            400,
            "Send steady seconds of a task that used something; 'rejected' says what was put aside.");
    static final ProblemCode MODELS_DIFFER =
            new ProblemCode("MODELS_DIFFER", 409, "Compare two versions of the same service and mode.");
    static final ProblemCode MODEL_INCOMPLETE = new ProblemCode(
            "MODEL_INCOMPLETE", 409, "Activate a version that models both cpu and mem, or one for an image.");
    static final ProblemCode MODEL_NOT_IN_FORCE = new ProblemCode(
            "MODEL_NOT_IN_FORCE",
            409,
            "Revert the version that is in force: GET /api/v1/capacity/models?inForce=true.");
    static final ProblemCode NOTHING_BEFORE = new ProblemCode(
            "NOTHING_BEFORE", 409, "Activate another version instead; without this one there would be no model.");

    private CapacityProblem() {}
}
