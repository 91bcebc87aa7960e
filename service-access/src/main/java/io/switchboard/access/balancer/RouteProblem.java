package io.switchboard.access.balancer;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a call about routes. */
public final class RouteProblem {

    public static final ProblemCode NO_BALANCER = new ProblemCode(
            "NO_BALANCER", 409, "Run the platform with etcd and HAProxy, or see to it in the service itself.");

    private RouteProblem() {}
}
