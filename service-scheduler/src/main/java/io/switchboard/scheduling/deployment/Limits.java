package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import org.jspecify.annotations.Nullable;

/** How much may be asked for at once. */
public final class Limits {

    private static final int MOST = 1_000;

    private Limits() {}

    /** @throws Problem {@link RequestProblem#INVALID_REQUEST} naming the parameter */
    public static int entries(String parameter, @Nullable Integer asked, int usual) {
        return RequestProblem.entries(parameter, asked, usual, MOST);
    }
}
