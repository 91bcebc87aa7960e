package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.configprotocol.NamespacePath;
import java.time.Instant;
import java.util.Optional;

/**
 * A node whose name says what is due when, so that one look at all names finds what to do.
 *
 * @param stage any namespace of the stage
 * @param id of the entry in its {@link Schedule}
 */
record DueNode(Instant at, NamespacePath stage, String id) {

    static final String PARENT = Documents.ROOT + "/due";

    /** Of all tenants; ZooKeeper answers with all names at once. */
    static final int MOST = 2_000;

    static final int MOST_OF_A_TENANT = 200;

    /** Stands in no name of ours. */
    private static final String BETWEEN = "~";

    String node() {
        return PARENT + "/"
                + String.join(
                        BETWEEN,
                        "%013d".formatted(at.toEpochMilli()),
                        stage.tenant(),
                        stage.application(),
                        stage.stage(),
                        id);
    }

    /** Empty for a name that is none of ours. */
    static Optional<DueNode> of(String name) {
        String[] parts = name.split(BETWEEN, -1);
        if (parts.length != 5) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DueNode(
                    Instant.ofEpochMilli(Long.parseLong(parts[0])),
                    new NamespacePath(parts[1], parts[2], parts[3], NamespacePath.DEFAULT_NAMESPACE),
                    parts[4]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
