package io.switchboard.image.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.contracts.identity.CredentialsApi;
import io.switchboard.contracts.identity.CredentialsApi.Credential;
import io.switchboard.contracts.identity.CredentialsApi.Kind;
import io.switchboard.contracts.identity.Role;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Finds out whose name and password these are: an API key, a user, or a pull credential of ours. */
class Login {

    private final CredentialsApi credentials;
    private final PullCredentials pulls;
    private final FailedLogins failures;
    private final Cache<String, Holder> found;
    private final SecretKeySpec key;

    Login(CredentialsApi credentials, PullCredentials pulls, FailedLogins failures, Duration remember, Clock clock) {
        this.credentials = credentials;
        this.pulls = pulls;
        this.failures = failures;
        this.found = Caffeine.newBuilder()
                .maximumSize(10_000)
                .expireAfterWrite(remember)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
        var random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
    }

    /** @param address where the request came from */
    Outcome check(String name, String secret, String address) {
        // Before what was right a moment ago, or that could be guessed without limit. A pull credential can't be
        // guessed,
        // and the engine must go on pulling whoever fails from its address.
        var wait = pulls.issued(name) ? Duration.ZERO : failures.wait(name, address);
        if (wait.isPositive()) {
            return new Outcome.TooManyFailures(wait);
        }
        var fingerprint = fingerprint(name, secret);
        var known = found.getIfPresent(fingerprint);
        if (known != null) {
            return new Outcome.Valid(known);
        }
        var holder = look(name, secret);
        if (holder.isEmpty()) {
            failures.failed(name, address);
            return new Outcome.Invalid();
        }
        found.put(fingerprint, holder.get());
        return new Outcome.Valid(holder.get());
    }

    private Optional<Holder> look(String name, String secret) {
        if (pulls.issued(name)) {
            return pulls.verify(name, secret);
        }
        // Keys first: machines log in far more often than people.
        return look(new Credential(Kind.API_KEY, name, secret)).or(() -> look(new Credential(Kind.USER, name, secret)));
    }

    private Optional<Holder> look(Credential credential) {
        var answer = credentials.verify(credential);
        if (!answer.valid()) {
            return Optional.empty();
        }
        if (answer.roles().contains(Role.OPERATOR)) {
            return Optional.of(new Holder.Operator());
        }
        return answer.tenant().map(Holder.Tenant::new);
    }

    /** The cache holds no secret, and nothing that could be tried out on another machine. */
    private String fingerprint(String name, String secret) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(name.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    sealed interface Outcome {

        record Valid(Holder holder) implements Outcome {}

        record Invalid() implements Outcome {}

        /** @param delay until the next try is looked at */
        record TooManyFailures(Duration delay) implements Outcome {}
    }
}
