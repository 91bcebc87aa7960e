package io.switchboard.config.delivery;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The application that a credential belongs to; what it reads is never taken from the request. The credential is the one it
 * has for ZooKeeper.
 */
record Reader(String tenant, String application, String secret) {

    /**
     * @param header {@code Authorization}, as sent
     * @throws Problem {@link DeliveryProblem#ACCESS_REFUSED}
     */
    static Reader of(@Nullable String header, Readers readers) {
        return credential(header)
                .flatMap(credential -> known(credential, readers))
                .orElseThrow(() -> new Problem(
                        DeliveryProblem.ACCESS_REFUSED, "There is no application with this user and secret."));
    }

    private record Credential(String user, String secret) {}

    private static Optional<Credential> credential(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            String text =
                    new String(Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Credential(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Reader> known(Credential credential, Readers readers) {
        // Neither name has a dot.
        int dot = credential.user().indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        var reader = new Reader(
                credential.user().substring(0, dot), credential.user().substring(dot + 1), credential.secret());
        try {
            return reader.isStillOne(readers) ? Optional.of(reader) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Its reader key may have been retired since. */
    boolean isStillOne(Readers readers) {
        return readers.has(path("any", NamespacePath.DEFAULT_NAMESPACE), secret);
    }

    @Override
    public String toString() {
        return "Reader[" + tenant + "." + application + "]";
    }

    /** @throws IllegalArgumentException if one of the names is none */
    private NamespacePath path(String stage, String namespace) {
        return new NamespacePath(tenant, application, stage, namespace);
    }

    /** @throws Problem {@link RequestProblem#INVALID_REQUEST} if one of the names is none */
    NamespacePath namespace(String stage, String namespace) {
        try {
            return path(stage, namespace);
        } catch (IllegalArgumentException e) {
            // It begins with the one that is none.
            String[] why = String.valueOf(e.getMessage()).split(" ", 2);
            throw RequestProblem.invalid(why[0], why[1]);
        }
    }
}
