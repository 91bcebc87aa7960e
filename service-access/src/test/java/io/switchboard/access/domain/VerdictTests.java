package io.switchboard.access.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.domain.Challenge.Proof;
import io.switchboard.access.domain.TxtRecords.Answer;
import io.switchboard.access.domain.Verdict.AsItWas;
import io.switchboard.access.domain.Verdict.Becomes;
import io.switchboard.access.domain.Verdict.Ends;
import io.switchboard.access.route.Domain;
import io.switchboard.access.route.Domains.What;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTests {

    private static final Instant THEN = Instant.parse("2026-11-20T00:00:00Z");
    private static final Duration GRACE = Duration.ofHours(72);
    private static final Duration PATIENCE = Duration.ofDays(7);
    private static final Proof SHOWN = new Proof.Shown();
    private static final Proof LACKING = new Proof.Lacking(0);

    private final Domain claimed = Domain.claimed("calls.example", "/", "http", Challenge.newToken(), THEN);
    private final Domain verified = claimed.verified(THEN);

    @Test
    void whatIsShownIsVerified() {
        assertThat(verdict(claimed, SHOWN, THEN)).isEqualTo(new Becomes(verified, What.VERIFIED));
        assertThat(verdict(verified, SHOWN, THEN.plus(GRACE))).isEqualTo(new AsItWas());
    }

    @Test
    void whatIsShownNoMoreLeadsCallersUntilTheGraceIsOver() {
        var missing = verified.missing(THEN);

        assertThat(verdict(verified, LACKING, THEN)).isEqualTo(new Becomes(missing, What.RECORD_MISSING));
        assertThat(missing.verified()).isTrue();
        assertThat(verdict(missing, LACKING, THEN.plus(GRACE).minusMillis(1))).isEqualTo(new AsItWas());
        assertThat(verdict(missing, LACKING, THEN.plus(GRACE)))
                .isEqualTo(new Becomes(
                        Domain.claimed("calls.example", "/", "http", claimed.token(), THEN.plus(GRACE)),
                        What.RELEASED));
        assertThat(verdict(missing, SHOWN, THEN.plus(GRACE))).isEqualTo(new Becomes(verified, What.RECORD_BACK));
    }

    @Test
    void aClaimOfWhichNothingIsShownEnds() {
        assertThat(verdict(claimed, LACKING, THEN.plus(PATIENCE))).isEqualTo(new AsItWas());
        assertThat(verdict(claimed, LACKING, THEN.plus(PATIENCE).plusMillis(1))).isEqualTo(new Ends(What.EXPIRED));
    }

    @Test
    void noAnswerIsNoEvidence() {
        var unknown = new Proof.Unknown("a resolver that is away");

        for (Domain domain : List.of(claimed, verified, verified.missing(THEN))) {
            assertThat(verdict(domain, unknown, THEN.plus(Duration.ofDays(1_000))))
                    .isEqualTo(new AsItWas());
        }
    }

    @Test
    void onlyTheWholeValueOfThisClaimProvesAnything() {
        var challenge = Challenge.of(claimed);
        var other = Challenge.of(Domain.claimed("calls.example", "/", "http", Challenge.newToken(), THEN));

        assertThat(challenge.name()).isEqualTo("_switchboard-challenge.calls.example");
        assertThat(challenge.proof(new Answer.Values(List.of("v=spf1 -all", challenge.value()))))
                .isEqualTo(SHOWN);
        assertThat(challenge.proof(new Answer.Values(List.of(other.value(), challenge.value() + "0"))))
                .isEqualTo(new Proof.Lacking(2));
        assertThat(challenge.proof(new Answer.Silence("timeout"))).isEqualTo(new Proof.Unknown("timeout"));
    }

    private static Verdict verdict(Domain domain, Proof proof, Instant now) {
        return Verdict.of(domain, proof, now, GRACE, PATIENCE);
    }
}
