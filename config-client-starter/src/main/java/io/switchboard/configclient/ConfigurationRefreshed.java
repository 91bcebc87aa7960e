package io.switchboard.configclient;

import java.util.Set;

/**
 * Published as an application event after a release took effect, once per release, however many keys it changed.
 *
 * @param namespace the namespace's name
 * @param release the number that is in effect now
 * @param changedKeys keys of the namespace that were added, removed or got another value, as written in the release
 */
public record ConfigurationRefreshed(String namespace, long release, Set<String> changedKeys) {

    public ConfigurationRefreshed {
        changedKeys = Set.copyOf(changedKeys);
    }
}
