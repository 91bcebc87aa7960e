package io.switchboard.access.domain;

import io.switchboard.access.domain.Challenge.Proof;
import io.switchboard.access.route.Domain;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Domains.What;
import java.time.Duration;
import java.time.Instant;

/** What follows for a domain from a look into DNS. */
sealed interface Verdict {

    record AsItWas() implements Verdict {}

    record Becomes(Domain domain, What what) implements Verdict {}

    record Ends(What what) implements Verdict {}

    /** @param patience with claims of which nothing is shown */
    static Verdict of(Domain domain, Proof proof, Instant now, Duration grace, Duration patience) {
        return switch (proof) {
            // No answer is no evidence, however long it lasts.
            case Proof.Unknown unknown -> new AsItWas();
            case Proof.Shown shown -> shown(domain, now);
            case Proof.Lacking lacking ->
                domain.verified()
                        ? missing(domain, now, grace)
                        : domain.claimedAt().plus(patience).isBefore(now) ? new Ends(What.EXPIRED) : new AsItWas();
        };
    }

    private static Verdict shown(Domain domain, Instant now) {
        if (!domain.verified()) {
            return new Becomes(domain.verified(now), What.VERIFIED);
        }
        return domain.missingSince() == null ? new AsItWas() : new Becomes(domain.shownAgain(), What.RECORD_BACK);
    }

    private static Verdict missing(Domain domain, Instant now, Duration grace) {
        var since = domain.missingSince();
        if (since == null) {
            return new Becomes(domain.missing(now), What.RECORD_MISSING);
        }
        return since.plus(grace).isAfter(now) ? new AsItWas() : new Becomes(domain.released(now), What.RELEASED);
    }

    /** The domains after it. */
    default Domains in(Domains domains, Domain domain, String by, Instant now) {
        return switch (this) {
            case AsItWas asItWas -> domains;
            case Becomes(Domain next, What what) -> domains.with(next, what, by, now);
            case Ends(What what) -> domains.without(domain.name(), what, by, now);
        };
    }
}
