package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.NamespacePath;
import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/** Leaves what this build takes with the center, if no other process has, and knows under which name. */
final class BuildNode {

    private static final Log log = LogFactory.getLog(BuildNode.class);

    private final Center center;
    private final Optional<Build> build;
    private @Nullable Optional<String> known;
    private boolean unreadable;

    BuildNode(Center center, Optional<Build> build) {
        this.center = center;
        this.build = build;
    }

    /** The ensemble may be another one, or set back. */
    void forget() {
        known = unreadable ? Optional.empty() : null;
    }

    /** Empty if the center has no place for it, or what it takes isn't to be had. */
    Optional<String> name(NamespacePath anyOfApplication) {
        if (known != null) {
            return known;
        }
        try {
            known = build.isPresent() ? left(anyOfApplication, build.get()) : Optional.empty();
            return known;
        } catch (CenterFailure e) {
            log.debug("Not left: " + e.getMessage());
            return Optional.empty();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // A file or class of whichever library: following goes on without. Its message may repeat a value.
            log.warn("The config center can't check drafts against this build: "
                    + e.getClass().getName() + " at " + Arrays.toString(e.getStackTrace()));
            unreadable = true;
            known = Optional.empty();
            return known;
        }
    }

    private Optional<String> left(NamespacePath path, Build running) throws CenterFailure {
        return center.leave(path, running) ? Optional.of(running.id()) : Optional.empty();
    }
}
