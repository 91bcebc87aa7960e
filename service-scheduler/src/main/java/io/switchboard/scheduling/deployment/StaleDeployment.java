package io.switchboard.scheduling.deployment;

import java.util.UUID;

/** Another writer changed the deployment since it was read. */
public final class StaleDeployment extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StaleDeployment(UUID instanceId) {
        super("deployment of " + instanceId + " was changed meanwhile", null, false, false);
    }
}
