package io.switchboard.contracts.ordering;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/** Tenants, their users and their API keys; operators only. */
@HttpExchange("/api/v1/tenants")
public interface TenantsApi {

    @GetExchange
    List<TenantView> tenants();

    /** Creates the tenant or changes its title; the same call twice changes nothing. */
    @PutExchange("/{tenant}")
    TenantView put(@PathVariable String tenant, @RequestBody TenantRequest request);

    /**
     * Creates a key: 201. Its secret is in this answer and nowhere else, ever. What is done with a key that is a user's counts as that
     * user's, for example in reviews. 404 for a user that the tenant doesn't have.
     */
    @PostExchange("/{tenant}/api-keys")
    ResponseEntity<IssuedApiKey> issueApiKey(@PathVariable String tenant, @RequestBody ApiKeyRequest request);

    @GetExchange("/{tenant}/api-keys")
    List<ApiKeyView> apiKeys(@PathVariable String tenant);

    /** Revokes a key: no new token from now on; a key that isn't known is already revoked. */
    @DeleteExchange("/{tenant}/api-keys/{id}")
    void revokeApiKey(@PathVariable String tenant, @PathVariable String id);

    /** Creates a user of the tenant or sets its password. */
    @PutExchange("/{tenant}/users/{name}")
    UserView putUser(@PathVariable String tenant, @PathVariable String name, @RequestBody UserRequest request);

    @GetExchange("/{tenant}/users")
    List<UserView> users(@PathVariable String tenant);

    record TenantRequest(@NotBlank @Size(max = 100) String title) {}

    /** @param name lower case, at most 31 characters, part of host names and repository paths */
    record TenantView(
            @NotNull @Pattern(regexp = "[a-z]([a-z0-9-]{0,29}[a-z0-9])?")
            String name,

            String title,
            Instant createdAt) {}

    /** @param user of the tenant whose key it is; absent for one of a machine */
    record ApiKeyRequest(@NotBlank @Size(max = 100) String label, Optional<String> user) {}

    /** @param user whose key it is; absent for one of a machine */
    record ApiKeyView(String id, String label, Optional<String> user, Instant createdAt, Optional<Instant> revokedAt) {}

    /** @param secret shown once; send it with the id to the token end point as client credentials */
    record IssuedApiKey(String id, String label, String secret, Instant createdAt) {

        @Override
        public String toString() {
            return "IssuedApiKey[" + id + "]";
        }
    }

    record UserRequest(@NotBlank @Size(min = 12, max = 200) String password) {

        @Override
        public String toString() {
            return "UserRequest[]";
        }
    }

    record UserView(String name, String tenant, Instant createdAt) {}
}
