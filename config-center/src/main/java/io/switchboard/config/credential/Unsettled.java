package io.switchboard.config.credential;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.configprotocol.NamespacePath;
import java.util.Optional;

/** A mark that an application's reader keys were changed, and not all of its nodes are known to be open to just these. */
record Unsettled(NamespacePath application) {

    static final String PARENT = Documents.ROOT + "/readers-unsettled";

    Unsettled {
        application = new NamespacePath(
                application.tenant(), application.application(), "any", NamespacePath.DEFAULT_NAMESPACE);
    }

    /** Neither name has a dot. */
    String node() {
        return PARENT + "/" + application.tenant() + "." + application.application();
    }

    /** Empty for what is none of ours. */
    static Optional<Unsettled> of(String name) {
        int dot = name.indexOf('.');
        try {
            return dot < 0
                    ? Optional.empty()
                    : Optional.of(new Unsettled(new NamespacePath(
                            name.substring(0, dot), name.substring(dot + 1), "any", NamespacePath.DEFAULT_NAMESPACE)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
