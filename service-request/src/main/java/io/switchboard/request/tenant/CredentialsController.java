package io.switchboard.request.tenant;

import io.switchboard.contracts.identity.CredentialsApi;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CredentialsController implements CredentialsApi {

    private static final Verification NOT_VALID = new Verification(false, Optional.empty(), List.of());
    /** Longer ones can't be right, and aren't worth a look at the database. */
    private static final int LONGEST = 300;

    private final Tenants tenants;
    private final Passwords passwords;

    CredentialsController(Tenants tenants, Passwords passwords) {
        this.tenants = tenants;
        this.passwords = passwords;
    }

    @Override
    public Verification verify(@RequestBody Credential credential) {
        @Nullable Kind kind = credential.kind();
        @Nullable String name = credential.name();
        @Nullable String secret = credential.secret();
        if (kind == null || name == null || secret == null) {
            throw new Problem(RequestProblem.INVALID_REQUEST, "'kind', 'name' and 'secret' must be given.");
        }
        // What the database can't even hold is no name of anyone.
        if (name.length() > LONGEST || secret.length() > LONGEST || name.indexOf('\0') >= 0) {
            return NOT_VALID;
        }
        return switch (kind) {
            case USER -> user(name, secret);
            case API_KEY -> apiKey(name, secret);
        };
    }

    private Verification user(String name, String password) {
        var login = tenants.login(name);
        if (!passwords.matches(password, login.map(Tenants.Login::passwordHash).orElse(null))) {
            return NOT_VALID;
        }
        var tenant = login.flatMap(Tenants.Login::tenant);
        return new Verification(true, tenant, List.of(tenant.isPresent() ? Role.TENANT : Role.OPERATOR));
    }

    private Verification apiKey(String id, String secret) {
        var offered = ApiKeySecrets.hash(secret);
        return tenants.activeKey(id)
                .filter(key -> MessageDigest.isEqual(key.secretHash(), offered))
                .map(key -> new Verification(true, Optional.of(key.tenant()), List.of(Role.TENANT), key.user()))
                .orElse(NOT_VALID);
    }
}
