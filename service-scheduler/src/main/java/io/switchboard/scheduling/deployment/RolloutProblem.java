package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.ProblemCode;

/** Why an intervention can't have its way. */
public final class RolloutProblem {

    static final ProblemCode NOT_RUNNING =
            new ProblemCode("NOT_RUNNING", 409, "Open a new instance; this one is being deleted.");
    static final ProblemCode NOTHING_UNDER_WAY =
            new ProblemCode("NOTHING_UNDER_WAY", 409, "Nothing is left to do; roll back to a revision by its number.");
    static final ProblemCode NOTHING_BEFORE = new ProblemCode(
            "NOTHING_BEFORE", 409, "Let it go on; then order another load, or roll back to a revision by its number.");
    static final ProblemCode NO_TRIAL = new ProblemCode("NO_TRIAL", 409, "Only a rollout with a canary is promoted.");
    static final ProblemCode TRIAL_UNDER_WAY = new ProblemCode(
            "TRIAL_UNDER_WAY", 409, "Wait for the trial's end, promote it or abort it; then repeat the call.");
    public static final ProblemCode UNKNOWN_REVISION =
            new ProblemCode("UNKNOWN_REVISION", 409, "Choose one of the revisions that are listed.");
    static final ProblemCode OVERTAKEN =
            new ProblemCode("OVERTAKEN", 503, "Repeat the call; others changed the deployment at the same time.");
    static final ProblemCode NO_LOGS =
            new ProblemCode("NO_LOGS", 409, "Read the logs where the engine's nodes keep them.");

    private RolloutProblem() {}

    /** @throws Problem {@link #NOT_RUNNING}, unless the instance is there to stay */
    public static void refuseUnlessRunning(Deployment deployment) {
        if (deployment.goal() != Goal.RUN) {
            throw new Problem(
                    NOT_RUNNING,
                    "Instance '%s' is on its way out."
                            .formatted(deployment.instance().name()));
        }
    }
}
