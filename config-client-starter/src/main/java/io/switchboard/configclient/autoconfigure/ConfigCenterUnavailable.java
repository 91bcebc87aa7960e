package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.configprotocol.NamespacePath;

/** A required namespace could be had neither from ZooKeeper nor from the last good file, or not in a form to be used. */
final class ConfigCenterUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient NamespacePath path;
    private final transient Coordinates coordinates;
    private final boolean there;

    /** @param there whether there is a release, which can't be used */
    ConfigCenterUnavailable(NamespacePath path, Coordinates coordinates, String reason, boolean there) {
        super(reason);
        this.there = there;
        this.path = path;
        this.coordinates = coordinates;
    }

    NamespacePath path() {
        return path;
    }

    boolean isThere() {
        return there;
    }

    Coordinates coordinates() {
        return coordinates;
    }
}
