package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import java.util.List;
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
    private static final int MOST = 500;

    /** So that none takes the place of all others. */
    private static final int MOST_OF_TENANT = 20;

    /** Stands in no name of ours. */
    private static final String BETWEEN = "~";

    String node() {
        return PARENT + "/" + String.join(BETWEEN, stage.tenant(), stage.application(), stage.stage(), id);
    }

    /**
     * @param names of all that run
     * @throws Problem {@link ConfigProblem#TOO_MANY_NAMES} if this one would be one too many
     */
    void checkRoom(List<String> names) {
        long own = names.stream()
                .filter(name -> name.startsWith(stage.tenant() + BETWEEN))
                .count();
        if (own >= MOST_OF_TENANT) {
            throw new Problem(ConfigProblem.TOO_MANY_NAMES, own + " canaries of the tenant run, the most.");
        }
        if (names.size() >= MOST) {
            throw new Problem(ConfigProblem.TOO_MANY_NAMES, names.size() + " canaries run, the most.");
        }
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
