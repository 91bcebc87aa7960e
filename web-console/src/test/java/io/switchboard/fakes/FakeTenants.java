package io.switchboard.fakes;

import io.switchboard.contracts.ordering.TenantsApi;
import java.time.Instant;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FakeTenants implements TenantsApi {

    @Override
    public List<TenantView> tenants() {
        return List.of(
                new TenantView("acme", "Acme Support GmbH", Instant.parse("2026-03-02T08:00:00Z")),
                new TenantView("globex", "Globex Ltd", Instant.parse("2026-05-17T09:30:00Z")));
    }

    @Override
    public TenantView put(String tenant, TenantRequest request) {
        throw unused();
    }

    @Override
    public ResponseEntity<IssuedApiKey> issueApiKey(String tenant, ApiKeyRequest request) {
        throw unused();
    }

    @Override
    public List<ApiKeyView> apiKeys(String tenant) {
        throw unused();
    }

    @Override
    public void revokeApiKey(String tenant, String id) {
        throw unused();
    }

    @Override
    public UserView putUser(String tenant, String name, UserRequest request) {
        throw unused();
    }

    @Override
    public List<UserView> users(String tenant) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("the console does not call this");
    }
}
