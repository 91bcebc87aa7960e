package io.switchboard.config.namespace;

import io.switchboard.contracts.config.ApplicationsApi;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ApplicationsController implements ApplicationsApi {

    private static final int AT_ONCE = 100;

    private final Applications applications;

    ApplicationsController(Applications applications) {
        this.applications = applications;
    }

    @Override
    public List<ApplicationView> applications(
            @Nullable String after, @Nullable String tenant, @Nullable Caller caller) {
        return applications.list(Callers.tenant(caller, tenant), Objects.requireNonNullElse(after, ""), AT_ONCE);
    }

    @Override
    public void delete(String application, @Nullable String tenant, @Nullable Caller caller) {
        applications.delete(Callers.application(caller, tenant, application), Callers.known(caller));
    }
}
