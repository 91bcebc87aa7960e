package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.configprotocol.NamespacePath;
import java.util.Optional;

/**
 * A node whose name says that a canary runs, so that one look at all names finds those to look after.
 *
 * @param stage any namespace of the stage
 * @param id of the entry in its {@link CanaryLog}
 */
record RunningCanary(NamespacePath stage, String id) {

    static final String PARENT = Documents.ROOT + "/canaries-running";

    /** Of all tenants; each center looks at the clients of all of them again and again. */
    static final int MOST = 500;

    /** Stands in no name of ours. */
    private static final String BETWEEN = "~";

    String node() {
        return PARENT + "/" + String.join(BETWEEN, stage.tenant(), stage.application(), stage.stage(), id);
    }

    /** Empty for a name that is none of ours. */
    static Optional<RunningCanary> of(String name) {
        String[] parts = name.split(BETWEEN, -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RunningCanary(
                    new NamespacePath(parts[0], parts[1], parts[2], NamespacePath.DEFAULT_NAMESPACE), parts[3]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
