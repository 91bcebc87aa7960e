package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.configprotocol.NamespacePath;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataResource;

/** One imported namespace. */
final class NamespaceResource extends ConfigDataResource {

    private final Coordinates coordinates;
    private final NamespacePath path;
    private final boolean optional;
    private final StartImports all;

    /** @param all that the start imports; this one is among them */
    NamespaceResource(Coordinates coordinates, NamespacePath path, boolean optional, StartImports all) {
        super(optional);
        this.all = all;
        this.coordinates = coordinates;
        this.path = path;
        this.optional = optional;
    }

    Coordinates coordinates() {
        return coordinates;
    }

    NamespacePath path() {
        return path;
    }

    boolean optional() {
        return optional;
    }

    StartImports all() {
        return all;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NamespaceResource resource && path.equals(resource.path);
    }

    @Override
    public int hashCode() {
        return Objects.hash(path);
    }

    @Override
    public String toString() {
        return "namespace " + path + " of the config center";
    }
}
