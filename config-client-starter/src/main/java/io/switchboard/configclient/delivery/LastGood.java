package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Releases that this process runs with and that the next start without ZooKeeper should take, until they are on disk. */
final class LastGood {

    private final Path directory;
    private final Troubles troubles;
    private final ReleaseCache cache;
    private final Map<NamespacePath, Release> unkept = new LinkedHashMap<>();

    LastGood(Path directory, Troubles troubles) {
        this.directory = directory;
        this.troubles = troubles;
        this.cache = new ReleaseCache(directory);
    }

    /** In place of what was added for that namespace before. */
    synchronized void add(Release release) {
        unkept.put(release.path(), release);
    }

    /** None before all are written, and else all of them the next time: those that were taken over together belong together. */
    // Under the lock to the end: an older release must not be written after a newer one.
    synchronized void keep() {
        if (unkept.isEmpty()) {
            return;
        }
        try {
            cache.write(unkept.values());
            unkept.clear();
            troubles.over(directory, () -> "Releases are kept in " + directory + " again");
        } catch (IOException e) {
            // Without the file's name, which may be another one each time.
            troubles.with(
                    directory,
                    "Releases can't be kept in " + directory + " for a start without ZooKeeper ("
                            + e.getClass().getSimpleName() + ")");
        }
    }
}
