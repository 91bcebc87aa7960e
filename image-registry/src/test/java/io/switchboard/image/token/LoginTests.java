package io.switchboard.image.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.contracts.identity.CredentialsApi;
import io.switchboard.contracts.identity.Role;
import io.switchboard.image.token.Login.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoginTests {

    private static final String HERE = "192.0.2.1";

    private Instant now = Instant.parse("2026-03-02T09:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final List<CredentialsApi.Kind> asked = new ArrayList<>();
    private final PullCredentials pulls = new PullCredentials("00".repeat(32));
    private final Login login =
            new Login(this::verify, pulls, new FailedLogins(3, clock), Duration.ofSeconds(30), clock);

    @Test
    void aKeyIsItsTenantAndAUserOfTheOperatorsIsOne() {
        assertThat(login.check("key", "right", HERE)).isEqualTo(new Outcome.Valid(new Holder.Tenant("acme")));
        assertThat(login.check("root", "right", HERE)).isEqualTo(new Outcome.Valid(new Holder.Operator()));
        assertThat(login.check("key", "wrong", HERE)).isEqualTo(new Outcome.Invalid());
    }

    @Test
    void aRightCredentialIsNotCheckedAgainForAWhile() {
        login.check("key", "right", HERE);
        login.check("key", "right", HERE);
        assertThat(asked).hasSize(1);

        now = now.plus(Duration.ofSeconds(31));
        login.check("key", "right", HERE);
        assertThat(asked).hasSize(2);
    }

    @Test
    void afterTooManyWrongPasswordsEvenTheRightOneWaits() {
        for (int i = 0; i < 3; i++) {
            login.check("key", "wrong", HERE);
        }

        assertThat(login.check("key", "right", HERE)).isEqualTo(new Outcome.TooManyFailures(Duration.ofMinutes(1)));
        assertThat(login.check("key", "right", "192.0.2.2")).isInstanceOf(Outcome.Valid.class);

        now = now.plus(Duration.ofSeconds(61));
        assertThat(login.check("other", "wrong", HERE)).isEqualTo(new Outcome.Invalid());
    }

    @Test
    void aPasswordThatWasRightAMomentAgoCanNotBeGuessedEither() {
        login.check("root", "right", HERE);
        for (int i = 0; i < 3; i++) {
            login.check("root", "wrong", HERE);
        }

        assertThat(login.check("root", "right", HERE)).isInstanceOf(Outcome.TooManyFailures.class);
    }

    @Test
    void theEnginePullsWhoeverFailsFromItsAddress() {
        for (int i = 0; i < 15; i++) {
            login.check("name" + i, "wrong", HERE);
        }

        assertThat(login.check(pulls.user("acme/app"), pulls.secret("acme/app"), HERE))
                .isInstanceOf(Outcome.Valid.class);
    }

    @Test
    void oneAddressCanNotTryManyNames() {
        for (int i = 0; i < 15; i++) {
            login.check("name" + i, "wrong", HERE);
        }

        assertThat(login.check("another", "wrong", HERE)).isInstanceOf(Outcome.TooManyFailures.class);
    }

    @Test
    void aPullCredentialIsForOneRepositoryAndTheSameEveryTime() {
        var user = pulls.user("acme/app");
        var secret = pulls.secret("acme/app");

        assertThat(login.check(user, secret, HERE)).isEqualTo(new Outcome.Valid(new Holder.Puller("acme/app")));
        assertThat(new PullCredentials("00".repeat(32)).secret("acme/app")).isEqualTo(secret);
        assertThat(login.check(pulls.user("acme/other"), secret, HERE)).isEqualTo(new Outcome.Invalid());
        assertThat(asked).isEmpty();
    }

    private CredentialsApi.Verification verify(CredentialsApi.Credential credential) {
        asked.add(credential.kind());
        var nobody = new CredentialsApi.Verification(false, Optional.empty(), List.of());
        if (!credential.secret().equals("right")) {
            return nobody;
        }
        return switch (credential.kind()) {
            case API_KEY ->
                credential.name().equals("key")
                        ? new CredentialsApi.Verification(true, Optional.of("acme"), List.of(Role.TENANT))
                        : nobody;
            case USER ->
                credential.name().equals("root")
                        ? new CredentialsApi.Verification(true, Optional.empty(), List.of(Role.OPERATOR))
                        : nobody;
        };
    }
}
