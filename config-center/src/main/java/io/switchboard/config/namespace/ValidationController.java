package io.switchboard.config.namespace;

import io.switchboard.config.validation.DraftCheck;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ValidationApi;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ValidationController implements ValidationApi {

    private final DraftChecks checks;
    private final DraftCheck builds;

    ValidationController(DraftChecks checks, DraftCheck builds) {
        this.checks = checks;
        this.builds = builds;
    }

    @Override
    public CheckView check(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return checks.view(Callers.namespace(caller, tenant, application, stage, namespace));
    }

    @Override
    public List<BuildView> builds(String application, @Nullable String tenant, @Nullable Caller caller) {
        // Which stage doesn't matter.
        return builds.builds(Callers.namespace(caller, tenant, application, "any", NamespacePath.DEFAULT_NAMESPACE));
    }
}
