package io.switchboard.access.domain;

import io.switchboard.access.domain.TxtRecords.Answer;
import io.switchboard.access.route.Domain;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What DNS must show so that a domain is its tenant's: a TXT record below the domain, because whoever may set that may say where
 * the domain leads, too.
 *
 * @param name of the record
 * @param value one of its values
 */
record Challenge(String name, String value) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TOKEN_BYTES = 20;

    static Challenge of(Domain domain) {
        return new Challenge("_switchboard-challenge." + domain.name(), "switchboard=" + domain.token());
    }

    /** One that nobody has and nobody guesses. */
    static String newToken() {
        var token = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    Proof proof(Answer answer) {
        return switch (answer) {
            case Answer.Values(var values) ->
                values.contains(value) ? new Proof.Shown() : new Proof.Lacking(values.size());
            case Answer.Silence(var why) -> new Proof.Unknown(why);
        };
    }

    /** What DNS says of it. */
    sealed interface Proof {

        record Shown() implements Proof {}

        /** @param others values that are there instead */
        record Lacking(int others) implements Proof {}

        /** Neither: it gave no answer, or none that says anything of this. */
        record Unknown(String why) implements Proof {}
    }
}
