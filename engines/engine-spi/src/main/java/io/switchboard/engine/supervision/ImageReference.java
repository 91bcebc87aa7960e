package io.switchboard.engine.supervision;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image's reference, taken apart as Docker does.
 *
 * @param registry host and port; null if the reference has none
 * @param repository path in the registry
 * @param tag null if the reference has none
 * @param digest {@code sha256:…}; null if the reference has none
 */
public record ImageReference(
        @Nullable String registry,
        String repository,
        @Nullable String tag,
        @Nullable String digest) {

    public static ImageReference of(String reference) {
        String rest = reference;
        String digest = null;
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = rest.substring(at + 1);
            rest = rest.substring(0, at);
        }
        String tag = null;
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
        }
        int slash = rest.indexOf('/');
        String first = slash < 0 ? "" : rest.substring(0, slash);
        if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
            return new ImageReference(first, rest.substring(slash + 1), tag, digest);
        }
        return new ImageReference(null, rest, tag, digest);
    }

    /** The same image in the registry, unless it names one already. */
    public ImageReference in(@Nullable String otherwise) {
        return registry != null ? this : new ImageReference(otherwise, repository, tag, digest);
    }

    /** Registry and repository, without tag and digest. */
    public String name() {
        return registry == null ? repository : registry + "/" + repository;
    }

    public Optional<String> pinned() {
        return Optional.ofNullable(digest);
    }

    /** The digest is left out where there is none; a tag beside a digest says nothing and is left out too. */
    @Override
    public String toString() {
        if (digest != null) {
            return name() + "@" + digest;
        }
        return tag == null ? name() : name() + ":" + tag;
    }
}
