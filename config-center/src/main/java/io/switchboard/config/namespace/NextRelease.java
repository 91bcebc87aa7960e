package io.switchboard.config.namespace;

import io.switchboard.config.namespace.DraftChecks.Accepted;
import io.switchboard.config.namespace.Inheritance.Heritage;
import io.switchboard.config.namespace.Releases.Overridden;
import io.switchboard.config.secret.Secrets;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One that is to be made: {@code content} on top of {@code state}.
 *
 * @param draft what the draft becomes in the same step; empty to leave it as it is
 * @param heritage what it inherits
 */
record NextRelease(
        NamespacePath path,
        NamespaceState state,
        Content content,
        OptionalLong restores,
        Optional<Overridden> overridden,
        Optional<Accepted> accepted,
        Optional<Draft> draft,
        Heritage heritage) {

    NextRelease(
            NamespacePath path,
            NamespaceState state,
            Content content,
            OptionalLong restores,
            Optional<Overridden> overridden,
            Heritage heritage) {
        this(path, state, content, restores, overridden, Optional.empty(), Optional.empty(), heritage);
    }

    private String history(String message) {
        String freeze = overridden
                .map(one -> " (freeze overridden: " + one.reason() + ")")
                .orElse("");
        String check =
                accepted.map(one -> " (check overridden: " + one.reason() + ")").orElse("");
        return (message + freeze + check).strip();
    }

    /** With whatever its readers need to open what is encrypted. */
    Release release(Secrets secrets, String author, String message, Instant at) {
        return new Release(
                path,
                state.nextNumber(),
                author,
                history(message),
                at,
                content.items(),
                restores,
                secrets.dataKeys(path, content.items()),
                heritage.inherited());
    }
}
