package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.configprotocol.NamespacePath;

/** A required namespace could be had neither from ZooKeeper nor from the last good file. */
final class ConfigCenterUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient NamespacePath path;
    private final transient Coordinates coordinates;

    ConfigCenterUnavailable(NamespacePath path, Coordinates coordinates, String reason) {
        super(reason);
        this.path = path;
        this.coordinates = coordinates;
    }

    NamespacePath path() {
        return path;
    }

    Coordinates coordinates() {
        return coordinates;
    }
}
