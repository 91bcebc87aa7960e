package io.switchboard.contracts.identity;

import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Checks credentials for whoever issues tokens; only services may call it. */
@HttpExchange("/internal/v1/credentials")
public interface CredentialsApi {

    /** Answers 200 in both cases, so that a wrong secret isn't told apart from an unknown name. */
    @PostExchange("/verify")
    Verification verify(@RequestBody Credential credential);

    /**
     * @param kind what is presented
     * @param name the user's name or the API key's id
     * @param secret the password or the key's secret, in the clear; never logged
     */
    record Credential(Kind kind, String name, String secret) {

        @Override
        public String toString() {
            return "Credential[" + kind + " " + name + "]";
        }
    }

    enum Kind {
        USER,
        API_KEY
    }

    /**
     * @param roles empty when not valid
     * @param user whose API key it is; absent for a user and for a machine's key
     */
    record Verification(boolean valid, Optional<String> tenant, List<Role> roles, Optional<String> user) {

        public Verification {
            roles = List.copyOf(roles);
        }

        public Verification(boolean valid, Optional<String> tenant, List<Role> roles) {
            this(valid, tenant, roles, Optional.empty());
        }
    }
}
