package io.switchboard.config.audit;

import io.switchboard.contracts.config.AuditApi.Outcome;
import org.jspecify.annotations.Nullable;

/** How a call ended. */
record Result(Outcome outcome, int status, @Nullable String code) {

    /** @param code of the problem that was the answer */
    static Result of(int status, @Nullable String code) {
        if (status >= 500) {
            return new Result(Outcome.FAILED, status, code);
        }
        return status >= 400 ? new Result(Outcome.REFUSED, status, code) : new Result(Outcome.DONE, status, null);
    }
}
