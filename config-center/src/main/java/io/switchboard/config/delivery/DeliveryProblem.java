package io.switchboard.config.delivery;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a request for releases. */
final class DeliveryProblem {

    static final ProblemCode ACCESS_REFUSED = new ProblemCode(
            "ACCESS_REFUSED",
            401,
            "Send the user and secret that the application was given (SWITCHBOARD_CONFIG_USER and"
                    + " SWITCHBOARD_CONFIG_SECRET) as HTTP Basic.");

    static final ProblemCode TOO_MANY_REPORTS = new ProblemCode(
            "TOO_MANY_REPORTS",
            429,
            "Have each client report under one name for as long as it runs, and repeat the call in two minutes.");

    private DeliveryProblem() {}
}
