package io.switchboard.config.namespace;

import io.switchboard.config.validation.DraftCheck;
import io.switchboard.contracts.config.ValidationApi;
import io.switchboard.contracts.identity.Caller;
import jakarta.validation.Valid;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ValidationController implements ValidationApi {

    private final DraftChecks checks;
    private final DraftCheck builds;
    private final Schemas schemas;

    ValidationController(DraftChecks checks, DraftCheck builds, Schemas schemas) {
        this.checks = checks;
        this.builds = builds;
        this.schemas = schemas;
    }

    @Override
    public CheckView check(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return checks.view(Callers.namespace(caller, tenant, application, stage, namespace));
    }

    @Override
    public SchemaView schema(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return schemas.read(Callers.namespace(caller, tenant, application, stage, namespace));
    }

    @Override
    public SchemaView putSchema(
            String application,
            String stage,
            String namespace,
            @Valid SchemaRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        return schemas.write(
                Callers.namespace(caller, tenant, application, stage, namespace),
                request.schema(),
                request.version(),
                Callers.known(caller));
    }

    @Override
    public List<BuildView> builds(String application, @Nullable String tenant, @Nullable Caller caller) {
        return builds.builds(Callers.application(caller, tenant, application));
    }
}
