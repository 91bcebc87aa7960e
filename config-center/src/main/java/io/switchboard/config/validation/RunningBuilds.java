package io.switchboard.config.validation;

import io.switchboard.configprotocol.NamespacePath;
import java.util.Set;

/** Which builds an application's clients run. */
public interface RunningBuilds {

    /**
     * Whatever the clients' stage; it takes a read of all of them.
     *
     * @param application any namespace of it
     */
    Set<String> of(NamespacePath application);
}
