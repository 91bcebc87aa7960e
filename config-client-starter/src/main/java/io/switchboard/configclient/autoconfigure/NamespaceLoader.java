package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.FirstRead.Found;
import io.switchboard.configclient.delivery.ReleaseCache;
import io.switchboard.configclient.delivery.RunningRelease.Source;
import io.switchboard.configprotocol.CannotOpen;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.Release;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.commons.logging.Log;
import org.springframework.boot.context.config.ConfigData;
import org.springframework.boot.context.config.ConfigDataLoader;
import org.springframework.boot.context.config.ConfigDataLoaderContext;
import org.springframework.boot.context.config.ConfigDataResourceNotFoundException;
import org.springframework.boot.logging.DeferredLogFactory;

/**
 * Loads the release in effect: from ZooKeeper, or else from the last good file, or else nothing if that is allowed. It is
 * kept only once the application runs with it; see {@link Following}.
 */
final class NamespaceLoader implements ConfigDataLoader<NamespaceResource> {

    private final Log log;

    NamespaceLoader(DeferredLogFactory logs) {
        this.log = logs.getLog(NamespaceLoader.class);
    }

    @Override
    public ConfigData load(ConfigDataLoaderContext context, NamespaceResource resource) {
        // A release must not draw in files of this machine, nor choose profiles.
        return new ConfigData(
                List.of(source(resource)), ConfigData.Option.IGNORE_IMPORTS, ConfigData.Option.IGNORE_PROFILES);
    }

    private ReleasePropertySource source(NamespaceResource resource) {
        Found found = resource.all().read(resource);
        if (found instanceof Found.Current current) {
            return inEffect(resource, current.release());
        }
        if (found instanceof Found.NothingPublished) {
            log.info(resource + " has no release yet");
            return nothing(resource, Source.ZOOKEEPER);
        }
        if (found instanceof Found.Unavailable unavailable) {
            return withoutCenter(resource, unavailable.reason(), false);
        }
        if (resource.optional()) {
            log.info(resource + " does not exist yet");
            return nothing(resource, Source.NONE);
        }
        throw new ConfigDataResourceNotFoundException(resource);
    }

    private ReleasePropertySource inEffect(NamespaceResource resource, Release release) {
        try {
            ReleasePropertySource source = source(resource, release, Source.ZOOKEEPER);
            log.info(resource + " is at release " + release.number());
            return source;
        } catch (CannotOpen | Unfit e) {
            return withoutCenter(resource, "release " + release.number() + " can't be used: " + e.getMessage(), true);
        }
    }

    private ReleasePropertySource withoutCenter(NamespaceResource resource, String reason, boolean there) {
        Optional<ReleasePropertySource> kept = kept(resource);
        if (kept.isPresent()) {
            log.warn(resource + ": " + reason + "; starting with release "
                    + kept.get().running().number() + ", the last it ran with on this machine");
            return kept.get();
        }
        if (resource.optional()) {
            log.warn(resource + ": " + reason + "; starting without it, as it is optional");
            return nothing(resource, Source.NONE);
        }
        throw new ConfigCenterUnavailable(resource.path(), resource.coordinates(), reason, there);
    }

    private Optional<ReleasePropertySource> kept(NamespaceResource resource) {
        try {
            Optional<Release> kept = cache(resource).read(resource.path());
            return kept.isPresent() ? Optional.of(source(resource, kept.get(), Source.CACHE)) : Optional.empty();
        } catch (IOException | DamagedContent | CannotOpen | Unfit e) {
            log.warn("The kept release of " + resource + " is ignored: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static ReleaseCache cache(NamespaceResource resource) {
        return new ReleaseCache(resource.coordinates().cacheDirectory());
    }

    // No Clock bean exists this early.
    private static ReleasePropertySource source(NamespaceResource resource, Release release, Source source)
            throws CannotOpen, Unfit {
        return ReleasePropertySource.of(resource.coordinates(), release, Instant.now(), source);
    }

    private static ReleasePropertySource nothing(NamespaceResource resource, Source source) {
        return ReleasePropertySource.empty(resource.coordinates(), resource.path(), Instant.now(), source);
    }
}
