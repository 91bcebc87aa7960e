package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ConfigApi.ReadAccess;
import io.switchboard.contracts.config.ReadAccessApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.validation.Valid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ReadAccessController implements ReadAccessApi {

    private final NamespaceTree tree;
    private final Applications applications;
    private final ReadCredentials credentials;

    ReadAccessController(NamespaceTree tree, Applications applications, ReadCredentials credentials) {
        this.tree = tree;
        this.applications = applications;
        this.credentials = credentials;
    }

    @Override
    public ReadAccess credentials(
            String application, @Valid CredentialsRequest request, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = Callers.stage(caller, tenant, application, request.stage());
        var scope = new NamespaceTree.Scope(
                path.tenant(), Optional.of(path.application()), Optional.of(path.stage()), Optional.empty());
        if (tree.list(scope, 1).isEmpty()) {
            throw new Problem(
                    RequestProblem.NOT_FOUND,
                    "'" + path.application() + "' has no configuration in the stage '" + path.stage() + "'.");
        }
        applications.checkPublisher(path, Callers.known(caller));
        return credentials.ofOthers(path, Boolean.TRUE.equals(request.accessKey()), Callers.actor(caller));
    }
}
