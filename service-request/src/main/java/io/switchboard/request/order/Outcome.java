package io.switchboard.request.order;

import io.switchboard.contracts.ordering.OrderView;
import io.switchboard.contracts.problem.Problem;
import java.util.UUID;

/** What became of a draft. */
sealed interface Outcome {

    /** It is durable now. */
    record Accepted(OrderView order) implements Outcome {}

    /** It was there already under the same key. */
    record Repeated(UUID orderId) implements Outcome {}

    /** It is not there; the problem says why. */
    record Refused(Problem problem) implements Outcome {}
}
