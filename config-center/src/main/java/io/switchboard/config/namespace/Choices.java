package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Choice;
import io.switchboard.contracts.config.CanaryApi;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which clients a canary is for, as the API says it and as clients read it. */
final class Choices {

    private Choices() {}

    /** @throws Problem {@link RequestProblem#INVALID_REQUEST} unless exactly one way to choose is there */
    static Choice of(CanaryApi.Choice choice) {
        long ways = Stream.of(choice.instances(), choice.label(), choice.percent())
                .filter(Objects::nonNull)
                .count();
        if (ways != 1) {
            throw RequestProblem.invalid("choice", "must be one of instances, label and percent");
        }
        if (choice.instances() != null) {
            return new Choice.Instances(new TreeSet<>(choice.instances()));
        }
        if (choice.label() != null) {
            int equals = choice.label().indexOf('=');
            if (equals < 1) {
                throw RequestProblem.invalid("choice.label", "must have the form name=value");
            }
            return new Choice.Label(
                    choice.label().substring(0, equals), choice.label().substring(equals + 1));
        }
        return new Choice.Percent(Objects.requireNonNull(choice.percent()));
    }

    /** Whether all that are chosen after it were chosen before it, however clients come and go. */
    static boolean narrows(Choice before, Choice after) {
        if (before instanceof Choice.Percent was && after instanceof Choice.Percent is) {
            return is.percent() <= was.percent();
        }
        return before instanceof Choice.Instances were
                && after instanceof Choice.Instances are
                && were.names().containsAll(are.names());
    }
}
