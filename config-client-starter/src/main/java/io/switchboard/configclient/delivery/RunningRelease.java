package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import java.time.Instant;
import java.util.Optional;

/**
 * What this process runs with.
 *
 * @param release its number and hash; {@link Pointer#NOTHING} if there is none
 * @param since when it was taken over
 * @param source where it was last seen
 * @param problem why the release in effect could not be taken over, empty if it was
 */
public record RunningRelease(
        NamespacePath path, Pointer release, Instant since, Source source, Optional<String> problem) {

    /** Where a release came from. */
    public enum Source {
        ZOOKEEPER,
        /** The last good file; ZooKeeper was not asked since, or gave no answer. */
        CACHE,
        /** Neither: the application runs with its own defaults. */
        NONE
    }

    /** Of the release; 0 if there is none. */
    public long number() {
        return release.number();
    }

    RunningRelease confirmed() {
        return new RunningRelease(path, release, since, Source.ZOOKEEPER, Optional.empty());
    }

    RunningRelease troubledBy(String reason) {
        return new RunningRelease(path, release, since, source, Optional.of(reason));
    }
}
