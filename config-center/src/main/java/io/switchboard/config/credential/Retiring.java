package io.switchboard.config.credential;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.configprotocol.NamespacePath;
import java.time.Instant;
import java.util.Optional;

/** A mark that reader keys of an application end at that time, so that one look shows all that are due. */
record Retiring(NamespacePath application, Instant at) {

    static final String PARENT = Documents.ROOT + "/readers-retiring";

    Retiring {
        application = new Unsettled(application).application();
        at = Instant.ofEpochMilli(at.toEpochMilli());
    }

    String node() {
        return PARENT + "/" + application.tenant() + "." + application.application() + "." + at.toEpochMilli();
    }

    /** Empty for what is none of ours. */
    static Optional<Retiring> of(String name) {
        int dot = name.lastIndexOf('.');
        try {
            return dot < 0
                    ? Optional.empty()
                    : Unsettled.of(name.substring(0, dot))
                            .map(marked -> new Retiring(
                                    marked.application(),
                                    Instant.ofEpochMilli(Long.parseLong(name.substring(dot + 1)))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
