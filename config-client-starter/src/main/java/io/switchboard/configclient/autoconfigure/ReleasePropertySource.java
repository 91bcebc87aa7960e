package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.configclient.delivery.RunningRelease;
import io.switchboard.configprotocol.CannotOpen;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

/**
 * One release in Spring's environment, encrypted items opened and documents as their leaves; never changed, only replaced by the
 * next one of that name.
 */
final class ReleasePropertySource extends EnumerablePropertySource<NamespacePath> implements OriginLookup<String> {

    private final Coordinates coordinates;
    private final RunningRelease running;
    private final @Nullable Release release;
    private final SortedMap<String, Object> values;

    private ReleasePropertySource(
            Coordinates coordinates,
            RunningRelease running,
            @Nullable Release release,
            SortedMap<String, Object> values) {
        super("switchboard:" + running.path().namespace(), running.path());
        this.coordinates = coordinates;
        this.running = running;
        this.release = release;
        this.values = values;
    }

    /**
     * @throws CannotOpen if an encrypted item can't be opened with the application's access key
     * @throws Unfit if a document is none of its format
     */
    static ReleasePropertySource of(
            Coordinates coordinates, Release release, Instant since, RunningRelease.Source source)
            throws CannotOpen, Unfit {
        return new ReleasePropertySource(
                coordinates,
                new RunningRelease(release.path(), release.pointer(), since, source, Optional.empty()),
                release,
                ReleaseKeys.of(release, coordinates.accessKey()));
    }

    static ReleasePropertySource empty(
            Coordinates coordinates, NamespacePath path, Instant since, RunningRelease.Source source) {
        return new ReleasePropertySource(
                coordinates,
                new RunningRelease(path, Pointer.NOTHING, since, source, Optional.empty()),
                null,
                new TreeMap<>());
    }

    /** The first of these that has the value of a key to which this refers, be it by way of other sources. */
    static Optional<ReleasePropertySource> behind(String value, Iterable<PropertySource<?>> sources) {
        for (PropertySource<?> source : sources) {
            if (source instanceof ReleasePropertySource release) {
                Set<String> decided = new TreeSet<>(release.values.keySet());
                decided.removeIf(key -> !release.decides(key, sources));
                if (new AffectedKeys(decided, sources).areReferredToBy(value)) {
                    return Optional.of(release);
                }
            }
        }
        return Optional.empty();
    }

    private boolean decides(String key, Iterable<PropertySource<?>> sources) {
        for (PropertySource<?> source : sources) {
            // That one has what all others have.
            if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
                    && source.containsProperty(key)) {
                return source == this;
            }
        }
        return false;
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

    /** Keys that were added, removed or have another value, ordered; one that was only encrypted anew is none. */
    Set<String> changedSince(ReleasePropertySource before) {
        Set<String> keys = new TreeSet<>(values.keySet());
        keys.addAll(before.values.keySet());
        keys.removeIf(key -> Objects.equals(values.get(key), before.values.get(key)));
        return keys;
    }

    @Override
    public String[] getPropertyNames() {
        return StringUtils.toStringArray(values.keySet());
    }

    @Override
    public @Nullable Object getProperty(String name) {
        return values.get(name);
    }

    @Override
    public @Nullable Origin getOrigin(String key) {
        return release == null || !values.containsKey(key)
                ? null
                : release.origin(Format.of(running.path().namespace()).isDocument() ? Format.CONTENT : key)
                        .map(origin -> new ReleaseOrigin(origin.path(), origin.number(), key))
                        .orElse(null);
    }

    private record ReleaseOrigin(NamespacePath path, long release, String key) implements Origin {

        @Override
        public String toString() {
            return "release " + release + " of " + path + " - " + key;
        }
    }
}
