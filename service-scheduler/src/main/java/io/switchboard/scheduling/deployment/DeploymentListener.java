package io.switchboard.scheduling.deployment;

import java.util.Collection;
import java.util.UUID;

/** Hears that something about deployments is new, after it is durable. */
@FunctionalInterface
public interface DeploymentListener {

    /** Returns at once; may be called for the same instances again. */
    void changed(Collection<UUID> instanceIds);
}
