package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.configclient.delivery.RunningRelease;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.util.StringUtils;

/** The items of one release in Spring's environment; never changed, only replaced by the next one of that name. */
final class ReleasePropertySource extends EnumerablePropertySource<NamespacePath> implements OriginLookup<String> {

    private final Coordinates coordinates;
    private final RunningRelease running;
    private final @Nullable Release release;
    private final Items items;

    private ReleasePropertySource(Coordinates coordinates, RunningRelease running, @Nullable Release release) {
        super("switchboard:" + running.path().namespace(), running.path());
        this.coordinates = coordinates;
        this.running = running;
        this.release = release;
        this.items = release == null ? Items.NONE : release.items();
    }

    static ReleasePropertySource of(
            Coordinates coordinates, Release release, Instant since, RunningRelease.Source source) {
        return new ReleasePropertySource(
                coordinates,
                new RunningRelease(release.path(), release.pointer(), since, source, Optional.empty()),
                release);
    }

    static ReleasePropertySource empty(
            Coordinates coordinates, NamespacePath path, Instant since, RunningRelease.Source source) {
        return new ReleasePropertySource(
                coordinates, new RunningRelease(path, Pointer.NOTHING, since, source, Optional.empty()), null);
    }

    Coordinates coordinates() {
        return coordinates;
    }

    /** As it was when this source was made. */
    RunningRelease running() {
        return running;
    }

    /** Empty if nothing was published. */
    Optional<Release> release() {
        return Optional.ofNullable(release);
    }

    Items items() {
        return items;
    }

    @Override
    public String[] getPropertyNames() {
        return StringUtils.toStringArray(items.values().keySet());
    }

    @Override
    public @Nullable Object getProperty(String name) {
        return items.values().get(name);
    }

    @Override
    public @Nullable Origin getOrigin(String key) {
        return items.values().containsKey(key) ? new ReleaseOrigin(running.path(), running.number(), key) : null;
    }

    private record ReleaseOrigin(NamespacePath path, long release, String key) implements Origin {

        @Override
        public String toString() {
            return "release " + release + " of " + path + " - " + key;
        }
    }
}
