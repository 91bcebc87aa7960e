package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Deployments as far as a caller may know of them: a tenant its own, operators and services all. */
@Component
public class VisibleDeployments {

    private final Deployments deployments;

    VisibleDeployments(Deployments deployments) {
        this.deployments = deployments;
    }

    public List<Deployment> all(@Nullable Caller caller) {
        return deployments.living(tenant(caller));
    }

    /** @throws Problem {@link RequestProblem#NOT_FOUND}, also for what another tenant owns */
    public Deployment one(UUID instanceId, @Nullable Caller caller) {
        var tenant = tenant(caller);
        return deployments.find(List.of(instanceId)).stream()
                .filter(one -> one.desired().revision() > 0)
                .filter(one ->
                        tenant.isEmpty() || tenant.get().equals(one.instance().tenant()))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        RequestProblem.NOT_FOUND, "There is no deployment of instance " + instanceId + "."));
    }

    /** Empty for those who may see every tenant's deployments. */
    private static Optional<String> tenant(@Nullable Caller caller) {
        if (caller == null) {
            throw new Problem(RequestProblem.FORBIDDEN, "Deployments are shown to tenants and operators only.");
        }
        if (caller.is(Role.OPERATOR) || caller.is(Role.SERVICE)) {
            return Optional.empty();
        }
        return Optional.of(caller.tenant()
                .orElseThrow(() -> new Problem(RequestProblem.FORBIDDEN, "The credential belongs to no tenant.")));
    }
}
